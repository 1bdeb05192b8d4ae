"""bot: what a waiting customer may do instead of waiting: leave a message, book a call-back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.contracts import InboundKind, Owner
from bot.decisions import AddContact, Decision, Kind, Line, MakePromise, Named, Option, Say, TellDesk
from bot.policy.situation import (
    CALLBACK,
    LEAVE_OPTION,
    MESSAGE_OPTION,
    WAITING_OPTIONS,
    Policy,
    Situation,
    decided,
    is_short,
    say,
)
from bot.state import Expects
from bot.words import MAIL
from handoff.contracts import FreeSlot, PromiseKind, Wanted

PART, AT = f"{CALLBACK}:part:", f"{CALLBACK}:at:"
MOMENT = "%Y%m%dT%H%MZ"
"""A slot's beginning in UTC, in characters that a button's id may have."""
BUTTONS = 8
"""Most buttons under one question; the widget and Telegram both have room for these."""
LONGEST_CONTACT = 60
"""Characters; a longer text that holds a number says something else as well."""
NUMBER = re.compile(r"(?<![A-Za-z0-9])\d(?:[ ()-]{0,3}\d){6,14}")
"""A telephone number of any country. Hours ("10:30-11:30") and parcels ("SF1234567890") are none."""


def decide_promised(situation: Situation, policy: Policy) -> Decision | None:
    """Words that were asked for: the message left, or the number for a call-back, also before its time is chosen."""
    if situation.kind is not InboundKind.TEXT or situation.in_danger(policy):
        return None
    match situation.state.expects:
        case Expects.MESSAGE if situation.owner is Owner.QUEUE:
            return _left(situation, policy)
        case Expects.SLOT if situation.owner is Owner.QUEUE:
            return _contact_first(situation, policy)
        case Expects.CONTACT if situation.owner is Owner.BOT:
            return _contact(situation, policy)
        case _:
            return None


def ask_message(situation: Situation, policy: Policy) -> Decision | None:
    """The customer wants to leave a message."""
    if situation.owner is not Owner.QUEUE:
        return _not_waiting(situation)
    ask = say("bot.promise.ask_message", options=(LEAVE_OPTION,))
    return decided(situation, "promise.ask_message", ask, expects=Expects.MESSAGE)


def choose_callback(situation: Situation, policy: Policy) -> Decision | None:
    """A call-back: which part of which day, then which slot, then it is booked."""
    if situation.owner is not Owner.QUEUE:
        return _not_waiting(situation)
    choice, slots = situation.choice, situation.slots
    if choice.startswith(AT):
        return _booked(situation, policy, choice.removeprefix(AT))
    if choice.startswith(PART):
        slots = tuple(slot for slot in slots if _part(slot) == choice)
    if not slots:
        return decided(situation, "promise.no_slot", _no_slot())
    options = _hours(slots) if choice.startswith(PART) else _hours_or_parts(slots)
    ask = say("bot.promise.which_slot", options=(*options, LEAVE_OPTION))
    return decided(situation, "promise.slots", ask, expects=Expects.SLOT)


def needs_slots(situation: Situation) -> bool:
    """Whether what the customer sent is answered with times for a call-back."""
    if situation.kind is InboundKind.PRESS:
        return situation.choice.partition(":")[0] == CALLBACK
    waits = situation.owner is Owner.QUEUE and situation.state.expects is Expects.SLOT
    return waits and _number_in(situation) is not None


def gives_contact(situation: Situation, policy: Policy) -> str | None:
    """The way of contact that a text surely is and nothing else: "13800138000", "my number is 138 0013 8000"."""
    contact = _surely(situation)
    if contact is None or situation.text in policy.words.question:
        return None
    return contact if is_short(situation.text.replace(contact, "")) else None


def _contact_first(situation: Situation, policy: Policy) -> Decision | None:
    """The number to call back, given before the time is chosen: it is kept, and the same times are offered again."""
    contact = _number_in(situation)
    if contact is None or situation.complains(policy):
        return None
    noted = Line("bot.promise.contact_noted", {"contact": contact})
    if not situation.slots:
        none = _no_slot(Line("bot.waiting.contact", {"contact": contact}))
        return decided(situation, "promise.contact_only", none, TellDesk(), contact=contact)
    shown = {choice for choice, _ in situation.state.offered}
    again = _hours(tuple(slot for slot in situation.slots if _at(slot).id in shown))
    options = again or _hours_or_parts(situation.slots)
    ask = say(noted, "bot.promise.which_slot", options=(*options, LEAVE_OPTION))
    return decided(situation, "promise.contact_first", ask, TellDesk(), expects=Expects.SLOT, contact=contact)


def _booked(situation: Situation, policy: Policy, text: str) -> Decision | None:
    try:
        begins_at = datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
    contact = situation.state.contact
    wanted = Wanted(kind=PromiseKind.CALLBACK, contact=contact or None, begins_at=begins_at)
    after = say("bot.promise.contact_noted", contact=contact) if contact else say("bot.promise.ask_contact")
    gone = say("bot.promise.slot_gone", options=WAITING_OPTIONS)
    action = MakePromise(wanted=wanted, after=after, otherwise=gone)
    return decided(situation, "promise.callback", action, expects=Expects.CONTACT, form=None)


def _left(situation: Situation, policy: Policy) -> Decision:
    if policy.words.stops(situation.text):
        return decided(situation, "promise.no_message", say("bot.promise.still_waiting", options=WAITING_OPTIONS))
    contact = _contact_in(situation, policy) or situation.state.contact or None
    wanted = Wanted(kind=PromiseKind.MESSAGE, words=situation.text, contact=contact)
    return decided(situation, "promise.message", MakePromise(wanted=wanted, otherwise=_late()), form=None, waiting=None)


def _contact(situation: Situation, policy: Policy) -> Decision | None:
    """Only what is a way of contact is taken; everything else is heard as ever."""
    contact = _contact_in(situation, policy)
    if contact is None:
        return None
    return decided(
        situation, "promise.contact", AddContact(contact=contact), say("bot.promise.contact_noted", contact=contact)
    )


def _contact_in(situation: Situation, policy: Policy) -> str | None:
    """A number, a mail address, or a text that is a name in a chat app."""
    named = situation.text in policy.words.contact
    return _number_in(situation) or (policy.words.contact_in(situation.text) if named and _brief(situation) else None)


def _number_in(situation: Situation) -> str | None:
    """A way of contact, also a number of no known shape; what is an order's number or a day is none."""
    other = situation.entity("order_number") or situation.entity("date")
    bare = not other and _brief(situation) and NUMBER.search(situation.text)
    return _surely(situation) or (situation.text.strip() if bare else None)


