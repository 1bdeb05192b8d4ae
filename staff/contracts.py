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

    def may(self, *roles: Role) -> bool:
        """Whether the person holds one of `roles`; an admin may everything."""
        return Role.ADMIN in self.roles or bool(self.roles & set(roles))


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
