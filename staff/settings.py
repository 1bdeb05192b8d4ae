"""staff: what an operator may set about accounts and sign-in."""

from __future__ import annotations

from pydantic import Field

from kit.settings import Settings


class StaffSettings(Settings):
    """Section `staff` of config.yml."""

    session_hours: float = Field(12.0, gt=0, le=720, description="Hours without a request after which a session ends.")
    session_days: float = Field(
        7.0, gt=0, le=90, description="Days after which a session ends even when it is used all the time."
    )
    password_length: int = Field(10, ge=8, le=100, description="Least number of characters of a password.")
    sign_in_attempts: int = Field(
        5, ge=1, le=100, description="Sign-in attempts for one name from one address within `sign_in_window`."
    )
    address_attempts: int = Field(
        50, ge=1, le=10000, description="Sign-in attempts from one address, whatever the name, within `sign_in_window`."
    )
    sign_in_window: int = Field(300, ge=10, le=86400, description="Seconds over which sign-in attempts are counted.")
    token_calls_per_minute: int = Field(
        600, ge=1, le=100_000, description="Calls one API token may make in a minute; more are answered with 429."
    )
