"""cases: the links by which customers open their own cases: signed, for a time; a number opens nothing. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from itsdangerous import BadSignature, TimestampSigner

from cases.refusals import LinkOver
from kit.contracts import Clock

CUSTOMER_PATH = "/c"
OF = "."
"""Between the conversation and the name of a link for opening a case of it."""


class Links:
    """Makes and reads links. `secret` is DESK_SECRET; another secret makes all old links void."""

    def __init__(self, secret: str, *, days: int, clock: Clock) -> None:
        self._signer = _Signer(secret, salt="desk.case", digest_method=hashlib.sha256)
        self._opener = _Signer(secret, salt="desk.new_case", digest_method=hashlib.sha256)
        self._home = _Signer(secret, salt="desk.own_cases", digest_method=hashlib.sha256)
        self._signer.clock = self._opener.clock = self._home.clock = clock
        self._for = timedelta(days=days)

    def path(self, number: str) -> str:
        """The path of a case's page for its customer."""
        return f"{CUSTOMER_PATH}/{self._signer.sign(number).decode()}"

    def opening_path(self, name: str, *, conversation_id: str = "") -> str:
        """The path of a page on which a customer opens one case; `name` makes each link another one.

        With a conversation the case is one of it: that is where its customer hears of it.
        """
        name = f"{conversation_id}{OF}{name}" if conversation_id else name
        return f"{CUSTOMER_PATH}/new/{self._opener.sign(name).decode()}"

    def home_path(self, conversation_id: str) -> str:
        """The path of the page with all cases of a conversation, for its customer."""
        return f"{CUSTOMER_PATH}/mine/{self._home.sign(conversation_id).decode()}"

    def home(self, token: str) -> str:
        """The conversation whose cases a link leads to. Raises LinkOver."""
        return self._read(self._home, token)

    def number(self, token: str) -> str:
        """The case a link leads to. Raises LinkOver."""
        return self._read(self._signer, token)

    def opening(self, token: str) -> str:
        """The name of a link for opening a case. Raises LinkOver."""
        return self._read(self._opener, token)

    def _read(self, signer: _Signer, token: str) -> str:
        try:
            signed = token.encode("utf-8", "replace")
            return signer.unsign(signed, max_age=int(self._for.total_seconds())).decode()
        except BadSignature as error:  # expired ones included
            raise LinkOver from error


def conversation_of(opening: str) -> str | None:
    """The conversation a link for opening a case belongs to, by its name; None for one that a colleague gave away."""
    return opening.partition(OF)[0] if OF in opening else None


class _Signer(TimestampSigner):
    """Signs with the house's clock."""

    clock: Clock

    def get_timestamp(self) -> int:
        return int(self.clock().timestamp())
