"""bot: greetings and small talk. None of them hides an answer: these rules stand behind the search."""

from __future__ import annotations

from bot.clean import has_words
from bot.contracts import InboundKind, Owner
from bot.decisions import Decision
from bot.policy.situation import PERSON_OPTION, Policy, Situation, decided, say
from bot.policy.waiting import still_waiting

SMALL_TALK = {
    "thanks": "bot.small.thanks",
    "goodbye": "bot.small.goodbye",
    "bot_identity": "bot.small.bot_identity",
    "small_talk": "bot.small.talk",
    "affirm": "bot.small.affirm",
    "deny": "bot.small.deny",
    "cancel_flow": "bot.small.deny",
}


def decide_start(situation: Situation, policy: Policy) -> Decision | None:
    """The conversation is opened: say who is here and what the bot can do."""
    if situation.kind is not InboundKind.START:
        return None
    if situation.owner is Owner.QUEUE:
        return still_waiting(situation, "greeting.start_waiting")
    return _hello(situation, policy, "greeting.start")


def decide_small_talk(situation: Situation, policy: Policy) -> Decision | None:
    """A greeting, thanks, a goodbye and the like, where they are all there is."""
    if situation.understanding is None:
        return None
    intent = situation.understanding.intent.name
    if situation.intends(policy, "greet"):
        if situation.state.greeted:
            return decided(situation, "greeting.again", say("bot.hello_again"))
        return _hello(situation, policy, "greeting.greet")
    if situation.intends(policy, "give_order_number") and situation.entity("order_number"):
        number = situation.entity("order_number") or ""
        noted = say("bot.order_number.noted", options=situation.person_options(), number=number)
        return decided(situation, "greeting.order_number", noted)
    if situation.intends(policy, *SMALL_TALK):
        options = (PERSON_OPTION,) if intent == "bot_identity" else ()
        shop = policy.shop[situation.language]
        return decided(situation, f"greeting.{intent}", say(SMALL_TALK[intent], options=options, shop=shop))
    return None


def decide_without_words(situation: Situation, policy: Policy) -> Decision | None:
    """Emoji or punctuation alone: a friendly request for words; who waits for a person hears their place."""
    if has_words(situation.text):
        return None
    if situation.owner is Owner.QUEUE:
        return still_waiting(situation, "waiting.no_words")
    return decided(situation, "greeting.no_words", say("bot.no_words", options=situation.person_options()))


def decide_file(situation: Situation, policy: Policy) -> Decision | None:
    """A file: say what works instead. Nothing else changes, a form stays where it is."""
    if situation.kind is not InboundKind.FILE:
        return None
    not_taken = say("bot.file.not_taken", options=situation.person_options())
    return decided(situation, "greeting.file", not_taken, expects=situation.state.expects)


def _hello(situation: Situation, policy: Policy, rule: str) -> Decision:
    hello = say("bot.hello", "bot.hello_can", options=situation.person_options(), shop=policy.shop[situation.language])
    return decided(situation, rule, hello, greeted=True)
