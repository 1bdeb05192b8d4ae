"""bot: answers, choices, and the honest "I do not know"."""

from __future__ import annotations

from bot.contracts import Owner
from bot.decisions import (
    Answer,
    Clarify,
    Decision,
    Line,
    OfferHuman,
    Option,
    RecordHelped,
    RecordMiss,
    RecordReason,
    Say,
)
from bot.person_part import lately_helped
from bot.policy.situation import (
    ARTICLE,
    COMPLAIN_OPTION,
    HELPED_NO,
    HELPED_YES,
    NONE_OF_THESE,
    PERSON_OPTION,
    REASON,
    Changes,
    Policy,
    Situation,
    decided,
    person_option,
    say,
)
from bot.state import AnswerGiven, Expects
from knowledge_base.contracts import ArticleAction, Helped, Level, Match, NoHelp

HELPED_OPTIONS = (Option(HELPED_YES, Line("bot.choice.helped_yes")), Option(HELPED_NO, Line("bot.choice.helped_no")))
REASON_OPTIONS = tuple(Option(f"{REASON}{reason}", Line(f"bot.choice.reason_{reason}")) for reason in NoHelp)
OTHERS = 2
"""How many next best articles are offered when an answer did not help."""
SAID = 5
"""How many unanswered texts a complaint file begins with at most."""
UPSET = frozenset({"angry", "desperate"})
WORD_FOR_WORD = 0.99
"""Similarity from which the customer asked what an article asks itself."""


def answer_with(situation: Situation, match: Match) -> tuple[Say | Answer, ...]:
    """The article as actions, with what its editors attached; before it a line when it is in the other language."""
    foreign = (say("bot.answer.other_language"),) if match.language != situation.language else ()
    topic = situation.state.topic
    again = situation.follows and topic is not None and topic.article_id == match.article_id
    same = (say("bot.answer.same"),) if again else ()
    more = tuple(Option(f"{ARTICLE}{each.article_id}", each.title) for each in match.follow_ups)
    answer = Answer(match=match, options=(*HELPED_OPTIONS, *more, *_action_options(situation, match)))
    asks = match.action is ArticleAction.ASK_ORDER_NUMBER and not situation.state.order_number
    return (*foreign, *same, answer, *((say("bot.answer.ask_order_number"),) if asks else ()))


def _action_options(situation: Situation, match: Match) -> tuple[Option, ...]:
    # What nearly was taken for a complaint can be made one.
    nearly = situation.complaint is not None and situation.owner is Owner.BOT
    match match.action:
        case ArticleAction.OPEN_COMPLAINT:
            return (COMPLAIN_OPTION,)
        case ArticleAction.HAND_OVER:
            return (*((COMPLAIN_OPTION,) if nearly else ()), *situation.person_options(match.department))
        case _:
            return (COMPLAIN_OPTION,) if nearly else ()


def answer_given(situation: Situation, match: Match, *, question: str, others: tuple[Match, ...] = ()) -> AnswerGiven:
    """What the state remembers of an answer."""
    return AnswerGiven(
        turn_id=situation.turn_id,
        article_id=match.article_id,
        version=match.version,
        title=match.title,
        question=question,
        others=tuple((other.article_id, other.title) for other in others[:OTHERS]),
        department=match.department,
    )


def decide_answer(situation: Situation, policy: Policy) -> Decision | None:
    """The search is sure, and nothing says that the matter is not ours: two who differ ask back."""
    match = situation.sure()
    if match is None or situation.result is None:
        return None
    danger = (say("bot.safety.first", options=(PERSON_OPTION,)),) if situation.in_danger(policy) else ()
    if situation.is_far_off(policy) and match.similarity < WORD_FOR_WORD:
        return _ask_which(situation, "answering.doubted", (match,), *danger)
    others = situation.result.matches[1:]
    return decided(
        situation,
        "answering.sure",
        *danger,
        *answer_with(situation, match),
        name="answer",
        expects=Expects.HELPED,
        misses=0,
        question=situation.text,
        unanswered=(),
        answer=answer_given(situation, match, question=situation.text, others=others),
    )


def decide_chosen(situation: Situation, policy: Policy) -> Decision:
    """The customer chose an article."""
    match = situation.shown
    if match is None:
        return decided(
            situation, "answering.chosen_gone", _offer("bot.answer.gone"), name="offer_human", expects=Expects.PERSON
        )
    question = situation.state.question or match.title
    return decided(
        situation,
        "answering.chosen",
        *answer_with(situation, match),
        name="answer",
        expects=Expects.HELPED,
        misses=0,
        unanswered=(),
        answer=answer_given(situation, match, question=question),
    )


