"""cases: offers surveys: after what, to whom, never too often. Fits `cases.ports.SurveyOffers`."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from cases.contracts import Case, Editor
from cases.contracts.surveys import Asked, Offered, Survey, Why, buttons_of
from cases.ports import CaseStore, Customers, Marks
from cases.rules import ENDED
from cases.settings import SurveySettings
from cases.surveys.sampling import drawn
from cases.surveys.store_ports import SurveyStore
from kit.contracts import Language, NewId, Tx

log = structlog.get_logger("cases.surveys")


class Offering:
    """Decides whether a customer is asked, and asks in their channel."""

    def __init__(
        self,
        *,
        store: SurveyStore,
        files: CaseStore,
        customers: Customers,
        settings: SurveySettings,
        new_id: NewId,
        marks: Marks | None = None,
        language: Language = Language.ZH,
    ) -> None:
        self._store, self._files, self._customers, self._marks = store, files, customers, marks
        self._settings, self._new_id, self._language = settings, new_id, language

    async def offer(
        self,
        tx: Tx,
        *,
        case_id: str | None,
        conversation_id: str | None,
        why: Why,
        at: datetime,
        about: Editor | None = None,
        key: str | None = None,
    ) -> Offered | None:
        found = await self._files.locked(tx, case_id) if case_id is not None else None
        case = found.case if found is not None else None
        asked = self._settings.for_(why, case.kind if case is not None else None)
        customer = conversation_id or _reached_by(case)
        if asked is None or customer is None or await self._is_marked(conversation_id):
            return None
        if why is Why.CONVERSATION_RESOLVED and await self._goes_on(conversation_id):
            return None
        key = key or f"{why}:{case_id or conversation_id}:{case.reopened if case is not None else at.date()}"
        if not drawn(self._settings.seed, asked.name, key, asked.share) or await self._store.known(tx, key):
            return None
        not_since = at - timedelta(days=self._settings.quiet_days)
        if not await self._store.claim(tx, customer, at=at, not_since=not_since):
            return None
        responsible = about or _responsible(case)
        survey = Survey(
            id=self._new_id(),
            key=key,
            name=asked.name,
            why=why,
            case_id=case_id if case is not None else None,
            conversation_id=conversation_id,
            customer=customer,
            agent_id=responsible.id if responsible else None,
            agent_name=responsible.name if responsible else "",
            language=case.language if case is not None else self._language,
            questions=tuple(question.question() for question in asked.questions),
            offered_at=at,
            expires_at=at + timedelta(days=self._settings.open_days),
        )
        await self._store.add(tx, survey)
        log.info("survey_offered", survey=survey.id, name=asked.name, why=why.value, conversation=conversation_id)
        if conversation_id is None:
            return Offered(survey_id=survey.id, seq=None)
        first = survey.questions[0]
        question = Asked(
            key=f"survey:{survey.id}", words=first.words, buttons=buttons_of(survey.id, first), survey_id=survey.id
        )
        seq = await self._customers.ask_survey(tx, conversation_id, question, at=at)
        return Offered(survey_id=survey.id, seq=seq)

    async def _goes_on(self, conversation_id: str | None) -> bool:
        """Whether a file of the conversation is open that has a survey of its own when it ends: that one asks."""
        found = () if conversation_id is None else await self._files.of_conversation(conversation_id)
        pending = (case for case in found if case.stage not in ENDED)
        return any(self._settings.for_(Why.CASE_CLOSED, case.kind) is not None for case in pending)

    async def _is_marked(self, conversation_id: str | None) -> bool:
        """Whether somebody has said that this customer is not to be asked, as of spam."""
        if conversation_id is None or self._marks is None:
            return False
        marks = {mark.casefold() for mark in await self._marks.of(conversation_id)}
        return bool(marks & {tag.casefold() for tag in self._settings.never_tags})


def _reached_by(case: Case | None) -> str | None:
    """Whom the quiet time is counted for where there is no conversation: the contact, else the file itself."""
    if case is None:
        return None
    return f"contact:{case.contact.casefold()}"[:200] if case.contact else f"case:{case.id}"


def _responsible(case: Case | None) -> Editor | None:
    if case is None or case.assignee_id is None:
        return None
    return Editor(id=case.assignee_id, name=case.assignee_name)
