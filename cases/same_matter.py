"""cases: looks for files that may be about the same matter as one that is open; a person decides (`cases.merging`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from cases.contracts import Case, CaseFile
from cases.contracts.merging import Alike, Report, Same
from cases.likeness import SURE, may_be_one, reads_alike, same_of
from cases.rules import ENDED
from staff.contracts.sight import Sight

COMPARED = 12
"""Files whose words are compared: those with something surely in common first, then those of the same name and product,
then the newest. Reading one anew costs the processor 8 ms, and few are offered."""
UNRELATED = 24
"""Files of other customers, whose words say how alike unrelated ones are."""
OFFERED = 5


class Meaning(Protocol):
    """How near texts are in meaning. `bot` has the encoder."""

    async def nearness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Of each of `others`, the greater the nearer; empty where nobody can tell just now."""
        ...


class MergeStore(Protocol):
    """Files beside each other, in SQL."""

    async def about(self, case: Case, *, days: timedelta, sight: Sight) -> tuple[Report, tuple[Report, ...]]:
        """The file, and the open ones begun within `days` of it that `sight` covers, the newest first."""
        ...

    async def whole(self, numbers: Sequence[str]) -> tuple[Case, ...]:
        """Files by their numbers, in that order."""
        ...

    async def merged_into(self, number: str) -> tuple[Case, ...]:
        """What was merged into a file, oldest first."""
        ...


async def find_alike(
    file: CaseFile, *, store: MergeStore, meaning: Meaning, days: timedelta, sight: Sight
) -> tuple[Alike, ...]:
    """Open files begun within `days` of it that may be about the same matter, at most OFFERED."""
    case = file.case
    if case.stage in ENDED:
        return ()
    own, others = await store.about(case, days=days, sight=sight)
    apart = {line.after for line in file.history if line.what == "different"}
    shared = {each.number: same_of(own, each) for each in others if each.number not in apart}
    near = [number for number, same in shared.items() if set(same) - {Same.PRODUCT}]
    near = sorted(near, key=lambda number: _surety(shared[number]))[:COMPARED]
    if not near:
        return ()
    far = [number for number, same in shared.items() if not same][:UNRELATED]
    files = await store.whole([*near, *far])
    scores = await meaning.nearness(case.what_happened, [each.what_happened for each in files])
    found = []
    for place, each in enumerate(files[: len(near)]):
        same = shared[each.number]
        if scores and reads_alike(scores[place], scores[len(near) :]):
            same = (*same, Same.MEANING)
        if may_be_one(same):
            found.append(Alike(case=each, same=same))
    return tuple(sorted(found, key=lambda one: -len(one.same))[:OFFERED])


def _surety(same: Sequence[Same]) -> int:
    """The less, the surer that two files are one matter, before anything is read."""
    return 0 if SURE & set(same) else 1 if may_be_one(same) else 2