def decide_unsure(situation: Situation, policy: Policy) -> Decision:
    """Choices when the search is unsure; when it knows nothing (or could not look), say so and offer a person."""
    result = situation.result
    danger = (Line("bot.safety.first"),) if situation.in_danger(policy) else ()
    if result is None:
        failed = _offer(*danger, "bot.fault.search")
        return decided(
            situation,
            "answering.no_search",
            failed,
            name="offer_human",
            expects=Expects.PERSON,
            question=situation.text,
        )
    far_off = situation.is_far_off(policy)
    if result.level is not Level.UNKNOWN and result.choices and not far_off:
        before = (Say(lines=danger, options=(PERSON_OPTION,)),) if danger else ()
        return _ask_which(situation, "answering.unsure", result.choices[: policy.dialogue.clarify_choices], *before)
    best = result.matches[0].article_id if result.matches else None
    miss = RecordMiss(question=situation.text, why="unknown", best_article_id=best)
    misses = situation.state.misses + 1
    changes: Changes = {"misses": misses, "question": situation.text, "unanswered": _story(situation)}
    upset = _upset(situation, policy)
    if misses >= policy.dialogue.misses_before_offer or upset or danger:
        offer = _offer(*danger, "bot.unknown.upset" if upset else "bot.unknown.again")
        changes["expects"] = Expects.PERSON
        return decided(situation, "answering.unknown_again", offer, miss, name="offer_human", **changes)
    person = lately_helped(situation.state, situation.now)
    if person is not None and not far_off:
        # Whoever was helped by somebody need not ask the bot in other words first.
        offer = _offer(Line("bot.unknown.after_person", {"name": person.name}))
        changes["expects"] = Expects.PERSON
        return decided(situation, "answering.unknown_after_person", offer, miss, name="offer_human", **changes)
    key = "bot.unknown.far_off" if far_off else "bot.unknown.first"
    honest = say(key, options=(PERSON_OPTION,), shop=policy.shop[situation.language])
    return decided(situation, "answering.unknown", honest, miss, name="unknown", **changes)


def _ask_which(situation: Situation, rule: str, matches: tuple[Match, ...], *before: Say) -> Decision:
    """Choices, or one question back."""
    buttons = tuple(Option(f"{ARTICLE}{match.article_id}", match.title) for match in matches)
    none = Option(NONE_OF_THESE, Line("bot.choice.none"))
    line = Line("bot.clarify" if len(matches) > 1 else "bot.clarify_one")
    clarify = Clarify(matches=matches, options=(*buttons, none, PERSON_OPTION), line=line)
    return decided(
        situation,
        rule,
        *before,
        clarify,
        name="clarify",
        question=situation.text,
        unanswered=_story(situation),
    )


def _story(situation: Situation) -> tuple[str, ...]:
    """What was not answered so far, this message too."""
    return (*situation.state.unanswered, situation.text)[-SAID:]


def decide_helped(situation: Situation, *, helped: bool, answer: AnswerGiven) -> Decision:
    """The customer says whether an answer helped; saying the same again changes nothing."""
    if situation.helped is helped:
        known = say("bot.helped.known", options=() if helped else situation.person_options())
        return decided(situation, "answering.helped_again", known, expects=situation.state.expects)
    record = RecordHelped(
        article_id=answer.article_id,
        version=answer.version,
        turn_id=answer.turn_id,
        helped=Helped.YES if helped else Helped.NO,
    )
    if helped:
        return decided(situation, "answering.helped", record, say("bot.helped.yes"), misses=0)
    buttons = tuple(Option(f"{ARTICLE}{article_id}", title) for article_id, title in answer.others)
    lines = (Line("bot.helped.no"), Line("bot.helped.no_others" if buttons else "bot.helped.no_person"))
    return decided(
        situation,
        "answering.not_helpful",
        record,
        RecordMiss(question=answer.question, why="not_helpful", best_article_id=answer.article_id),
        say("bot.helped.why", options=REASON_OPTIONS),
        OfferHuman(lines=lines, options=(*buttons, person_option(answer.department))),
        name="offer_human",
        expects=Expects.PERSON,
        misses=situation.state.misses + 1,
        unanswered=(*situation.state.unanswered, answer.question)[-SAID:],
    )


def decide_reason(situation: Situation, *, reason: NoHelp, answer: AnswerGiven) -> Decision:
    """Why the last answer did not help; what is expected next stays as it is."""
    record = RecordReason(turn_id=answer.turn_id, reason=reason)
    thanks = say("bot.helped.reason_noted", options=situation.person_options())
    return decided(situation, "answering.reason", record, thanks, expects=situation.state.expects)


def decide_none(situation: Situation) -> Decision:
    """None of the offered articles was meant."""
    question = situation.state.question
    miss = (RecordMiss(question=question, why="unsure"),) if question else ()
    misses = situation.state.misses + 1
    return decided(
        situation,
        "answering.none",
        _offer("bot.unknown.none"),
        *miss,
        name="offer_human",
        expects=Expects.PERSON,
        misses=misses,
    )


def _offer(*lines: str | Line) -> OfferHuman:
    return OfferHuman(
        lines=tuple(line if isinstance(line, Line) else Line(line) for line in lines), options=(PERSON_OPTION,)
    )


def _upset(situation: Situation, policy: Policy) -> bool:
    """Visible anger: by the usual words, or by a mood that is clear."""
    mood = situation.understanding.complaint.mood if situation.understanding else None
    felt = mood is not None and mood.name in UPSET and mood.confidence >= policy.dialogue.small_talk_confidence
    return situation.text in policy.words.angry or felt
