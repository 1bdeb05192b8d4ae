"""bot: who the shop says a visitor is: a short-lived token (JWT, HS256) that the shop's own server signs. Pure.

A wrong or old token is refused and the visitor goes on as a stranger; without a secret every token is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import jwt
from jwt.types import Options

from kit.contracts import Clock
from kit.refusals import Refusal

SUBJECT_LIMIT, NAME_LIMIT = 100, 80
LEEWAY = timedelta(seconds=60)
"""How far the shop's clock may be off."""
LONGEST = timedelta(days=7)
"""A token that is good for longer is refused: whoever copied it would stay that customer."""
OPTIONS: Options = {"require": ["sub", "exp"], "verify_exp": False, "verify_iat": False, "verify_nbf": False}
"""The moment is checked by us, against the house's clock."""


class IdentityRefused(Refusal):
    """Not signed by the shop, or too old, or good for too long."""

    code, status = "identity_refused", 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The shop's own name of a customer (a number, a mail address), and what they are called."""

    subject: str
    name: str = ""


class Identifies(Protocol):
    """handoff: which conversations are one customer's (`handoff.identities.Identities` fits)."""

    async def identify(self, conversation_id: str, subject: str) -> None:
        """Note it and join the customer's conversations. Raises a refusal when it is already somebody else's."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Reads signed identities. `secret` is DESK_IDENTITY_SECRET."""

    secret: str = field(repr=False)
    clock: Clock

    def read(self, token: str) -> Identity:
        """The identity in `token`. Raises `IdentityRefused`; compares in constant time, as PyJWT does."""
        if not self.secret:
            raise IdentityRefused(field="identity")
        try:
            claims = jwt.decode(token, self.secret, algorithms=["HS256"], options=OPTIONS)
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise IdentityRefused(field="identity") from error
        subject, ends, name = claims["sub"], claims["exp"], claims.get("name", "")
        now = self.clock().timestamp()
        if isinstance(ends, bool) or not isinstance(ends, (int, float)):
            raise IdentityRefused(field="identity")
        if not now - LEEWAY.total_seconds() < ends <= now + (LONGEST + LEEWAY).total_seconds():
            raise IdentityRefused(field="identity")
        if not isinstance(subject, str) or not 0 < len(subject.strip()) <= SUBJECT_LIMIT:
            raise IdentityRefused(field="identity")
        return Identity(subject=subject.strip(), name=name[:NAME_LIMIT] if isinstance(name, str) else "")
