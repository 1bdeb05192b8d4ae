"""cases: a customer is asked answer by answer, and what came of it is carried out: in the chat as by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cases.contracts import Case, ChatReply, Editor, NewCase, Stage
from cases.contracts.follow_ups import (
    ChatQuestion,
    Event,
    FollowUp,
    FollowUpEvent,
    FollowUpState,
    Outcome,
    Wish,
)
from cases.customer import ANSWERABLE, OBJECTIONABLE, CustomerWord
from cases.draft import Draft
from cases.follow_ups.planning import may_be_asked
from cases.keeper import Keeper
from cases.ports import FollowUpStore
from cases.service import Cases
from cases.settings.follow_ups import Question
from kit.contracts import Tx
from nlu.contracts import Severity

PRESS = "follow_up"
"""Family of the buttons: `follow_up:<id>:<question>:<answer>`."""
STOP = "stop"
"""In the place of question and answer: no more of this."""
OPENED_AS = "other"


class Asking:
    """Goes through the script of a follow-up, in the caller's transaction."""

    def __init__(self, *, store: FollowUpStore, keeper: Keeper, cases: Cases, customer: CustomerWord) -> None:
        self._store, self._keeper, self._cases, self._customer = store, keeper, cases, customer
        self._settings = keeper.rules.settings.follow_ups

    def question(self, follow_up: FollowUp, name: str | None = None) -> Question:
        """The open question, or the one called `name`; the first one where there is no such any more."""
        script = self._settings.script_of(follow_up.plan)
        return script.question(follow_up.question if name is None else name) or script.questions[0]

    def chat_question(self, follow_up: FollowUp, stop: str) -> ChatQuestion:
        """The open question as it is written to the customer; `stop` is what the button that ends all this says."""
        question, language = self.question(follow_up), follow_up.language
        answers = tuple(
            (f"{PRESS}:{follow_up.id}:{question.name}:{answer.name}", answer.label(language))
            for answer in question.answers
        )
        key = f"{PRESS}:{follow_up.id}:{question.name}"
        never = (f"{PRESS}:{follow_up.id}:{STOP}", stop)
        return ChatQuestion(key=key, text=question.words(language), choices=(*answers, never))

    async def answer(
        self, tx: Tx, follow_up: FollowUp, question: str, answer: str, *, by: Editor, at: datetime
    ) -> tuple[FollowUp, ChatReply] | None:
        """Note an answer and go on; None when it is not the open question's, or comes too late."""
        present = self.question(follow_up)
        chosen = present.answer(answer)
        if not may_be_asked(follow_up) or present.name != question or chosen is None:
            return None
        said = FollowUpEvent(
            follow_up_id=follow_up.id,
            at=at,
            by=by.id,
            by_name=by.name,
            what=Event.ANSWERED,
            about=question,
            value=answer,
        )
        if chosen.outcome is not None:
            await self._store.save(tx, follow_up, [said])
            return await self.end(tx, follow_up, chosen.outcome, by=by, at=at)
        onward = replace(follow_up, question=chosen.next)
        await self._store.save(tx, onward, [said])
        return onward, ChatReply()

    async def end(
        self, tx: Tx, follow_up: FollowUp, outcome: Outcome, *, by: Editor, at: datetime, comment: str = ""
    ) -> tuple[FollowUp, ChatReply]:
        """It is over: the outcome is noted on its case too, which is closed or taken up again by it."""
        ended = replace(
            follow_up, state=FollowUpState.DONE, outcome=outcome, comment=comment, ended_at=at, taken_at=None
        )
        line = FollowUpEvent(
            follow_up_id=follow_up.id,
            at=at,
            by=by.id,
            by_name=by.name,
            what=Event.ENDED,
            about=outcome.value,
            value=comment,
        )
        await self._store.save(tx, ended, [line])
        case = await self._carry_out(tx, ended, outcome, by=by, at=at)
        return ended, ChatReply(outcome=outcome, case=case)

    async def refuse(
        self, tx: Tx, follow_up: FollowUp, *, by: Editor, at: datetime, comment: str = ""
    ) -> tuple[FollowUp, ChatReply]:
        """The customer wants no follow-up, this time and ever."""
        if follow_up.conversation_id is not None:
            await self._store.set_wish(tx, follow_up.conversation_id, Wish.NEVER, by=by.id, at=at)
        return await self.end(tx, follow_up, Outcome.REFUSED, by=by, at=at, comment=comment)

    async def _carry_out(
        self, tx: Tx, follow_up: FollowUp, outcome: Outcome, *, by: Editor, at: datetime
    ) -> Case | None:
        """The case it touched."""
        case_id = follow_up.case_id
        if case_id is None:
            return await self._open(tx, follow_up, at=at) if outcome is Outcome.UNSOLVED else None
        stage: list[Stage] = []
        by = by.unbounded()  # who asks this customer may tell what came of it

        def work(draft: Draft) -> None:
            stage[:] = [draft.step.stage]
            draft.note("follow_up", outcome.value)

        case = await self._keeper.change(tx, case_id, work, by=by, at=at)
        if outcome is Outcome.REACHED and stage[0] in ANSWERABLE:
            case = await self._customer.confirm(tx, case_id, at=at)
        if outcome is Outcome.UNSOLVED and stage[0] in OBJECTIONABLE:
            case = await self._customer.object_to(tx, case_id, at=at)
        return case

    async def _open(self, tx: Tx, follow_up: FollowUp, *, at: datetime) -> Case:
        question = self.question(follow_up)
        return await self._cases.open(
            tx,
            NewCase(
                key=f"{PRESS}:{follow_up.id}",
                kind=self._settings.opens,
                conversation_id=follow_up.conversation_id,
                customer_name=follow_up.customer_name,
                language=follow_up.language,
                category=OPENED_AS,
                category_confidence=0.0,
                severity=Severity.NORMAL,
                severity_confidence=0.0,
                rule=None,
                what_happened=question.words(follow_up.language),
            ),
            at=at,
        )
