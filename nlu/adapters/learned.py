"""nlu: what came of the last learning of the complaint classifier, from the files of its versions."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from nlu.adapters.complaint_folder import complaint_folder
from nlu.contracts import Figure, Learned
from nlu.versions import find_losses, served_by


class LearnedComplaints:
    """Fits `nlu.ports.Learning`."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = complaint_folder(data_dir)

    async def last(self) -> Learned | None:
        return await asyncio.to_thread(self._last)

    def _last(self) -> Learned | None:
        names, history = self._folder.names(), self._folder.history()
        stack = served_by(history)
        if not stack or len(names) < 2:  # noqa: PLR2004 - the first one is the starter's
            return None
        name, used = names[-1], names[-1] == stack[0]
        card = self._folder.card(name)
        assert card is not None  # noqa: S101 - names() lists those that have one
        against = next((each for each in stack if each != name), name)
        before, after = self._folder.last_scores(against), self._folder.last_scores(name)
        figures: tuple[Figure, ...] = ()
        if before is not None and after is not None and before.held_out == after.held_out:
            first = self._folder.last_scores(history[0].model)
            worse = {*find_losses(before, after), *(find_losses(first, after) if first is not None else ())}
            figures = tuple(
                Figure(name=each, before=getattr(before, each), after=getattr(after, each), worse=each in worse)
                for each in (*after.whole, *after.parts)
            )
        return Learned(
            at=datetime.fromisoformat(card.made_at),
            corrections=card.approved,
            left_out=card.left_out,
            used=used,
            figures=figures,
        )
