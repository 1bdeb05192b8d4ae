"""cases: the settings of complaint reports."""

from __future__ import annotations

from pydantic import Field

from cases.contracts.reports import Span
from kit.settings import Settings


class ReportSettings(Settings):
    """Complaint reports that are made by themselves."""

    weekly: bool = Field(True, description="Make the weekly report when the week is over.")  # noqa: FBT003
    monthly: bool = Field(True, description="Make the monthly report when the month is over.")  # noqa: FBT003

    def spans(self) -> tuple[Span, ...]:
        """What is made by itself."""
        return tuple(span for span, wanted in ((Span.WEEK, self.weekly), (Span.MONTH, self.monthly)) if wanted)
