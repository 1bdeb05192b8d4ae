"""staff: the gate of the interface for programs: a token in the header `Authorization`, or a signed-in session."""

from __future__ import annotations

from dataclasses import replace

from kit.refusals import NotAllowed
from staff.contracts import Person, Role, Scope
from staff.ports import Gate, WebRequest
from staff.refusals import TokenInvalid
from staff.tokens import Tokens
from staff.web.gate import SAFE_METHODS

BEARER = "bearer "
CALL_LIMIT = 200
"""Characters of an address that the audit trail keeps."""


class ApiGate:
    """Fits `staff.ports.Gate`. Tokens need a scope: `reads` to look, `writes` to change something.

    Without a token the request is a person's and `sessions` decides, CSRF token included; None lets no person in.
    `stands_for` is the role of people whose work the scopes allow; a program has it behind this gate and at no other.
    """

    def __init__(
        self, sessions: Gate | None, tokens: Tokens, *, reads: Scope, writes: Scope, stands_for: Role | None = None
    ) -> None:
        self._sessions, self._tokens = sessions, tokens
        self._reads, self._writes, self._stands_for = reads, writes, stands_for

    async def person(self, request: WebRequest) -> Person:
        """Who makes this request. Raises what sessions raise, and `TokenInvalid`, `ScopeMissing`, `TooMany`."""
        header = request.headers.get("authorization", "")
        if not header.lower().startswith(BEARER):
            if self._sessions is None:
                raise TokenInvalid
            return await self._sessions.person(request)
        method, path = _call_of(request)
        changes = method not in SAFE_METHODS
        person = await self._tokens.admit(
            header[len(BEARER) :].strip(),
            self._writes if changes else self._reads,
            call=f"{method} {path}"[:CALL_LIMIT] if changes else None,
        )
        if self._stands_for is not None:
            person = replace(person, roles=person.roles | {self._stands_for})
        request.state.person = person
        return person

    async def require(self, request: WebRequest, *roles: Role) -> Person:
        """The same, and raises `NotAllowed` unless the person holds one of `roles`."""
        person = await self.person(request)
        if not person.may(*roles):
            raise NotAllowed
        return person

    async def check_csrf(self, request: WebRequest) -> None:
        """A token proves by itself that no other site's page made the request."""
        if self._sessions is not None and not request.headers.get("authorization", "").lower().startswith(BEARER):
            await self._sessions.check_csrf(request)


def _call_of(request: WebRequest) -> tuple[str, str]:
    """Method and address; what stands after the address may be a customer's words and is left out."""
    scope = getattr(request, "scope", {})
    return scope.get("method", "GET"), scope.get("path", "")
