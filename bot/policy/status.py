"""bot: "where is my complaint?". Shows the conversation's own files and nothing else, not even whether others exist."""

from __future__ import annotations

from bot.decisions import Decision, Kind, Line, Named, Say, Slot
from bot.policy.situation import Policy, Situation, decided, say
from bot.state import Expects
from bot.words import MAIL, case_number_in
from cases.contracts import Case, Stage

SHOWN = 5
MOST_PROOFS = 3
"""Wrong proofs after which only a person looks further."""
ENDED = frozenset({Stage.CLOSED, Stage.WITHDRAWN})


def asks_status(situation: Situation, policy: Policy) -> bool:
    """Whether the customer asks about a complaint file."""
    named = case_number_in(situation.text, prefix=policy.case_prefix) is not None
    return named or bool(_proof_asked_for(situation)) or situation.intends(policy, "complaint_status")


def asked_number(situation: Situation, policy: Policy) -> str | None:
    """The number of the file that is asked about: in this message, or in the one this gives proof for."""
    return case_number_in(situation.text, prefix=policy.case_prefix) or _proof_asked_for(situation) or None


def given_proofs(situation: Situation) -> tuple[str, ...]:
    """What a message gives that could prove whose file it is; nothing once too much has been tried."""
    if situation.state.proofs >= MOST_PROOFS:
        return ()
    mail = MAIL.search(situation.text)
    known = (situation.entity("phone"), situation.entity("order_number"), mail[0] if mail else None)
    return tuple(each for each in known if each)


def _proof_asked_for(situation: Situation) -> str:
    waits = situation.state.expects is Expects.PROOF and given_proofs(situation)
    return situation.state.proof_for if waits else ""


def decide_status(situation: Situation, policy: Policy) -> Decision | None:
    """The customer's own files, or one that was named."""
    if not asks_status(situation, policy):
        return None
    number = asked_number(situation, policy)
    if situation.cases is None:
        return decided(
            situation, "status.unavailable", say("bot.status.unavailable", options=situation.person_options())
        )
    if number is not None:
        return _one(situation, number)
    if not situation.cases:
        if situation.sure() is not None:
            return None
        return decided(situation, "status.none", say("bot.status.none", options=situation.person_options()))
    shown = situation.cases[:SHOWN]
    lines = (Line("bot.status.own", {"count": len(situation.cases)}), *map(_line, shown), *_next(shown[0], situation))
    return decided(situation, "status.own", Say(lines=lines, options=situation.person_options()))


def _one(situation: Situation, number: str) -> Decision:
    named = next((case for case in situation.cases or () if case.number == number), None)
    named = named or situation.proven
    if named is None:
        return _not_theirs(situation, number)
    return decided(
        situation, "status.one", Say(lines=(_line(named), *_next(named, situation)), options=situation.person_options())
    )


def _not_theirs(situation: Situation, number: str) -> Decision:
    """The same words for somebody else's file and for one that does not exist."""
    proofs = situation.state.proofs + bool(given_proofs(situation))
    if proofs >= MOST_PROOFS:
        no_more = say("bot.status.not_proven", options=situation.person_options(), number=number)
        return decided(situation, "status.not_proven", no_more, proofs=proofs)
    none = say("bot.status.not_found", options=situation.person_options(), number=number)
    return decided(situation, "status.not_found", none, expects=Expects.PROOF, proof_for=number, proofs=proofs)


def _line(case: Case) -> Line:
    slots: dict[str, Slot] = {
        "number": case.number,
        "category": Named(kind=Kind.CATEGORY, value=case.category),
        "status": Named(kind=Kind.TEXT, value=f"bot.case_stage.{case.stage}"),
        "date": Named(kind=Kind.DATE, value=case.opened_at.isoformat()),
    }
    return Line("bot.status.line", slots)


def _next(case: Case, situation: Situation) -> tuple[Line, ...]:
    """What happens next, and by when; what we are late with is said."""
    steps = Line(f"bot.case_next.{case.stage}")
    if case.stage in ENDED:
        return (steps,)
    if case.promised_at is None:
        return (steps, Line("bot.status.no_date"))
    until = Named(kind=Kind.MOMENT, value=case.promised_at.isoformat())
    late = case.promised_at <= situation.now
    return (steps, Line("bot.status.overdue" if late else "bot.status.until", {"until": until}))
