"""bot: one transaction's work: each action of a decision through the door it belongs to, each line it says stored.

`perform.py` opens the transaction and stores what the turn was; nothing here may touch anything but the doors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.contracts import Entry, EntryKind, NewEntry
from bot.decisions import (
    Action,
    AddContact,
    AmendCase,
    Answer,
    AnswerFollowUp,
    AnswerSurvey,
    Ask,
    Clarify,
    HandOver,
    JudgeCase,
    KeepFile,
    LeaveQueue,
    Line,
    MakePromise,
    OfferHuman,
    OpenCase,
    Option,
    RecordHelped,
    RecordMiss,
    RecordReason,
    Say,
    Silence,
    TellDesk,
    WishFollowUp,
    WithdrawCase,
)
from bot.desk_files import BY_CUSTOMER
from bot.doors import Doors
from bot.packet import Background, answered_in, request_of
from bot.payloads import file_name_in, labels_in, source_of
from bot.plan import Plan, record_of
from bot.state import CaseRef, ComplaintForm, DialogueState, Expects, Field
from bot.survey_words import after_answer
from cases.contracts import Case, ChatReply, NewCase
from cases.contracts.follow_ups import Outcome
from cases.contracts.surveys import QuestionForm
from handoff.contracts import HandoffReason, Urgency
from kit.contracts import JsonValue, Tx
from knowledge_base.contracts import Helped, Miss

EARLIER_FILES = timedelta(hours=1)
EARLIER_LINES = 20
"""How far back a customer's files belong to a complaint that follows them."""


