"""cases: makes complaint reports: by itself when a week or month is over, and when asked; kept as they were made."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from cases.contracts.reports import Period, Report, ShownReport, Span, StoredReport
from cases.refusals import NotYet
from cases.reports.data import checksum, data_of, report_from
from cases.reports.facts import FactStore
from cases.reports.making import report_of, worst_of
from cases.rules import ENDED
from cases.settings import CaseSettings
from cases.surveys.store_ports import SurveyStore
from kit.contracts import Clock, Transactions, Tx

log = structlog.get_logger("cases.reports")


class ReportStore(Protocol):
    """The reports that were made."""

    async def find(self, period: Period) -> StoredReport | None: ...

    async def keep(self, tx: Tx, report: StoredReport) -> None:
        """Keep it; one that is there already stays as it is."""
        ...

    async def kept(self, *, limit: int) -> tuple[StoredReport, ...]:
        """The reports there are, newest first."""
        ...


class Reports:
    """Weekly and monthly complaint reports."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        facts: FactStore,
        store: ReportStore,
        surveys: SurveyStore,
        settings: CaseSettings,
        clock: Clock,
    ) -> None:
        self._transactions, self._facts, self._store = transactions, facts, store
        self._surveys, self._settings, self._clock = surveys, settings, clock
        self._zone = ZoneInfo(settings.time_zone)

    async def run_due(self, now: datetime) -> int:
        """Make the reports of the week and month that ended last, where they are not there yet; how many were made."""
        today, made = now.astimezone(self._zone).date(), 0
        for span in self._settings.reports.spans():
            period = Period.holding(span, today).before()
            if await self._store.find(period) is None:
                await self._made(period, now)
                made += 1
        return made

    async def show(self, period: Period) -> ShownReport:
        """The report of a period; of one that is over always the same bytes. Raises NotYet for the future."""
        now = self._clock()
        begin, end = period.moments(self._zone)
        if begin > now:
            raise NotYet(field="first")
        if end > now:
            return ShownReport(period=period, report=await self._compute(period), made_at=now)
        stored = await self._store.find(period) or await self._made(period, now)
        return ShownReport(period=period, report=report_from(stored.data), made_at=stored.made_at, sha256=stored.sha256)

    async def same_again(self, period: Period) -> bool:
        """Whether a kept report, made again from the histories, comes out the same, byte for byte. Raises NotYet."""
        shown = await self.show(period)
        if not shown.sha256:
            raise NotYet(field="first")
        return checksum(data_of(await self._compute(period))) == shown.sha256

    async def kept(self) -> tuple[StoredReport, ...]:
        """The reports that were made, newest first."""
        return await self._store.kept(limit=self._settings.list_limit)

    def period(self, span: Span, now: datetime | None = None) -> Period:
        """The present week or month."""
        return Period.holding(span, (now or self._clock()).astimezone(self._zone).date())

    async def _made(self, period: Period, now: datetime) -> StoredReport:
        data = data_of(await self._compute(period))
        report = StoredReport(period=period, made_at=now, data=data, sha256=checksum(data))
        await self._transactions.write(lambda tx: self._store.keep(tx, report))
        log.info("report_made", span=period.span.value, first=period.first.isoformat(), sha256=report.sha256)
        # Somebody may have been faster: what is stored is what everybody sees.
        return await self._store.find(period) or report

    async def _compute(self, period: Period) -> Report:
        since, until = period.moments(self._zone)
        before, _ = period.before().moments(self._zone)
        ways = self._settings.workflows
        ends = frozenset(step.name for way in ways for step in way.steps if step.stage in ENDED)
        facts = await self._facts.facts(since, until, before=before, ends=ends)
        tallies = await self._surveys.tallies(since, until, answered_by=until, by_agent=False)
        words = await self._facts.words([filed.id for filed in worst_of(facts)])
        return report_of(period, facts, tallies, words_of=words, settings=self._settings, zone=self._zone)
