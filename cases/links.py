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
        self._opener = _Signer(secret, salt="desk.new_case", digest_method=hashlib.sha256)
        self._signer.clock = self._opener.clock = clock
        self._for = timedelta(days=days)

    def path(self, number: str) -> str:
        """The path of a case's page for its customer."""
        return f"{CUSTOMER_PATH}/{self._signer.sign(number).decode()}"

    def opening_path(self, name: str) -> str:
        """The path of a page on which a customer opens one case; `name` makes each link another one."""
        return f"{CUSTOMER_PATH}/new/{self._opener.sign(name).decode()}"

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


class _Signer(TimestampSigner):
    """Signs with the house's clock."""

    clock: Clock

    def get_timestamp(self) -> int:
        return int(self.clock().timestamp())
