"""bot: follow-ups in the chat: a pressed answer, yes you may ask me here, no more of this."""

from __future__ import annotations

from bot.contracts import InboundKind
from bot.decisions import AnswerFollowUp, Decision, Line, Option, WishFollowUp
from bot.policy.situation import Policy, Situation, decided, say
from cases.contracts.follow_ups import Wish

FAMILY = "follow_up"
"""Buttons `follow_up:<id>:<question>:<answer>`, `follow_up:<id>:stop` and `follow_up:wish:<wish>`."""
WISH = "wish"
MAY_CHAT = Option(f"{FAMILY}:{WISH}:{Wish.CHAT}", Line("bot.choice.follow_up_chat"))
NEVER = Option(f"{FAMILY}:{WISH}:{Wish.NEVER}", Line("bot.choice.follow_up_never"))
SAID = {Wish.CHAT: "bot.follow_up.may", Wish.NEVER: "bot.follow_up.never"}


def decide_followed_up(situation: Situation, policy: Policy) -> Decision | None:
    """A press on a follow-up's button."""
    _, name, *rest = [*situation.choice.split(":"), ""]
    if name == WISH:
        wish = next((wish for wish in SAID if wish == rest[0]), None)
        return None if wish is None else _wished(situation, wish, "follow_up.wish")
    gone = say("bot.press.gone", options=situation.person_options())
    question, answer = [*rest, ""][:2]
    action = AnswerFollowUp(follow_up_id=name, question=question, answer=answer, otherwise=gone)
    return decided(situation, "follow_up.answered", action) if name and question else None


def decide_no_follow_up(situation: Situation, policy: Policy) -> Decision | None:
    """The customer writes that they want no follow-ups."""
    if situation.kind is not InboundKind.TEXT or not policy.words.refuses_follow_up(situation.text):
        return None
    return _wished(situation, Wish.NEVER, "follow_up.no_more")


def _wished(situation: Situation, wish: Wish, rule: str) -> Decision:
    return decided(situation, rule, WishFollowUp(wish=wish), say(SAID[wish]))
