"""bot: everything a turn may touch, gathered in one place."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports import CaseAnswers, CaseFiles, Desk, FollowUps, KeepsFiles, Questions, Search, SurveyAnswers
from bot.ports.stores import ConversationStore, TurnStore
from bot.render import Wording
from kit.contracts import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Everything a decision may touch."""

    transactions: Transactions
    store: ConversationStore
    turns: TurnStore
    search: Search
    questions: Questions
    cases: CaseFiles
    evidence: KeepsFiles
    answers: CaseAnswers
    surveys: SurveyAnswers
    follow_ups: FollowUps
    desk: Desk
    wording: Wording
