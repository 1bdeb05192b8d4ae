"""cases: what came of surveys. Who may see whose answers is decided here, whatever page asks."""

from __future__ import annotations

from datetime import datetime

from cases.contracts.surveys import (
    AgentResult,
    Answer,
    Measure,
    QuestionResult,
    Survey,
    SurveyResult,
    SurveyResults,
    SurveyViewer,
)
from cases.surveys.figures import figure, wilson
from cases.surveys.store_ports import SurveyStore, Tally
from kit.contracts import Clock

COMMENTS = 50
"""Newest comments that are shown."""


class Results:
    """Figures for everybody; names and words for supervisors; one's own figure for a colleague."""

    def __init__(self, *, store: SurveyStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def between(self, since: datetime, until: datetime, viewer: SurveyViewer) -> SurveyResults:
        """What was offered from `since` until before `until`, with all answers that have come so far."""
        now, own = self._clock(), None if viewer.watches else viewer.id
        whole = await self._store.tallies(since, until, answered_by=now, by_agent=False)
        parted = await self._store.tallies(since, until, answered_by=now, by_agent=True, agent_id=own)
        comments = (
            await self._store.comments(since, until, limit=COMMENTS, sight=viewer.sight) if viewer.watches else ()
        )
        return SurveyResults(
            surveys=tuple(result_of(tally) for tally in whole), agents=agents_of(parted), comments=comments
        )

    async def of_case(self, case_id: str, viewer: SurveyViewer) -> tuple[tuple[Survey, tuple[Answer, ...]], ...]:
        """The surveys about a file; the answers only for a supervisor, since a file has a name on it."""
        found = await self._store.of_case(case_id)
        return found if viewer.watches else tuple((survey, ()) for survey, _ in found)


def result_of(tally: Tally) -> SurveyResult:
    """The figures of one questionnaire."""
    return SurveyResult(
        name=tally.name,
        offered=tally.offered,
        response=wilson(tally.answered, tally.offered),
        questions=tuple(
            QuestionResult(
                question=question,
                counts=dict(tally.counts.get(name, {})),
                figure=figure(question.measure, tally.counts.get(name, {})),
            )
            for name, question in tally.questions.items()
            if question.options
        ),
    )


def agents_of(tallies: tuple[Tally, ...]) -> tuple[AgentResult, ...]:
    """One line a colleague: all questionnaires together, satisfaction where it was asked."""
    names = {tally.agent_id: tally.agent_name for tally in tallies if tally.agent_id is not None}
    lines = []
    for agent_id, name in sorted(names.items(), key=lambda item: (item[1], item[0] or "")):
        own = [tally for tally in tallies if tally.agent_id == agent_id]
        counts: dict[int, int] = {}
        for tally in own:
            for question_name, question in tally.questions.items():
                if question.measure is Measure.CSAT:
                    for value, count in tally.counts.get(question_name, {}).items():
                        counts[value] = counts.get(value, 0) + count
        lines.append(
            AgentResult(
                agent_id=agent_id or "",
                agent_name=name,
                offered=sum(tally.offered for tally in own),
                csat=figure(Measure.CSAT, counts),
            )
        )
    return tuple(lines)
