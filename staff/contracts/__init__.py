"""staff: the values that cross its door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language


class Role(StrEnum):
    """What an account may do; an account may hold several."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A member of staff."""

    id: str
    name: str
    """Sign-in name, lower case."""
    display_name: str
    """What colleagues and customers see."""
    roles: frozenset[Role]
    language: Language
    active: bool
    must_change_password: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who makes a request: a signed-in account with its session's CSRF token."""

    id: str
    name: str
    display_name: str
    roles: frozenset[Role]
    language: Language
    csrf: str
    departments: frozenset[str] = frozenset()
    """Of a program: what its token is limited to; empty: not limited. People's stand on the team page."""

    def may(self, *roles: Role) -> bool:
        """Whether the person holds one of `roles`; an admin may everything."""
        return Role.ADMIN in self.roles or bool(self.roles & set(roles))


class Scope(StrEnum):
    """One thing a token may do, as `area:what`; a token may nothing that none of its scopes names."""

    KNOWLEDGE_READ = "knowledge:read"
    KNOWLEDGE_WRITE = "knowledge:write"
    """Drafts and everything about them, but nothing that changes what customers get."""
    KNOWLEDGE_PUBLISH = "knowledge:publish"
    """Give customers an article, take it back, retire it."""
    CONVERSATIONS_READ = "conversations:read"
    DESK_READ = "desk:read"
    DESK_WRITE = "desk:write"
    """Take waiting conversations, reply, resolve, as a colleague of the token's name."""
    TEAM_READ = "team:read"
    TEAM_WRITE = "team:write"
    """Say what each representative takes, as supervisors do."""
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    CHANNELS = "channels"
    """Carry customers' messages in and replies out (the REST channel)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A program's right to call the desk. Its secret was shown once; only its SHA-256 is stored."""

    id: str
    """Stands in the audit trail where an account's id stands for a person."""
    name: str
    hint: str
    """The secret's last characters, to tell tokens apart."""
    scopes: frozenset[Scope]
    made_by: str
    """Display name."""
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    departments: frozenset[str] = frozenset()
    """Whose conversations it sees, as `handoff.scopes.agent` says of colleagues; empty: everybody's."""

    def is_live(self, now: datetime) -> bool:
        """Whether calls with it are answered."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """Who did what to which thing, before and after."""

    at: datetime
    account_id: str | None
    action: str
    """`room.verb`, such as `knowledge_base.publish`."""
    subject: str
    """`kind:id`, such as `article:01J…`."""
    before: str = ""
    after: str = ""
