"""cases: what is refused, by name. Texts: `refusal.<code>` in cases/texts."""

from __future__ import annotations

from kit.refusals import Conflict, Refusal


class StatusNotAllowed(Conflict):
    """A file cannot go from its status to the wanted one; slots `present` and `wanted` name them."""

    code = "status_not_allowed"


class CaseChanged(Conflict):
    """Somebody changed the file since it was read; `details` maps what changed to what it is now."""

    code = "case_changed"


class UnknownCategory(Refusal):
    """The category is not one of the configured ones."""

    code, status = "unknown_category", 422


class CommentTooLong(Refusal):
    """The slots `limit` and `length` count characters."""

    code, status = "comment_too_long", 422
