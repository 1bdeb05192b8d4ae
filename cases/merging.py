"""cases: two reports of one matter become one file: offered, decided by a person, taken back as long as it can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cases.contracts import Case, CaseFile, Editor
from cases.contracts.clocks import ClockKind
from cases.contracts.merging import Alike
from cases.draft import Draft
from cases.keeper import Keeper
from cases.refusals import MergeEnded, MergeHasOthers, MergeItself, MergeOwes, NotMerged
from cases.rules import ENDED
from cases.same_matter import Meaning, MergeStore, find_alike
from cases.service import Cases
from kit.contracts import Clock, Transactions, Tx
from staff.contracts.sight import Sight


class Merging:
    """Which files may be one, and making them one."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: MergeStore,
        cases: Cases,
        keeper: Keeper,
        meaning: Meaning,
        clock: Clock,
    ) -> None:
        self._transactions, self._store, self._cases, self._keeper = transactions, store, cases, keeper
        self._meaning, self._clock = meaning, clock
        self._days = timedelta(days=keeper.rules.settings.same_matter_days)

    async def alike(self, file: CaseFile, *, sight: Sight) -> tuple[Alike, ...]:
        """Open files that may be about the same matter, for a person to decide."""
        return await find_alike(file, store=self._store, meaning=self._meaning, days=self._days, sight=sight)

    async def merged_into(self, number: str) -> tuple[Case, ...]:
        """What was merged into a file."""
        return await self._store.merged_into(number)

    async def merge(self, number: str, other: str, *, by: Editor, version: int) -> str:
        """Make two files one; the older is kept, for its customer was promised an earlier time. Returns its number.

        Raises NotFound, CaseChanged, MergeItself, MergeEnded, MergeOwes, MergeHasOthers.
        """
        seen, beside = [await self._cases.load(each, sight=by.sight) for each in (number, other)]
        if seen.case.id == beside.case.id:
            raise MergeItself(field="other")
        kept, gone = sorted((seen, beside), key=lambda file: (file.case.opened_at, file.case.number))
        if await self._store.merged_into(gone.case.number):
            raise MergeHasOthers(field="other", number=gone.case.number)
        at, versions = self._clock(), {seen.case.id: version}

        def keep(draft: Draft) -> None:
            _check_open(draft)
            draft.note("merged", gone.case.number)

        def give(draft: Draft) -> None:
            _check_open(draft)
            owed = [clock for clock in draft.running() if clock.kind is ClockKind.CALL_BACK]
            if owed or draft.open_tasks():
                raise MergeOwes(field="other", number=draft.case.number)
            draft.merge_into(kept.case.number)

        async def write(tx: Tx) -> None:
            for file, work in ((kept, keep), (gone, give)):  # the older first, whoever asks: no two wait for each other
                version = versions.get(file.case.id)
                await self._keeper.change(tx, file.case.id, work, by=by, at=at, version=version, audited=True)

        await self._transactions.write(write)
        return kept.case.number

    async def part(self, number: str, *, by: Editor) -> None:
        """Take a file out again: it goes on where it stood, with its own promises.

        Raises NotFound, NotMerged, MergeEnded (what it was merged into has ended, and with it what its customer told).
        """
        gone = await self._cases.load(number, sight=by.sight)
        into = gone.case.merged_into
        if into is None:
            raise NotMerged(field="")
        kept = await self._cases.load(into, sight=by.sight)
        at = self._clock()
        merged_at = max(line.at for line in gone.history if line.what == "merged_into")
        before = next(line for line in reversed(gone.history) if line.what == "step").before  # the step that ended it

        def keep(draft: Draft) -> None:
            _check_open(draft)
            draft.note("parted", number)

        def back(draft: Draft) -> None:
            if draft.case.merged_into is None:
                raise NotMerged(field="")
            draft.come_out(before, merged_at)

        async def write(tx: Tx) -> None:
            for file, work in ((kept, keep), (gone, back)):
                await self._keeper.change(tx, file.case.id, work, by=by, at=at, audited=True, merged=True)

        await self._transactions.write(write)

    async def keep_apart(self, number: str, other: str, *, by: Editor) -> None:
        """They are two matters, and are not offered again. Raises NotFound."""
        files = [await self._cases.load(each, sight=by.sight) for each in (number, other)]
        at = self._clock()

        async def write(tx: Tx) -> None:
            for one, another in sorted((files, files[::-1]), key=lambda two: two[0].case.id):
                await self._keeper.change(tx, one.case.id, _apart(another), by=by, at=at, audited=True)

        await self._transactions.write(write)


def _apart(other: CaseFile) -> Callable[[Draft], None]:
    return lambda draft: draft.note("different", other.case.number)


def _check_open(draft: Draft) -> None:
    if draft.case.stage in ENDED:
        raise MergeEnded(field="other", number=draft.case.number)
