"""tests: a cases room that asks its customers nothing."""

from __future__ import annotations

from datetime import datetime

from cases.contracts.surveys import SurveyReply
from kit.contracts import Tx


class NoSurveys:
    """Fits `bot.ports.SurveyAnswers`: every button is an old one."""

    async def press(self, tx: Tx, conversation_id: str, choice: str, *, at: datetime) -> SurveyReply | None:
        return None

    async def write(self, tx: Tx, conversation_id: str, asked: str, text: str, *, at: datetime) -> SurveyReply | None:
        return None
