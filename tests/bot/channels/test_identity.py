"""tests: only what the shop's server signed a moment ago says who a visitor is."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from bot.channels.identity import Identity, IdentityRefused, Signed
from tests.support.clock import START, MovableClock
from tests.support.identities import SHOP_SECRET, signed

SHOP = Signed(secret=SHOP_SECRET, clock=MovableClock())


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says it needs no signature."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def moment(**delta: float) -> float:
    return (START + timedelta(**delta)).timestamp()


def test_who_the_shop_signed_is_believed() -> None:
    assert SHOP.read(signed("10023", START, name="周雨桐")) == Identity(subject="10023", name="周雨桐")
    assert SHOP.read(signed(" 10023 ", START, name=7)) == Identity(subject="10023")


GOOD = {"sub": "10023", "exp": moment(hours=1)}
WRONG: dict[str, str] = {
    "nothing": "",
    "no token": "10023",
    "another secret": signed("10023", START, secret=SHOP_SECRET + "x"),
    "changed": signed("10023", START)[:-2] + "AA",
    "unsigned": unsigned(GOOD),
    "another algorithm": jwt.encode(GOOD, SHOP_SECRET * 2, algorithm="HS512"),
    "over": signed("10023", START, exp=moment(seconds=-61)),
    "for ever": signed("10023", START, exp=moment(days=8)),
    "no end": jwt.encode({"sub": "10023"}, SHOP_SECRET, algorithm="HS256"),
    "an end that is none": signed("10023", START, exp="tomorrow"),
    "nobody": signed("  ", START),
    "too long": signed("1" * 101, START),
    "no subject": jwt.encode({"exp": moment(hours=1)}, SHOP_SECRET, algorithm="HS256"),
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG.keys())
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(IdentityRefused):
        SHOP.read(token)


def test_a_clock_may_be_off_by_a_minute() -> None:
    assert SHOP.read(signed("10023", START, exp=moment(seconds=-59))).subject == "10023"


def test_without_a_secret_nobody_is_believed() -> None:
    with pytest.raises(IdentityRefused):
        Signed(secret="", clock=MovableClock()).read(signed("10023", START))
    with pytest.raises(IdentityRefused):
        Signed(secret="", clock=MovableClock()).read(unsigned(GOOD))
