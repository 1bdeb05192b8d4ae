"""bot: the customer is angry and does not say about what. Sympathy and the ways on, before any article or file."""

from __future__ import annotations

from bot.contracts import Owner
from bot.decisions import Decision, Line, OfferHuman
from bot.policy.situation import COMPLAIN_OPTION, PERSON_OPTION, Policy, Situation, decided
from bot.state import Expects


def decide_vented(situation: Situation, policy: Policy) -> Decision | None:
    """Anger alone: feel with the customer, ask what happened, offer a complaint and a person unasked."""
    if situation.owner is not Owner.BOT or not situation.vents(policy) or situation.sure() is not None:
        return None
    case = situation.state.case
    open_file = case is not None and not case.withdrawn
    if open_file and situation.complaint is not None:
        # Anger about what is on file already belongs into the file.
        return None
    lines = (Line("bot.upset.again" if open_file or situation.state.misses else "bot.upset.first"),)
    options = (PERSON_OPTION,) if open_file else (PERSON_OPTION, COMPLAIN_OPTION)
    return decided(
        situation, "upset", OfferHuman(lines=lines, options=options), name="offer_human", expects=Expects.PERSON
    )
