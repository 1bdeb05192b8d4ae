"""bot: handing over to a person, and what a waiting customer hears and may still do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.contracts import Owner
from bot.decisions import AmendCase, Decision, HandOver, Kind, LeaveQueue, Line, Named, RecordMiss, Silence, TellDesk
from bot.policy.answering import answer_given, answer_with
from bot.policy.promise import gives_contact
from bot.policy.situation import PERSON_OPTION, WAITING_OPTIONS, Policy, Situation, decided, say
from bot.state import ComplaintForm, Expects, WaitingTold
from handoff.contracts import HandoffReason, QueuePlace, Urgency, WaitRange
from nlu.contracts import Severity

SAID = 5
"""How many texts of a waiting customer the packet quotes at most."""
URGENCY = {Severity.NORMAL: Urgency.NORMAL, Severity.SERIOUS: Urgency.SERIOUS, Severity.CRITICAL: Urgency.CRITICAL}


def somebody_on_duty(desk: QueuePlace | None) -> bool:
    """Whether a person can be expected soon; unknown counts as yes, nobody is kept busy with questions in vain."""
    return desk is None or (desk.open_now and desk.agents_on_duty > 0)


def told(desk: QueuePlace | None) -> tuple[Line, ...]:
    """What a customer hears who has just been put into the queue."""
    if desk is None:
        return (Line("bot.waiting.called"),)
    if not desk.open_now:
        if desk.opens_at is None:
            return (Line("bot.waiting.closed"), Line("bot.waiting.kept"))
        opening = Named(kind=Kind.OPENING, value=desk.opens_at.isoformat())
        return (Line("bot.waiting.closed_until", {"opening": opening}), Line("bot.waiting.kept"))
    if desk.agents_on_duty == 0:
        return (Line("bot.waiting.nobody_now"), Line("bot.waiting.kept"))
    limit = (Line("bot.waiting.limit", {"count": desk.limit_minutes}),) if desk.limit_minutes else ()
    return (Line("bot.waiting.called"), *standing(desk), *limit)


def ahead(place: QueuePlace) -> Line:
    """How many stand before the customer."""
    return Line("bot.waiting.next") if place.ahead == 0 else Line("bot.waiting.ahead", {"count": place.ahead})


def standing(place: QueuePlace) -> tuple[Line, ...]:
    """Where the customer stands, and how long it will probably take where recent waits tell."""
    return (ahead(place), *estimated(place.wait))


def estimated(wait: WaitRange | None) -> tuple[Line, ...]:
    """How long it will probably take; nothing where nothing is known."""
    if wait is None or (words := wait.words) is None:
        return ()
    return (Line(f"bot.waiting.wait.{words}", {"low": wait.minutes[0], "high": wait.minutes[1] or 0}),)


def hand_over(
    situation: Situation,
    rule: str,
    reason: HandoffReason,
    *,
    urgency: Urgency | None = None,
    first: tuple[str | Line, ...] = (),
    department: str = "",
) -> Decision:
    """Into the queue, of `department` where an article names one; who already waits hears where they stand."""
    if situation.owner is Owner.QUEUE and urgency is None:
        return still_waiting(situation, rule)
    level = URGENCY[situation.severity()] if urgency is None else urgency
    place = situation.place or situation.desk
    kept = () if somebody_on_duty(place) else _file_kept(situation)
    lines = say(*first, *told(place), *kept, options=WAITING_OPTIONS)
    question = situation.state.question
    miss = (RecordMiss(question=question, why="handed_over"),) if question and situation.state.misses else ()
    return decided(
        situation,
        rule,
        HandOver(reason=reason, urgency=level, department=department),
        lines,
        *miss,
        name="hand_over",
        misses=0,
        form=paused(situation.state.form),
        waiting=None,
    )


def paused(form: ComplaintForm | None) -> ComplaintForm | None:
    """The form once a person has been called: it takes what comes and asks nothing."""
    return None if form is None else replace(form, paused=True, asking=None)


def still_waiting(situation: Situation, rule: str, *, sorry: bool = False) -> Decision:
    """Where a waiting customer stands; `sorry` for one who asks how much longer."""
    place = situation.place or situation.desk
    still = Line("bot.waiting.sorry" if sorry else "bot.waiting.still")
    lines: tuple[Line, ...] = (
        (still, *standing(place)) if place is not None and somebody_on_duty(place) else told(place)
    )
    if sorry and still not in lines:
        lines = (Line("bot.waiting.sorry"), *lines)
    return decided(
        situation,
        rule,
        say(*lines, options=WAITING_OPTIONS),
        waiting=WaitingTold(at=situation.now, ahead=place.ahead if place else 0),
    )


def leave_queue(situation: Situation, rule: str) -> Decision:
    """The customer no longer wants to wait; everything said stays."""
    left = say("bot.waiting.left", *_file_kept(situation), options=(PERSON_OPTION,))
    return decided(situation, rule, LeaveQueue(), left, waiting=None, form=None)


def _file_kept(situation: Situation) -> tuple[Line, ...]:
    """Who waits for long, or no longer, hears that the complaint is dealt with all the same."""
    case = situation.state.case
    return () if case is None or case.withdrawn else (Line("bot.waiting.file_kept", {"number": case.number}),)


def decide_person(situation: Situation, policy: Policy) -> Decision | None:
    """A person on request, at any moment and in any state."""
    if not situation.asks_person(policy):
        return None
    return hand_over(situation, "person.asked", HandoffReason.ASKED, department=situation.offered_department)


def decide_danger(situation: Situation, policy: Policy) -> Decision | None:
    """Danger that is told (not asked about) and did not read as a complaint: keep away, and a person at once."""
    if not situation.in_danger(policy) or situation.text in policy.words.question:
        return None
    return hand_over(
        situation, "person.danger", HandoffReason.SAFETY, urgency=Urgency.CRITICAL, first=("bot.safety.first",)
    )


def decide_waiting(situation: Situation, policy: Policy) -> Decision | None:
    """While the customer waits: sure answers, additions to the file, else the place, not at every message."""
    if situation.owner is not Owner.QUEUE:
        return None
    if policy.words.leaves(situation.text):
        return leave_queue(situation, "waiting.left")
    return (
        _added(situation)
        or _reachable(situation, policy)
        or _answered(situation)
        or _about_waiting(situation, policy)
        or _noted(situation, policy)
    )


def _added(situation: Situation) -> Decision | None:
    order_number, case = situation.entity("order_number"), situation.state.case
    if not order_number or case is None or case.withdrawn:
        return None
    noted = say("bot.waiting.added", number=case.number)
    amend = AmendCase(case_id=case.id, order_number=order_number)
    return decided(situation, "waiting.added", amend, noted, TellDesk())


def _reachable(situation: Situation, policy: Policy) -> Decision | None:
    """A number by itself is no question about numbers: the desk sees it, and a call-back uses it."""
    contact = gives_contact(situation, policy)
    if contact is None:
        return None
    noted = say("bot.waiting.contact", options=WAITING_OPTIONS, contact=contact)
    return decided(situation, "waiting.contact", noted, TellDesk(), contact=contact)


def _answered(situation: Situation) -> Decision | None:
    match = situation.sure()
    if match is None:
        return None
    given = answer_given(situation, match, question=situation.text)
    actions = (*answer_with(situation, match), TellDesk())
    return decided(situation, "waiting.answer", *actions, name="answer", question=situation.text, answer=given)


def _about_waiting(situation: Situation, policy: Policy) -> Decision | None:
    """Words about the waiting itself, and thanks: nothing for the person who will take over."""
    if policy.words.asks_wait_in(situation.text):
        return still_waiting(situation, "waiting.asked", sorry=True)
    if situation.intends(policy, "thanks"):
        return decided(situation, "waiting.thanks", say("bot.small.thanks"))
    return None


def _noted(situation: Situation, policy: Policy) -> Decision:
    """Everything else is for the person who will take over: the packet is brought up to date."""
    said = (*situation.state.unanswered, situation.text)[-SAID:]
    if _told_lately(situation, policy) and situation.text not in policy.words.question:
        quiet = (TellDesk(), Silence())
        return decided(situation, "waiting.told", *quiet, name="silence", expects=Expects.NOTHING, unanswered=said)
    place = situation.place
    lines = told(place) if place is not None and not somebody_on_duty(place) else standing(place) if place else ()
    noted = say("bot.waiting.noted", *lines, options=WAITING_OPTIONS)
    waiting = WaitingTold(at=situation.now, ahead=place.ahead if place else 0)
    return decided(situation, "waiting.noted", noted, TellDesk(), waiting=waiting, unanswered=said)


def _told_lately(situation: Situation, policy: Policy) -> bool:
    waiting = situation.state.waiting
    if waiting is None or (situation.place is not None and situation.place.ahead != waiting.ahead):
        return False
    return situation.now - waiting.at < timedelta(seconds=policy.dialogue.waiting_note_seconds)
