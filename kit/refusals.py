"""kit: named refusals. Every room raises these; one handler (kit/web/errors.py) renders them in one envelope."""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """A request that is understood and refused.

    `code` is stable and machine-readable (`snake_case`), `status` the HTTP status, `slots` fill the text whose
    key is `refusal.<code>`; `field` names the input at fault where there is one. Rendered as
    `{"error": {"code", "text", "field", "details"}}` over HTTP and as a `refused` frame over a socket.
    """

    code: str = "refused"
    status: int = 400
    page: str = ""
    """Where a person can mend it; people (not programs) are sent there."""

    def __init__(
        self,
        *,
        field: str | None = None,
        details: Mapping[str, str] | None = None,
        **slots: str | float,
    ) -> None:
        super().__init__(self.code)
        self.field = field
        self.details = dict(details or {})
        self.slots = slots

    @property
    def text_key(self) -> str:
        """The key of the sentence shown to the person."""
        return f"refusal.{self.code}"


class NotSignedIn(Refusal):
    code, status, page = "not_signed_in", 401, "/sign-in"


class NotAllowed(Refusal):
    code, status = "not_allowed", 403


class NotFound(Refusal):
    code, status = "not_found", 404


class Conflict(Refusal):
    code, status = "conflict", 409


class TooMany(Refusal):
    """Too many attempts; the slot `seconds` says when to come back."""

    code, status = "too_many", 429


class Malformed(Refusal):
    """The input is not of the documented form; `details` maps each field to what is allowed."""

    code, status = "malformed", 422


class FileUnknown(Refusal):
    """The file is no picture, PDF or film, whatever its name says."""

    code, status = "attachment_unknown", 422


class FileTooLarge(Refusal):
    """The slot `limit` counts MiB."""

    code, status = "attachment_too_large", 413
