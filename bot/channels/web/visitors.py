"""bot: who a visitor is. A signed, expiring token names the visitor; the name alone opens nothing. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, TimestampSigner

from kit.contracts import Clock, NewId
from kit.refusals import Refusal

NAME = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}\Z")
FRESH = timedelta(days=1)
"""A token older than this is replaced while it is used, so that only visitors who stay away lose it."""


class VisitorUnknown(Refusal):
    """The token is not one of ours, was changed, or has expired; a new visitor can be made at once."""

    code, status = "visitor_unknown", 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who speaks, and a younger token where the one that was shown gets old."""

    id: str
    token: str | None = None


class Visitors:
    """Makes and reads tokens. `secret` is DESK_SECRET; another secret makes all old tokens unknown."""

    def __init__(self, secret: str, *, days: int, clock: Clock, new_id: NewId) -> None:
        self._signer = _Signer(secret, salt="desk.visitor", digest_method=hashlib.sha256)
        self._signer.clock = clock
        self._days, self._new_id = days, new_id

    def new(self) -> str:
        """A token for somebody nobody knows yet."""
        return self._sign(self._new_id())

    def read(self, token: str) -> Visitor:
        """The visitor of `token`. Raises `VisitorUnknown`."""
        try:
            name, signed_at = self._signer.unsign(
                token.encode("utf-8", "replace"), max_age=self._days * 86_400, return_timestamp=True
            )
        except BadSignature as error:  # expired ones included
            raise VisitorUnknown(field="token") from error
        visitor = name.decode()
        if not NAME.match(visitor):
            raise VisitorUnknown(field="token")
        old = self._signer.clock() - signed_at >= FRESH
        return Visitor(id=visitor, token=self._sign(visitor) if old else None)

    def _sign(self, visitor: str) -> str:
        return self._signer.sign(visitor).decode()


class _Signer(TimestampSigner):
    """Signs with the house's clock."""

    clock: Clock

    def get_timestamp(self) -> int:
        return int(self.clock().timestamp())
