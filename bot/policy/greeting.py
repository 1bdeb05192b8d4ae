"""bot: greetings and small talk. None of them hides an answer.

They stand behind the search, but for messages that are surely nothing else.
"""

from __future__ import annotations

from bot.clean import has_words
from bot.contracts import InboundKind, Owner
from bot.decisions import Decision, KeepFile, Kind, Line, Named
from bot.policy.situation import PERSON_OPTION, Policy, Situation, decided, say
from bot.policy.upset import decide_vented
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
ASKING_SIGNS = frozenset("?？")


def decide_start(situation: Situation, policy: Policy) -> Decision | None:
    """The conversation is opened: say who is here and what the bot can do."""
    if situation.kind is not InboundKind.START:
        return None
    if situation.owner is Owner.QUEUE:
        return still_waiting(situation, "greeting.start_waiting")
    return _hello(situation, policy, "greeting.start")


def decide_surely_small(situation: Situation, policy: Policy) -> Decision | None:
    """What is surely small talk, an order number or a mere sound, although the search found something like it."""
    words, text = policy.words, situation.text
    if words.says_nothing(text):
        return decided(situation, "greeting.again", say("bot.hello_again"), expects=situation.state.expects)
    if words.only_courtesy(text) and not words.nods(text):
        return decided(situation, "greeting.thanks", say("bot.small.thanks"))
    if words.is_puzzled(text):
        return decided(situation, "greeting.puzzled", say("bot.puzzled", options=situation.person_options()))
    if _only_phone(situation):
        number = say("bot.small.phone_number", options=situation.person_options())
        return decided(situation, "greeting.phone_number", number, expects=situation.state.expects)
    if words.nods(text) or _only_number(situation, policy) or _who_are_you(situation):
        return decide_small_talk(situation, policy)
    return None


def _only_number(situation: Situation, policy: Policy) -> bool:
    """Whether an order number is given and nothing asked."""
    number = situation.entity("order_number")
    gives = number is not None and situation.intends(policy, "give_order_number")
    return gives and situation.text not in policy.words.question


def _only_phone(situation: Situation) -> bool:
    """Whether a phone number is all there is; the search finds the house's own one, which nobody asked for."""
    return situation.entity("phone") is not None and not any(sign.isalpha() for sign in situation.text)


def _who_are_you(situation: Situation) -> bool:
    """Whether the bot itself is asked about, at least as surely as the article that was found is right."""
    if situation.understanding is None or situation.understanding.intent.name != "bot_identity":
        return False
    match = situation.sure()
    return match is None or situation.understanding.intent.confidence >= match.confidence


def decide_small_talk(situation: Situation, policy: Policy) -> Decision | None:
    """A greeting, thanks, a goodbye and the like, where they are all there is."""
    if situation.understanding is None:
        return None
    intent = situation.understanding.intent.name
    if situation.intends(policy, "greet"):
        return _greet(situation, policy)
    if situation.intends(policy, "give_order_number") and situation.entity("order_number"):
        number = Line("bot.order_number.noted", {"number": situation.entity("order_number") or ""})
        # Who has asked something already is not asked what it is about.
        wanted = Line("bot.order_number.look_up" if situation.state.question else "bot.order_number.what_for")
        return decided(situation, "greeting.order_number", say(number, wanted, options=situation.person_options()))
    if policy.words.nods(situation.text):
        intent = "affirm"
    elif not situation.intends(policy, *SMALL_TALK):
        return None
    options = (PERSON_OPTION,) if intent == "bot_identity" else ()
    shop = policy.shop[situation.language]
    return decided(situation, f"greeting.{intent}", say(SMALL_TALK[intent], options=options, shop=shop))


def decide_without_words(situation: Situation, policy: Policy) -> Decision | None:
    """Emoji or punctuation alone: a request for words, in the tone of the signs; who waits hears their place."""
    if has_words(situation.text):
        return None
    if situation.owner is Owner.QUEUE:
        return still_waiting(situation, "waiting.no_words")
    if policy.words.only_vents(situation.text):
        return decide_vented(situation, policy)
    asks = ASKING_SIGNS.issuperset(situation.text.strip()) and situation.text.strip() != ""
    key = "bot.hello_again" if asks else "bot.no_words"
    return decided(situation, "greeting.no_words", say(key, options=situation.person_options()))


def decide_file(situation: Situation, policy: Policy) -> Decision | None:
    """A file: evidence where a case is open, else say what works instead. A form stays where it is."""
    if situation.kind is not InboundKind.FILE:
        return None
    not_taken = say("bot.file.not_taken", options=situation.person_options())
    kept = say(Line("bot.file.kept", {"number": Named(kind=Kind.CASE)}), options=situation.person_options())
    keep = KeepFile(kept=kept, otherwise=not_taken)
    return decided(situation, "greeting.file", keep, expects=situation.state.expects)


def _greet(situation: Situation, policy: Policy) -> Decision:
    if situation.state.greeted:
        return decided(situation, "greeting.again", say("bot.hello_again"))
    return _hello(situation, policy, "greeting.greet")


def _hello(situation: Situation, policy: Policy, rule: str) -> Decision:
    hello = say("bot.hello", "bot.hello_can", options=situation.person_options(), shop=policy.shop[situation.language])
    return decided(situation, rule, hello, greeted=True)
