"""bot: what a pressed button means."""

from __future__ import annotations

from dataclasses import replace

from bot.contracts import InboundKind, Owner
from bot.decisions import AmendCase, Decision, Line, Say
from bot.policy.answering import decide_chosen, decide_helped, decide_none
from bot.policy.complaint import (
    CANCEL,
    CATEGORIES,
    CATEGORY,
    KEEP,
    NOT_A_COMPLAINT,
    SKIP,
    WANTED,
    WANTS,
    WITHDRAW,
    ask_next,
    begin_without_file,
    category_option,
)
from bot.policy.form import correct_category, skip, stop, withdraw
from bot.policy.situation import (
    ARTICLE,
    HELPED_NO,
    HELPED_YES,
    HUMAN,
    LEAVE_QUEUE,
    NEW_CASE,
    NONE_OF_THESE,
    PERSON_OPTION,
    Policy,
    Situation,
    decided,
    say,
)
from bot.policy.waiting import hand_over, leave_queue
from bot.state import Field
from handoff.contracts import HandoffReason


def decide_press(situation: Situation, policy: Policy) -> Decision | None:
    """A button of an earlier reply, however old; one that means nothing any more gets a word all the same."""
    if situation.kind is not InboundKind.PRESS:
        return None
    choice = situation.choice
    if choice == HUMAN:
        return hand_over(situation, "person.pressed", HandoffReason.ASKED)
    if choice == LEAVE_QUEUE:
        if situation.owner is Owner.QUEUE:
            return leave_queue(situation, "waiting.left")
        return decided(situation, "waiting.not_waiting", say("bot.waiting.not_waiting", options=(PERSON_OPTION,)))
    if choice in {HELPED_YES, HELPED_NO} and situation.answer is not None:
        return decide_helped(situation, helped=choice == HELPED_YES, answer=situation.answer)
    if choice == NONE_OF_THESE:
        return decide_none(situation)
    if choice.startswith(ARTICLE):
        return decide_chosen(situation, policy)
    if choice == NEW_CASE:
        return begin_without_file(situation, "complaint.another")
    return _form_press(situation, policy) or _gone(situation)


def _form_press(situation: Situation, policy: Policy) -> Decision | None:
    choice, form = situation.choice, situation.state.form
    asking = form is not None and form.asking is not None and not form.paused
    if choice == CATEGORIES:
        options = tuple(category_option(name) for name in policy.categories)
        return decided(situation, "form.categories", Say(lines=(Line("bot.complaint.which_category"),), options=options))
    if choice.startswith(CATEGORY):
        name = choice.removeprefix(CATEGORY)
        return correct_category(situation, name) if name in policy.categories else None
    if choice == NOT_A_COMPLAINT:
        return withdraw(situation, "form.not_complaint", line="bot.complaint.not_complaint")
    if choice == WITHDRAW:
        return withdraw(situation, "form.withdrawn")
    if choice in {CANCEL, KEEP}:
        return stop(situation) if asking or choice == KEEP else None
    if choice == SKIP and form is not None and asking:
        return skip(situation, form)
    if choice.startswith(WANTED):
        return _wanted(situation, choice.removeprefix(WANTED))
    return None


def _wanted(situation: Situation, want: str) -> Decision | None:
    case, form = situation.state.case, situation.state.form
    if want not in WANTS or case is None or case.withdrawn:
        return None
    amend = AmendCase(case_id=case.id, wants=(want,))
    if form is None or form.asking is None or form.paused:
        return decided(situation, "form.wanted_late", amend, say("bot.waiting.added", number=case.number))
    given = tuple(field for field in Field if field in form.given or field is Field.WANTED)
    return ask_next(situation, "form.given", replace(form, given=given), amend)


def _gone(situation: Situation) -> Decision:
    """The button belongs to something that is over."""
    return decided(situation, "press.gone", say("bot.press.gone", options=(PERSON_OPTION,)), expects=situation.state.expects)
