"""bot: what a pressed button means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.contracts import InboundKind, Owner
from bot.decisions import AmendCase, Decision, Line, Say
from bot.policy.answering import decide_chosen, decide_helped, decide_none, decide_reason
from bot.policy.complaint import (
    CANCEL,
    CATEGORIES,
    CATEGORY,
    NOT_A_COMPLAINT,
    SKIP,
    WANTED,
    WANTS,
    WITHDRAW,
    ask_next,
    begin_without_file,
    category_option,
)
from bot.policy.followed_up import FAMILY as FOLLOW_UP
from bot.policy.followed_up import decide_followed_up
from bot.policy.form import correct_category, skip, stop, withdraw
from bot.policy.judging import decide_judged
from bot.policy.promise import ask_message, choose_callback
from bot.policy.situation import (
    HELPED_NO,
    HELPED_YES,
    HUMAN,
    LEAVE_QUEUE,
    MESSAGE,
    NEW_CASE,
    NONE_OF_THESE,
    REASON,
    Policy,
    Situation,
    decided,
    department_in,
    say,
)
from bot.policy.survey import decide_survey_press
from bot.policy.suspected import FAMILY as SUSPECTED
from bot.policy.suspected import IS_COMPLAINT
from bot.policy.waiting import hand_over, leave_queue
from bot.state import ComplaintForm, Field
from cases.contracts.surveys import SURVEY_PRESS
from handoff.contracts import HandoffReason
from knowledge_base.contracts import NoHelp


def gives_word(choice: str) -> bool:
    """Whether a button is the customer's own word on their case or a follow-up."""
    return choice.partition(":")[0] in {"case", FOLLOW_UP} and choice != NEW_CASE


def decide_press(situation: Situation, policy: Policy) -> Decision | None:
    """A button of an earlier reply, however old; one that means nothing any more gets a word all the same."""
    if situation.kind is not InboundKind.PRESS:
        return None
    family = situation.choice.partition(":")[0]
    rule = PRESSES.get(situation.choice) or FAMILIES.get(family)
    return (rule(situation, policy) if rule else None) or _gone(situation)


def _human(situation: Situation, policy: Policy) -> Decision | None:
    """`human`, or `human:<department>` below an article that says which."""
    department = department_in(situation.choice)
    return hand_over(situation, "person.pressed", HandoffReason.ASKED, department=department)


def _leave(situation: Situation, policy: Policy) -> Decision | None:
    if situation.owner is Owner.QUEUE:
        return leave_queue(situation, "waiting.left")
    return decided(situation, "waiting.not_waiting", say("bot.waiting.not_waiting", options=situation.person_options()))


def _helped(situation: Situation, policy: Policy) -> Decision | None:
    if situation.answer is None:
        return None
    return decide_helped(situation, helped=situation.choice == HELPED_YES, answer=situation.answer)


def _reason(situation: Situation, policy: Policy) -> Decision | None:
    """`reason:<name>`: of the last answer, whatever a client claims."""
    name = situation.choice.removeprefix(REASON)
    if situation.state.answer is None or name not in set(NoHelp):
        return None
    return decide_reason(situation, reason=NoHelp(name), answer=situation.state.answer)


def _none(situation: Situation, policy: Policy) -> Decision | None:
    return decide_none(situation)


def _another(situation: Situation, policy: Policy) -> Decision | None:
    return begin_without_file(situation, "complaint.another")


def _late_word(situation: Situation, policy: Policy) -> Decision | None:
    """Whether it was a complaint, said when something else has been talked about since; in time it is no press."""
    return begin_without_file(situation, "suspected.late") if situation.choice == IS_COMPLAINT else None


def _categories(situation: Situation, policy: Policy) -> Decision | None:
    options = tuple(category_option(name) for name in policy.categories)
    return decided(situation, "form.categories", Say(lines=(Line("bot.complaint.which_category"),), options=options))


def _not_a_complaint(situation: Situation, policy: Policy) -> Decision | None:
    return withdraw(situation, "form.not_complaint", line="bot.complaint.not_complaint")


def _withdraw(situation: Situation, policy: Policy) -> Decision | None:
    return withdraw(situation, "form.withdrawn")


def _cancel(situation: Situation, policy: Policy) -> Decision | None:
    return stop(situation) if _asking(situation) else None


def _skip(situation: Situation, policy: Policy) -> Decision | None:
    form = _asking(situation)
    return skip(situation, form) if form else None


def _form_value(situation: Situation, policy: Policy) -> Decision | None:
    """`form:category:<name>` and `form:wanted:<name>`."""
    name = situation.choice.removeprefix(CATEGORY)
    if name in policy.categories and name != situation.choice:
        return correct_category(situation, name)
    want, case, form = situation.choice.removeprefix(WANTED), situation.state.case, _asking(situation)
    if want not in WANTS or case is None or case.withdrawn:
        return None
    amend = AmendCase(case_id=case.id, wants=(want,))
    if form is None:
        return decided(situation, "form.wanted_late", amend, say("bot.waiting.added", number=case.number))
    given = tuple(field for field in Field if field in form.given or field is Field.WANTED)
    return ask_next(situation, "form.given", replace(form, given=given), amend)


def _asking(situation: Situation) -> ComplaintForm | None:
    form = situation.state.form
    return form if form is not None and form.asking is not None and not form.paused else None


def _gone(situation: Situation) -> Decision:
    """The button belongs to something that is over."""
    gone = say("bot.press.gone", options=situation.person_options())
    return decided(situation, "press.gone", gone, expects=situation.state.expects)


Press = Callable[[Situation, Policy], Decision | None]

PRESSES: dict[str, Press] = {
    HUMAN: _human,
    LEAVE_QUEUE: _leave,
    MESSAGE: ask_message,
    HELPED_YES: _helped,
    HELPED_NO: _helped,
    NONE_OF_THESE: _none,
    NEW_CASE: _another,
    CATEGORIES: _categories,
    NOT_A_COMPLAINT: _not_a_complaint,
    WITHDRAW: _withdraw,
    CANCEL: _cancel,
    SKIP: _skip,
}
"""Buttons with one meaning."""
FAMILIES: dict[str, Press] = {
    "article": decide_chosen,
    "callback": choose_callback,
    "case": decide_judged,
    FOLLOW_UP: decide_followed_up,
    "form": _form_value,
    HUMAN: _human,
    "reason": _reason,
    SUSPECTED: _late_word,
    SURVEY_PRESS: decide_survey_press,
}
"""Buttons that name something after a colon, by what stands before it."""
