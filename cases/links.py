"""cases: the link by which a customer opens their own case: signed, for a time; a number opens nothing. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from itsdangerous import BadSignature, TimestampSigner

from cases.refusals import LinkOver
from kit.contracts import Clock

CUSTOMER_PATH = "/c"


class Links:
    """Makes and reads links. `secret` is DESK_SECRET; another secret makes all old links void."""

    def __init__(self, secret: str, *, days: int, clock: Clock) -> None:
        self._signer = _Signer(secret, salt="desk.case", digest_method=hashlib.sha256)
        self._signer.clock = clock
        self._for = timedelta(days=days)

    def path(self, number: str) -> str:
        """The path of a case's page for its customer."""
        return f"{CUSTOMER_PATH}/{self._signer.sign(number).decode()}"

    def number(self, token: str) -> str:
        """The case a link leads to. Raises LinkOver."""
        try:
            signed = token.encode("utf-8", "replace")
            return self._signer.unsign(signed, max_age=int(self._for.total_seconds())).decode()
        except BadSignature as error:  # expired ones included
            raise LinkOver from error


class _Signer(TimestampSigner):
    """Signs with the house's clock."""

    clock: Clock

    def get_timestamp(self) -> int:
        return int(self.clock().timestamp())
