"""bot: what is only suspected to be a complaint. One question first, and the customer's word decides.

A form for somebody who only asked, and an answer for somebody who suffered a wrong, are both worse than one question.
Nothing that is critical, dangerous, angry or said in so many words is asked about: that is filed at once.
"""

from __future__ import annotations

from dataclasses import replace

from bot.contracts import Owner
from bot.decisions import Decision, Line, Option, Say
from bot.policy.answering import SAID
from bot.policy.complaint import only_broken, rather_asks, same_matter
from bot.policy.situation import PERSON_OPTION, Policy, Situation, decided
from bot.state import DialogueState, Expects
from bot.words import Words

FAMILY = "suspected"
IS_COMPLAINT, IS_QUESTION = f"{FAMILY}:complaint", f"{FAMILY}:question"
OPTIONS = (
    Option(IS_COMPLAINT, Line("bot.choice.something_wrong")),
    Option(IS_QUESTION, Line("bot.choice.only_asking")),
    PERSON_OPTION,
)


def decide_suspected(situation: Situation, policy: Policy) -> Decision | None:
    """Ask whether something is wrong, once, where nothing but a doubtful reading says so."""
    if not _only_suspected(situation, policy) or rather_asks(situation, policy) or only_broken(situation, policy):
        return None
    case = situation.state.case
    if case is not None and same_matter(situation, policy, case):
        return None
    ask = Say(lines=(Line("bot.suspected"),), options=OPTIONS)
    said = (*situation.state.unanswered, situation.text)[-SAID:]
    return decided(
        situation,
        "suspected.asked",
        ask,
        name="clarify",
        expects=Expects.SUSPECTED,
        question=situation.text,
        unanswered=said,
    )


def _only_suspected(situation: Situation, policy: Policy) -> bool:
    read = situation.complaint
    if read is None or not read.suspected or situation.said_complaint is not None or situation.owner is not Owner.BOT:
        return False
    if situation.state.expects is Expects.SUSPECTED and situation.text not in policy.words.question:
        # Asked already, and what came instead of a reply sounds like one again; another question is asked about anew.
        return False
    if situation.state.misses and policy.words.tells_trouble(situation.state.question):
        return False  # that something broke was said before, and the bot asked what
    certain = policy.words.complains(situation.text) or situation.intends(policy, "complaint")
    return not certain and not situation.in_danger(policy) and situation.text not in policy.words.angry


def said_which(state: DialogueState, words: Words, *, text: str, choice: str) -> bool | None:
    """Whether the last message was a complaint, where the bot asked and this press or text says so; else None."""
    if state.expects is not Expects.SUSPECTED or not state.question:
        return None
    if choice:
        return {IS_COMPLAINT: True, IS_QUESTION: False}.get(choice)
    return words.tells_which(text)


def settled(state: DialogueState) -> DialogueState:
    """The state in which the message that was asked about is dealt with again."""
    return replace(state, unanswered=state.unanswered[:-1], expects=Expects.NOTHING)