class Work:
    """Carries out the actions of one plan, in order; numbers and stores what is said, in order."""

    def __init__(self, *, doors: Doors, tx: Tx, plan: Plan, state: DialogueState) -> None:
        self._doors, self._tx, self._plan, self.state = doors, tx, plan, state
        self._lines: list[NewEntry] = []
        self._opened: Case | None = None
        self._touched: Case | None = None
        self._count = 0
        self.replies: list[Entry] = []
        self.owner_changed = self.desk_told = False
        self.followed_up = ""
        self._offered: list[tuple[str, str]] = []

    async def do(self, action: Action) -> None:
        """Carry one action out."""
        match action:
            case Say() | OfferHuman():
                self._say(action.lines, action.options)
            case Answer():
                self._line(action.match.answer, action.options, source_of(action.match))
            case Clarify():
                candidates: list[JsonValue] = [
                    {"title": match.title, "confidence": round(match.confidence, 4)} for match in action.matches
                ]
                self._say((action.line,), action.options, {"candidates": candidates})
            case Ask():
                key = f"bot.form.{'again' if action.again else 'ask'}.{action.field}"
                self._say((Line(key),), action.options, {"field": action.field.value})
            case HandOver() | LeaveQueue() | TellDesk() | MakePromise() | AddContact():
                await self._turn_to_desk(action)
            case (
                OpenCase()
                | AmendCase()
                | WithdrawCase()
                | JudgeCase()
                | AnswerSurvey()
                | AnswerFollowUp()
                | WishFollowUp()
            ):
                await self._turn_to_cases(action)
            case KeepFile():
                await self._keep_file(action)
            case RecordHelped() | RecordReason() | RecordMiss():
                await self._note(action)
            case Silence():
                pass

    async def write(self) -> None:
        """Store the lines collected so far."""
        if self._lines:
            self.replies += await self._doors.store.append(
                self._tx, self._plan.conversation.id, self._lines, at=self._plan.situation.now
            )
            self._lines = []
        if self._offered:
            self.state = replace(self.state, offered=tuple(self._offered))

    def _say(
        self, lines: Sequence[Line], options: Sequence[Option], payload: dict[str, JsonValue] | None = None
    ) -> None:
        text = self._doors.wording.lines(
            lines, self._plan.situation.language, now=self._plan.situation.now, opened=self._opened
        )
        self._line(text, options, payload or {})

    def _line(self, text: str, options: Sequence[Option], payload: dict[str, JsonValue]) -> None:
        situation = self._plan.situation
        choices = self._doors.wording.choices(options, situation.language, now=situation.now)
        self._offered += [(option.id, label) for option, label in zip(options, labels_in(choices), strict=True)]
        more: dict[str, JsonValue] = {"choices": choices} if choices else {}
        self._lines.append(
            NewEntry(
                kind=EntryKind.BOT,
                key=f"turn:{self._plan.entry.seq}:{self._count}",
                text=text,
                language=situation.language,
                payload={"decision": situation.turn_id, **payload, **more},
            )
        )
        self._count += 1

    async def _turn_to_desk(self, action: HandOver | LeaveQueue | TellDesk | MakePromise | AddContact) -> None:
        # What was said before stands before what the desk writes about it.
        await self.write()
        match action:
            case HandOver():
                self.owner_changed = True
                await self._ask_desk(action)
                await self._doors.questions.record_handover(
                    self._tx, self._plan.conversation.id, at=self._plan.situation.now
                )
            case LeaveQueue():
                self.owner_changed = True
                await self._doors.desk.leave(self._tx, self._plan.conversation.id, at=self._plan.situation.now)
            case MakePromise():
                await self._promise(action)
            case AddContact(contact=contact):
                at = self._plan.situation.now
                await self._doors.desk.add_contact(self._tx, self._plan.conversation.id, contact, at=at)
            case TellDesk():
                # Urgency never falls and the reason stays: only the packet is renewed.
                self.desk_told = True
                await self._ask_desk(HandOver(reason=HandoffReason.ASKED, urgency=Urgency.NORMAL))

    async def _promise(self, action: MakePromise) -> None:
        plan = self._plan
        made = await self._doors.desk.promise(self._tx, plan.conversation.id, action.wanted, at=plan.situation.now)
        said = action.otherwise if made is None else action.after
        if made is None:
            self.state = replace(self.state, expects=Expects.NOTHING)
        else:
            self.owner_changed = True
        if said is not None:
            self._say(said.lines, said.options)

    async def _ask_desk(self, action: HandOver) -> None:
        plan = self._plan
        waited = plan.decision.state.unanswered
        request = request_of(plan.conversation, action, plan.situation, self._background(), waited=waited)
        await self._doors.desk.open(self._tx, request, at=plan.situation.now)

    def _background(self) -> Background:
        """What was looked up, with the answer this very turn gives and the file as it leaves it."""
        background = replace(self._plan.background, present=record_of(self._plan, replies=()))
        touched = self._touched
        if touched is None:
            return background
        others = (case for case in background.cases if case.id != touched.id)
        return replace(background, cases=(touched, *others))

    async def _file(self, action: OpenCase | AmendCase | WithdrawCase | JudgeCase) -> None:
        cases, at = self._doors.cases, self._plan.situation.now
        match action:
            case OpenCase():
                self._opened = await cases.open(self._tx, self._new_case(action), at=at)
                self._touch(self._opened)
                await self._keep_earlier_files(self._opened)
            case AmendCase():
                wanted = self._doors.wording.wants(action.wants, self._plan.situation.language)
                amended = await cases.amend(
                    self._tx,
                    action.case_id,
                    by=BY_CUSTOMER,
                    at=at,
                    order_number=action.order_number,
                    wanted=action.wanted or wanted or None,
                    contact=action.contact,
                    added=action.added,
                    category=action.category,
                    severity=action.severity,
                    conversation_id=self._plan.conversation.id,
                )
                self._touch(amended)
            case WithdrawCase():
                await cases.withdraw(self._tx, action.case_id, by=BY_CUSTOMER, at=at)
            case JudgeCase(settled=True):
                await self.write()  # a survey that follows is asked after what was said
                await self._doors.answers.confirm(self._tx, action.case_id, at=at)
            case JudgeCase():
                self._touch(await self._doors.answers.object_to(self._tx, action.case_id, at=at))

    async def _keep_file(self, action: KeepFile) -> None:
        case = await self._kept(self._plan.entry, self._touched)
        said = action.otherwise if case is None else action.kept
        if case is not None:
            self._opened = case
        if said is not None:
            self._say(said.lines, said.options)

    async def _keep_earlier_files(self, case: Case) -> None:
        """Who shows the damage first and complains then has shown it for this case."""
        conversation, entry = self._plan.conversation, self._plan.entry
        after = max(0, entry.seq - EARLIER_LINES)
        for line in await self._doors.store.entries(conversation.id, after=after, limit=EARLIER_LINES):
            fresh = entry.at - line.at <= EARLIER_FILES
            if line.seq < entry.seq and line.kind is EntryKind.CUSTOMER and fresh:
                await self._kept(line, case)

    async def _kept(self, entry: Entry, case: Case | None) -> Case | None:
        name = file_name_in(entry)
        if name is None:
            return None
        case_id = case.id if case is not None else None
        at, home = self._plan.situation.now, self._plan.conversation.id
        return await self._doors.evidence.keep(self._tx, home, entry.seq, name, at=at, case_id=case_id)

    async def _turn_to_cases(
        self, action: OpenCase | AmendCase | WithdrawCase | JudgeCase | AnswerSurvey | AnswerFollowUp | WishFollowUp
    ) -> None:
        match action:
            case AnswerSurvey():
                await self._survey(action)
            case AnswerFollowUp() | WishFollowUp():
                await self._follow_up(action)
            case _:
                await self._file(action)

    async def _follow_up(self, action: AnswerFollowUp | WishFollowUp) -> None:
        plan = self._plan
        if isinstance(action, WishFollowUp):
            await self._doors.follow_ups.set_wish(self._tx, plan.conversation.id, action.wish, at=plan.situation.now)
            return
        reply = await self._doors.follow_ups.answer(
            self._tx,
            plan.conversation.id,
            action.follow_up_id,
            action.question,
            action.answer,
            at=plan.situation.now,
        )
        if reply is None:
            self._say(action.otherwise.lines, action.otherwise.options)
        elif reply.question is not None:
            options = [Option(id_, label) for id_, label in reply.question.choices]
            self._line(reply.question.text, options, {})
        else:
            self.followed_up = action.follow_up_id
            self._followed_up(reply)

    def _followed_up(self, reply: ChatReply) -> None:
        if reply.outcome is Outcome.UNSOLVED and reply.case is not None:
            self._touch(reply.case)
            # What is still open may be said right away; it is added to the file like any answer of the form.
            form = ComplaintForm(asking=Field.WHAT_HAPPENED, given=tuple(set(Field) - {Field.WHAT_HAPPENED}))
            self.state = replace(self.state, form=form)
            line = Line("bot.follow_up.unsolved", {"number": reply.case.number})
            self._say((line,), self._plan.situation.person_options())
            return
        refused = reply.outcome is Outcome.REFUSED
        self._say((Line("bot.follow_up.never" if refused else "bot.follow_up.thanks"),), ())

    def _touch(self, case: Case) -> None:
        """The state refers to the file as it is stored, whatever the policy expected."""
        self._touched = case
        self.state = replace(self.state, case=CaseRef.of(case))

    def _new_case(self, action: OpenCase) -> NewCase:
        conversation, situation = self._plan.conversation, self._plan.situation
        return NewCase(
            key=f"{conversation.id}:{self._plan.entry.seq}",
            conversation_id=conversation.id,
            customer_name=conversation.customer_name,
            language=situation.language,
            category=action.category,
            category_confidence=action.category_confidence,
            severity=action.severity,
            severity_confidence=action.severity_confidence,
            rule=action.rule,
            what_happened=action.what_happened,
            order_number=action.order_number,
            wanted=self._doors.wording.wants(action.wants, situation.language) or None,
            contact=action.contact,
            words=action.words,
            articles=answered_in(self._plan.background.turns),
        )

    async def _note(self, action: RecordHelped | RecordReason | RecordMiss) -> None:
        match action:
            case RecordHelped():
                await self._doors.turns.set_helped(self._tx, action.turn_id, helped=action.helped is Helped.YES)
            case RecordReason():
                await self._doors.questions.record_reason(self._tx, action.turn_id, action.reason)
            case RecordMiss():
                await self._miss(action)

    async def _survey(self, action: AnswerSurvey) -> None:
        plan = self._plan
        at, home = plan.situation.now, plan.conversation.id
        if action.asked:
            reply = await self._doors.surveys.write(self._tx, home, action.asked, action.text, at=at)
        else:
            reply = await self._doors.surveys.press(self._tx, home, action.choice, at=at)
        if reply is None:
            self._say(action.otherwise.lines, action.otherwise.options)
            return
        self._line(*after_answer(reply, self._doors.wording, plan.situation.language, now=at), {})
        if reply.next is not None and reply.next.form is QuestionForm.TEXT:
            self.state = replace(self.state, expects=Expects.SURVEY, survey=f"{reply.survey_id}:{reply.next.name}")

    async def _miss(self, action: RecordMiss) -> None:
        situation = self._plan.situation
        miss = Miss(
            question=action.question,
            language=situation.language,
            why=action.why,
            at=situation.now,
            best_article_id=action.best_article_id,
            customer=self._plan.conversation.id,
            channel=self._plan.conversation.channel,
        )
        await self._doors.questions.record_miss(self._tx, miss)
