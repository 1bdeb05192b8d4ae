"""bot: the customer's word on the decision about their own complaint: settled, or not."""

from __future__ import annotations

from bot.decisions import Decision, JudgeCase, Line, Say
from bot.policy.followed_up import MAY_CHAT, NEVER
from bot.policy.situation import Policy, Situation, decided, say
from bot.state import CaseRef, ComplaintForm, Field
from cases.contracts import Case, Stage

JUDGE = "case:"
CONFIRM, OBJECT = f"{JUDGE}confirm:", f"{JUDGE}object:"
"""Buttons under a letter of the cases room, with the number behind them."""
OPEN_TO_WORD = frozenset({Stage.TOLD, Stage.FOLLOW_UP})


def decide_judged(situation: Situation, policy: Policy) -> Decision | None:
    """A press on a letter's button. Only the conversation's own files are ever touched."""
    choice = situation.choice
    settled = choice.startswith(CONFIRM)
    if not settled and not choice.startswith(OBJECT):
        return None
    if situation.cases is None:
        return decided(
            situation, "judge.unavailable", say("bot.status.unavailable", options=situation.person_options())
        )
    number = choice.removeprefix(CONFIRM if settled else OBJECT)
    case = next((case for case in situation.cases if case.number == number), None)
    if case is None:
        return None
    if settled:
        return _confirmed(situation, case)
    return _objected(situation, case)


def _confirmed(situation: Situation, case: Case) -> Decision | None:
    if case.stage is Stage.CLOSED:
        return decided(situation, "judge.confirmed_already", say("bot.judge.confirmed", number=case.number))
    if case.stage not in OPEN_TO_WORD:
        return None
    thanks = say("bot.judge.confirmed", number=case.number)
    if situation.may_be_asked_for:
        may_we = Line("bot.follow_up.may_we")
        thanks = Say(lines=(*thanks.lines, may_we), options=(MAY_CHAT, NEVER))
    # The thanks first: closing the file may ask how it went.
    return decided(situation, "judge.confirmed", thanks, JudgeCase(case_id=case.id, settled=True))


def _objected(situation: Situation, case: Case) -> Decision | None:
    if case.stage not in OPEN_TO_WORD | {Stage.CLOSED}:
        return None
    # What is not settled may be said right away; it is added to the file like any answer of the form.
    form = ComplaintForm(asking=Field.WHAT_HAPPENED, given=tuple(set(Field) - {Field.WHAT_HAPPENED}))
    known = CaseRef.of(case)
    again = say("bot.judge.objected", options=situation.person_options(), number=case.number)
    return decided(situation, "judge.objected", JudgeCase(case_id=case.id, settled=False), again, form=form, case=known)
