"""bot: what a waiting customer may do instead of waiting: leave a message, book a call-back."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.contracts import InboundKind, Owner
from bot.decisions import AddContact, Decision, Kind, Line, MakePromise, Named, Option, Say
from bot.policy.situation import (
    CALLBACK,
    LEAVE_OPTION,
    MESSAGE_OPTION,
    WAITING_OPTIONS,
    Policy,
    Situation,
    decided,
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


def decide_promised(situation: Situation, policy: Policy) -> Decision | None:
    """Words that were asked for: the message left, or the number for a call-back."""
    if situation.kind is not InboundKind.TEXT or situation.in_danger(policy):
        return None
    match situation.state.expects:
        case Expects.MESSAGE if situation.owner is Owner.QUEUE:
            return _left(situation, policy)
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
        none = say("bot.promise.no_slot", options=(MESSAGE_OPTION, LEAVE_OPTION))
        return decided(situation, "promise.no_slot", none)
    if choice.startswith(PART) or len(slots) <= BUTTONS - 1:
        options = tuple(_at(slot) for slot in slots[: BUTTONS - 1])
    else:
        firsts = {_part(slot): slot for slot in reversed(slots)}
        options = tuple(_day_part(slot) for slot in sorted(firsts.values(), key=_begins_at)[: BUTTONS - 1])
    return decided(situation, "promise.slots", say("bot.promise.which_slot", options=(*options, LEAVE_OPTION)))


def _booked(situation: Situation, policy: Policy, text: str) -> Decision | None:
    try:
        begins_at = datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
    wanted = Wanted(kind=PromiseKind.CALLBACK, begins_at=begins_at)
    gone = say("bot.promise.slot_gone", options=WAITING_OPTIONS)
    action = MakePromise(wanted=wanted, after=say("bot.promise.ask_contact"), otherwise=gone)
    return decided(situation, "promise.callback", action, expects=Expects.CONTACT, form=None)


def _left(situation: Situation, policy: Policy) -> Decision:
    if policy.words.stops(situation.text):
        return decided(situation, "promise.no_message", say("bot.promise.still_waiting", options=WAITING_OPTIONS))
    wanted = Wanted(kind=PromiseKind.MESSAGE, words=situation.text, contact=_contact_in(situation, policy))
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
    mail = MAIL.search(situation.text)
    return situation.entity("phone") or (mail[0] if mail else None) or _bare(situation, policy)


def _bare(situation: Situation, policy: Policy) -> str | None:
    """A text that is a way of contact and nothing else."""
    found = policy.words.contact_in(situation.text)
    return found if found is not None and len(found) <= LONGEST_CONTACT else None


def _not_waiting(situation: Situation) -> Decision:
    return decided(situation, "waiting.not_waiting", say("bot.waiting.not_waiting", options=situation.person_options()))


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
