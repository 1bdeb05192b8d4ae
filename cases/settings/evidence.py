"""cases: the settings of evidence and of the page a customer opens by a signed link."""

from __future__ import annotations

from pydantic import Field

from kit.settings import Settings


class EvidenceSettings(Settings):
    """Pictures, papers and films that belong to a case."""

    size_limit_mib: int = Field(10, ge=1, le=50, description="Largest file that is taken, MiB.")
    most: int = Field(20, ge=1, le=200, description="Files one case may have.")
    customer_adds_a_day: int = Field(
        30, ge=1, le=500, description="How often a customer may add something to a case within a day."
    )
    link_days: int = Field(30, ge=1, le=365, description="Days the link to a customer's own case works.")
