"""staff: the refusals of this room; their sentences stand in staff/texts under `refusal.<code>`."""

from __future__ import annotations

from kit.refusals import Conflict, NotAllowed, Refusal


class WrongCredentials(Refusal):
    """Name or password is wrong, or the account is closed; which of them is nobody's business."""

    code, status = "wrong_credentials", 401


class BadName(Refusal):
    """A sign-in name that cannot be one."""

    code, status = "bad_name", 422


class BadDisplayName(Refusal):
    """A display name that is empty or too long (slot `limit`)."""

    code, status = "bad_display_name", 422


class NameTaken(Conflict):
    code = "name_taken"


class WeakPassword(Refusal):
    """A password that is too easy to guess; slot `length` is the least length."""

    code, status = "weak_password", 422


class SamePassword(Refusal):
    """The new password is the old one."""

    code, status = "same_password", 422


class WrongPassword(Refusal):
    """The present password, asked for before changing it, is not right."""

    code, status = "wrong_password", 422


class PasswordMustChange(NotAllowed):
    """A first or reset password opens nothing but the page to change it."""

    code, page = "password_must_change", "/account/password"


class PageExpired(NotAllowed):
    """The request does not carry the session's CSRF token."""

    code = "csrf"


class LastAdmin(Conflict):
    """Somebody must stay who can manage the accounts."""

    code = "last_admin"


class OwnAccount(Conflict):
    """Nobody closes the account they are signed in with."""

    code = "own_account"


class BadTokenName(Refusal):
    """A token's name that is empty or too long (slot `limit`)."""

    code, status = "bad_token_name", 422


class NoScopes(Refusal):
    """A token that may do nothing."""

    code, status = "no_scopes", 422


class TokenInvalid(Refusal):
    """The token is unknown, revoked or past its time; which of them is nobody's business."""

    code, status = "token_invalid", 401


class ScopeMissing(NotAllowed):
    """The token is good but may not do this; slot `scope` says what it would need."""

    code = "scope_missing"
