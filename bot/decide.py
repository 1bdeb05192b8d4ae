"""bot: decides what to do about one message. Pure: the same situation always gets the same decision.

The rules are asked in order and the first that has something to say decides. A person on request stands before
everything but an agent who already speaks; a greeting stands behind the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.contracts import InboundKind, Owner
from bot.decisions import (
    AmendCase,
    AnswerFollowUp,
    Ask,
    Decision,
    JudgeCase,
    KeepFile,
    OpenCase,
    Silence,
    WishFollowUp,
)
from bot.policy.answering import decide_answer, decide_helped, decide_unsure
from bot.policy.complaint import decide_complaint, form_options
from bot.policy.followed_up import decide_no_follow_up
from bot.policy.form import decide_form
from bot.policy.greeting import (
    decide_file,
    decide_small_talk,
    decide_start,
    decide_surely_small,
    decide_without_words,
)
from bot.policy.presses import decide_press, gives_word
from bot.policy.promise import decide_promised
from bot.policy.several import decide_several
from bot.policy.situation import Policy, Situation, decided, is_short, say
from bot.policy.status import decide_status
from bot.policy.survey import decide_survey_words
from bot.policy.suspected import decide_suspected
from bot.policy.trouble import decide_trouble, decide_unnamed_trouble
from bot.policy.upset import decide_vented
from bot.policy.waiting import decide_danger, decide_person, decide_waiting, hand_over
from bot.state import Expects, Topic
from handoff.contracts import HandoffReason

NEW_MATTER = frozenset({"open_case", "hand_over"})
"""Decisions after which nothing leans on what was asked before."""
INTERRUPTIONS = ("answering.chosen", "answering.helped", "status.", "form.question_", "form.thanks")
"""Rules that leave the form where it is and say something else."""
REMINDERS = 1
"""How often a question of the form comes back behind what was said in its middle; who goes on asking is not nagged."""

WORD = JudgeCase | AnswerFollowUp | WishFollowUp
"""What a customer decides by a button, also while a colleague speaks with them."""

Rule = Callable[[Situation, Policy], Decision | None]


def decide(situation: Situation, policy: Policy) -> Decision:
    """The decision, with the rule that made it and the dialogue state afterwards."""
    for rule in RULES:
        decision = rule(situation, policy)
        if decision is not None:
            return _about_file(situation, _form_goes_on(_talked_about(situation, decision)))
    return _about_file(situation, _talked_about(situation, decide_unsure(situation, policy)))


def decide_fault(situation: Situation, rule: str = "fault.crashed") -> Decision:
    """What is left when a step broke: a person. Who waits already hears so."""
    return hand_over(situation, rule, HandoffReason.FAULT, first=("bot.fault.sorry",))


def _talked_about(situation: Situation, decision: Decision) -> Decision:
    """What the next message may lean on: the last answer, else the last question that stands by itself."""
    before, match = situation.state.topic, decision.match
    if decision.name in NEW_MATTER:
        return replace(decision, state=replace(decision.state, topic=None))
    if match is not None:
        # A follow-up cannot be understood without what came before it; its article's title can.
        itself = situation.text and not situation.follows and not situation.parts
        question = situation.text if itself and situation.kind is InboundKind.TEXT else match.title
        topic = Topic(question=question, title=match.title, article_id=match.article_id, at=situation.now)
        return replace(decision, state=replace(decision.state, topic=topic))
    asked = decision.rule == "answering.unsure" and before is None and not situation.parts
    if asked:
        return replace(decision, state=replace(decision.state, topic=Topic(question=situation.text, at=situation.now)))
    return decision


def _form_goes_on(decision: Decision) -> Decision:
    """An answer or a status in the middle of the form is followed by the question that is still open.

    Where a file is open that question may stay unanswered; the customer's later words are still taken as its answer.
    """
    form, case = decision.state.form, decision.state.case
    if form is None or form.asking is None or form.paused or not decision.rule.startswith(INTERRUPTIONS):
        return decision
    known = replace(decision.state, form=replace(form, interruptions=form.interruptions + 1))
    if case is not None and form.interruptions >= REMINDERS:
        return replace(decision, state=known)
    ask = Ask(field=form.asking, options=form_options(form.asking, filed=case is not None))
    return replace(decision, actions=(*decision.actions, ask), state=known)


def _about_file(situation: Situation, decision: Decision) -> Decision:
    """Words under a file are dealt with as words, after saying that the file itself was not seen.

    It is evidence all the same: of the case the words open or add to, else of one that is open.
    """
    if not situation.with_file or decision.name == "silence":
        return decision
    filed = any(isinstance(action, OpenCase | AmendCase) for action in decision.actions)
    said = say("bot.file.with_case" if filed else "bot.file.caption_only")
    return replace(decision, actions=(said, *decision.actions, KeepFile()))


def _agent_speaks(situation: Situation, policy: Policy) -> Decision | None:
    if situation.owner is not Owner.AGENT:
        return None
    # A word on one's own case counts whoever speaks for the house; the colleague reads the button in the transcript.
    pressed = decide_press(situation, policy) if gives_word(situation.choice) else None
    word = tuple(each for each in (pressed.actions if pressed else ()) if isinstance(each, WORD))
    if word:
        return decided(situation, "owner.agent_word", *word, expects=situation.state.expects)
    return decided(situation, "owner.agent", Silence(), name="silence", expects=situation.state.expects)


def _nothing_works(situation: Situation, policy: Policy) -> Decision | None:
    if situation.understanding is None and situation.result is None:
        return decide_fault(situation, "fault.nothing_known")
    return None


def _yes_or_no(situation: Situation, policy: Policy) -> Decision | None:
    """A bare yes or no, to what the bot asked last."""
    expects = situation.state.expects
    yes, no = situation.nods(policy), situation.intends(policy, "deny")
    if (
        expects in {Expects.NOTHING, Expects.PROOF, Expects.SUSPECTED}
        or not (yes or no)
        or not is_short(situation.text)
    ):
        return None
    if expects is Expects.HELPED:
        answer = situation.state.answer
        return None if answer is None else decide_helped(situation, helped=yes, answer=answer)
    if yes:
        department = situation.offered_department
        return hand_over(situation, "person.accepted", HandoffReason.UNANSWERED, department=department)
    return decided(situation, "person.declined", say("bot.small.deny"))


RULES: tuple[Rule, ...] = (
    _agent_speaks,
    decide_press,
    decide_start,
    decide_file,
    decide_without_words,
    decide_person,
    decide_promised,
    decide_no_follow_up,
    _nothing_works,
    decide_status,
    decide_form,
    decide_vented,
    decide_suspected,
    decide_complaint,
    decide_danger,
    decide_waiting,
    decide_survey_words,
    _yes_or_no,
    decide_surely_small,
    decide_unnamed_trouble,
    decide_several,
    decide_answer,
    decide_trouble,
    decide_small_talk,
)
