"""cases: what surveys are kept in, as a Protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.contracts.surveys import Answer, Comment, Question, Survey
from kit.contracts import Tx
from staff.contracts.sight import EVERYTHING, Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted of one questionnaire in a time, for everybody or for one colleague."""

    name: str
    agent_id: str | None
    agent_name: str
    offered: int
    answered: int
    questions: Mapping[str, Question]
    """The newest form of each question that was asked."""
    counts: Mapping[str, Mapping[int, int]]
    """Answers by question and value."""


class SurveyStore(Protocol):
    """Surveys and their answers in SQL. Answers are only ever added."""

    async def claim(self, tx: Tx, customer: str, *, at: datetime, not_since: datetime) -> bool:
        """Take the right to ask this customer now; False when they were asked after `not_since`. One of many wins."""
        ...

    async def known(self, tx: Tx, key: str) -> bool:
        """Whether a survey was offered under this key."""
        ...

    async def known_of(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` under which a survey was offered."""
        ...

    async def add(self, tx: Tx, survey: Survey) -> None: ...

    async def locked(self, tx: Tx, survey_id: str) -> Survey | None:
        """The survey, locked until the transaction ends."""
        ...

    async def answers(self, tx: Tx, survey_id: str) -> tuple[Answer, ...]:
        """Every line of a survey, oldest first."""
        ...

    async def answer(self, tx: Tx, answer: Answer) -> None:
        """Add a line; the first one also says when the survey was answered."""
        ...

    async def followed_up(self, tx: Tx, survey_id: str, number: str) -> None:
        """A low score opened this file."""
        ...

    async def find(self, survey_id: str) -> tuple[Survey, tuple[Answer, ...]] | None: ...

    async def of_case(self, case_id: str) -> tuple[tuple[Survey, tuple[Answer, ...]], ...]:
        """The surveys about a file, newest first."""
        ...

    async def tallies(
        self, since: datetime, until: datetime, *, answered_by: datetime, by_agent: bool, agent_id: str | None = None
    ) -> tuple[Tally, ...]:
        """What was offered in a time, with the answers that had come by `answered_by`.

        `by_agent` parts them by colleague; `agent_id` keeps to one of them.
        """
        ...

    async def comments(
        self, since: datetime, until: datetime, *, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[Comment, ...]:
        """What customers wrote about files that `sight` covers, newest first; of conversations for who sees all."""
        ...