def _surely(situation: Situation) -> str | None:
    mail = MAIL.search(situation.text)
    return situation.entity("phone") or (mail[0] if mail else None)


def _brief(situation: Situation) -> bool:
    return len(situation.text.strip()) <= LONGEST_CONTACT


def _not_waiting(situation: Situation) -> Decision:
    return decided(situation, "waiting.not_waiting", say("bot.waiting.not_waiting", options=situation.person_options()))


def _no_slot(*first: Line) -> Say:
    return say(*first, "bot.promise.no_slot", options=(MESSAGE_OPTION, LEAVE_OPTION))


def _hours(slots: tuple[FreeSlot, ...]) -> tuple[Option, ...]:
    return tuple(_at(slot) for slot in slots[: BUTTONS - 1])


def _hours_or_parts(slots: tuple[FreeSlot, ...]) -> tuple[Option, ...]:
    """Every hour where there are few of them, else the parts of days they are in."""
    if len(slots) <= BUTTONS - 1:
        return _hours(slots)
    firsts = {_part(slot): slot for slot in reversed(slots)}
    return tuple(_day_part(slot) for slot in sorted(firsts.values(), key=_begins_at)[: BUTTONS - 1])


def _late() -> Say:
    return say("bot.waiting.not_waiting")


def _part(slot: FreeSlot) -> str:
    return f"{PART}{slot.day.isoformat()}:{slot.part.value}"


def _day_part(slot: FreeSlot) -> Option:
    day = Named(kind=Kind.DAY, value=slot.begins_at.isoformat())
    return Option(_part(slot), Line(f"bot.promise.part.{slot.part.value}", {"day": day}))


def _at(slot: FreeSlot) -> Option:
    when = Named(kind=Kind.OPENING, value=slot.begins_at.isoformat())
    return Option(f"{AT}{slot.begins_at.astimezone(UTC).strftime(MOMENT)}", Line("bot.promise.at", {"when": when}))


def _begins_at(slot: FreeSlot) -> datetime:
    return slot.begins_at
