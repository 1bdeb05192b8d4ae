"""bot: a complaint is heard: what was understood, a file at once, a person where it is serious."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Unpack

from bot.contracts import Owner
from bot.decisions import (
    Action,
    AmendCase,
    Ask,
    Decision,
    HandOver,
    Kind,
    Line,
    Named,
    OfferHuman,
    OpenCase,
    Option,
    Say,
    Slot,
)
from bot.policy.situation import (
    ARTICLE,
    NEW_CASE,
    PERSON_OPTION,
    WAITING_OPTIONS,
    Changes,
    Policy,
    Situation,
    decided,
    say,
)
from bot.policy.waiting import URGENCY, somebody_on_duty, told
from bot.state import CaseRef, ComplaintForm, Expects, Field
from cases.contracts import CaseStatus
from handoff.contracts import HandoffReason, Urgency
from knowledge_base.contracts import Level
from nlu.contracts import ComplaintReading, Severity

OTHER = "other"
CATEGORY = "form:category:"
CATEGORIES = "form:categories"
NOT_A_COMPLAINT = "form:not_complaint"
SKIP, CANCEL, WITHDRAW = "form:skip", "form:cancel", "form:withdraw"
WANTED = "form:wanted:"
WANTS = ("refund", "replacement", "repair", "apology", "explanation", "compensation")
CLEAR_CATEGORY = 0.5
"""Confidence from which a category is told to the customer, and from which another one means another matter."""
GOODS = frozenset({"product_quality", "repair_warranty", "technical_fault"})
"""Categories of one and the same broken thing, however it is told: "broken", then "it leaks"."""
CLEAR_COMPLAINT = 0.85
"""Confidence from which a complaint that asks nothing is filed although an article may help."""
LIKELY = 2
"""How many other likely categories get a button of their own."""
DANGER_WORDS, REPEATED = "danger_words", "repeated"
"""Rules of the bot's own that raise the severity, beside those of section nlu."""
RANK = {Severity.NORMAL: 0, Severity.SERIOUS: 1, Severity.CRITICAL: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A complaint as far as it is understood."""

    category: str
    category_confidence: float
    likely: tuple[str, ...]
    severity: Severity
    severity_confidence: float
    rule: str | None
    wants: tuple[str, ...]
    words: tuple[str, ...]


def heard_in(situation: Situation, policy: Policy) -> Heard:
    """What the classifier reads, fitted to the configured categories; without it, `other` and normal."""
    read: ComplaintReading | None = situation.understanding.complaint if situation.understanding else None
    # What it is about and what is wanted is said by all messages together, how bad it is by this one and the file.
    whole = situation.matter or read
    known = [scored for scored in (whole.categories if whole else ()) if scored.name in policy.categories]
    first = known[0] if known else None
    severity = Severity.NORMAL if read is None else read.severity
    confidence = 1.0 if read is None else read.severity_confidence
    rule = read.rule if read else None
    if situation.in_danger(policy):
        severity, confidence, rule = Severity.CRITICAL, 1.0, rule or DANGER_WORDS
    elif severity is Severity.NORMAL and _complains_again(situation, policy):
        severity, confidence, rule = Severity.SERIOUS, 1.0, REPEATED
    return Heard(
        category=first.name if first else OTHER,
        category_confidence=first.confidence if first else 0.0,
        likely=tuple(scored.name for scored in known[1 : LIKELY + 1]),
        severity=severity,
        severity_confidence=confidence,
        rule=rule,
        wants=tuple(want.name for want in whole.wants if want.name in WANTS) if whole else (),
        words=whole.evidence if whole else (),
    )


def _complains_again(situation: Situation, policy: Policy) -> bool:
    """Whether this is one complaint too many within a short time, by the files of the conversation."""
    if not policy.complaint.repeat_count:
        return False
    since = situation.now - timedelta(days=policy.complaint.repeat_days)
    present = situation.state.case
    earlier = [
        case
        for case in situation.cases or ()
        if case.opened_at >= since
        and case.status is not CaseStatus.WITHDRAWN
        and (present is None or case.id != present.id)
    ]
    return len(earlier) + 1 >= policy.complaint.repeat_count


def decide_complaint(situation: Situation, policy: Policy) -> Decision | None:
    """A complaint: added to the file of the same matter, or a file of its own."""
    if not situation.complains(policy):
        announced = situation.intends(policy, "complaint") and situation.said_complaint is None
        if announced and situation.sure() is None and situation.owner is Owner.BOT:
            return begin_without_file(situation, "complaint.announced")
        return None
    if rather_asks(situation, policy) or only_broken(situation, policy):
        return None
    case = situation.state.case
    if case is not None and same_matter(situation, policy, case):
        return add_to_file(situation, policy, case)
    return open_file(situation, policy, "complaint.opened")


def rather_asks(situation: Situation, policy: Policy) -> bool:
    """Whether what reads like a mild complaint is a question that has its answer: the answer, and a file on request.

    "It says delivered but nothing came, what now?" is helped more by the article than by a form.
    """
    read, words = situation.complaint, policy.words
    if situation.said_complaint or read is None or read.severity is not Severity.NORMAL or situation.in_danger(policy):
        return False
    if words.complains(situation.text) or situation.text in words.angry or situation.owner is not Owner.BOT:
        return False
    sure = situation.sure() is not None or any(part.result.level is Level.SURE for part in situation.parts)
    return sure and (situation.text in words.question or read.confidence < CLEAR_COMPLAINT)


def only_broken(situation: Situation, policy: Policy) -> bool:
    """Whether all that was said is that something broke: to be helped with, and no complaint as yet (`trouble`).

    "It's broken" reads like a complaint; who says it wants to hear what can be done before a number.
    """
    words, case, read = policy.words, situation.state.case, situation.complaint
    if (
        situation.said_complaint
        or situation.owner is not Owner.BOT
        or situation.state.misses
        or words.says_enough(words.trouble.removed(situation.text))
    ):
        return False
    mild = read is not None and read.severity is Severity.NORMAL and not situation.in_danger(policy)
    bare = words.tells_trouble(situation.text) and situation.text not in words.angry
    on_file = case is not None and same_matter(situation, policy, case)
    return mild and bare and not on_file and not words.complains(situation.text)


def begin_without_file(situation: Situation, rule: str) -> Decision:
    """The customer announced a complaint and has not said what happened: ask first, open the file with the reply."""
    form = ComplaintForm(asking=Field.WHAT_HAPPENED)
    ask = Ask(field=Field.WHAT_HAPPENED, options=form_options(Field.WHAT_HAPPENED))
    return decided(situation, rule, say("bot.complaint.sorry"), ask, name="ask", form=form, case=None)


def open_file(situation: Situation, policy: Policy, rule: str) -> Decision:
    """Open the file at once; the number; then a person, or the first thing that is missing."""
    heard = heard_in(situation, policy)
    story = "\n".join((*situation.state.unanswered, situation.text))
    order_number = situation.entity("order_number") or situation.state.order_number or None
    contact = situation.entity("phone") or situation.entity("email")
    given = [Field.WHAT_HAPPENED] if policy.words.says_enough(story) else []
    given += [Field.ORDER_NUMBER] if order_number else []
    given += [Field.WANTED] if heard.wants else []
    given += [Field.CONTACT] if contact else []
    form = ComplaintForm(given=tuple(given))
    new = OpenCase(
        category=heard.category,
        category_confidence=heard.category_confidence,
        severity=heard.severity,
        severity_confidence=heard.severity_confidence,
        rule=heard.rule,
        what_happened=story,
        order_number=order_number,
        wants=heard.wants,
        contact=contact,
        words=heard.words,
    )
    danger = situation.in_danger(policy)
    before = (say("bot.safety.first"),) if danger else ()
    number = Named(kind=Kind.CASE)
    filed = Line("bot.complaint.filed", {"number": number, "promise": Named(kind=Kind.PROMISE)})
    # Who only announces a complaint has not said yet what it is about: nothing was understood that could be shown.
    clear = Field.WHAT_HAPPENED in given or heard.category != OTHER
    actions: tuple[Action, ...] = (*before, new, understood(situation, heard) if clear else _sorry(situation))
    changes: Changes = {"unanswered": (), "misses": 0, "question": situation.text}
    if heard.severity is not Severity.NORMAL:
        return _to_person(situation, rule, actions, filed, form, heard=heard, danger=danger, **changes)
    if situation.owner is Owner.QUEUE:
        changes["form"] = replace(form, paused=True)
        return decided(situation, rule, *actions, say(filed), name="open_case", **changes)
    related = _related(situation)
    file = Say(lines=(filed,), options=related)
    return ask_next(situation, rule, form, *actions, file, name="open_case", number=number, **changes)


def add_to_file(situation: Situation, policy: Policy, case: CaseRef) -> Decision:
    """More about the same matter: into the file, and on to a person when it got worse."""
    heard = heard_in(situation, policy)
    worse = RANK[heard.severity] > RANK[case.severity]
    amend = AmendCase(
        case_id=case.id,
        added=situation.text,
        order_number=situation.entity("order_number"),
        contact=situation.entity("phone"),
        severity=heard.severity if worse else None,
    )
    added = Line("bot.complaint.added", {"number": case.number})
    known = replace(case, severity=heard.severity) if worse else case
    form = situation.state.form or ComplaintForm(given=tuple(Field))
    danger = situation.in_danger(policy)
    before = (say("bot.safety.first"),) if danger else ()
    if heard.severity is not Severity.NORMAL and (worse or situation.owner is Owner.BOT):
        return _to_person(
            situation, "complaint.worse", (*before, amend), added, form, heard=heard, danger=danger, case=known
        )
    new = Option(NEW_CASE, Line("bot.choice.new_case"))
    if situation.owner is Owner.QUEUE:
        return decided(situation, "complaint.added", amend, say(added, options=(new,)), name="say", case=known)
    offer = OfferHuman(lines=(added, Line("bot.complaint.offer_person")), options=(PERSON_OPTION, new))
    return decided(situation, "complaint.added", amend, offer, name="offer_human", expects=Expects.PERSON, case=known)


def understood(situation: Situation, heard: Heard) -> Say:
    """The empathic line with what was understood, and buttons to correct it; only buttons where it is a mere guess."""
    if heard.severity is Severity.NORMAL and heard.category_confidence < CLEAR_CATEGORY:
        return _sorry(situation, *(name for name in (heard.category, *heard.likely) if name != OTHER))
    key = "bot.complaint.heard" if heard.severity is Severity.NORMAL else "bot.complaint.heard_serious"
    slots: dict[str, Slot] = {
        "category": category_slot(heard.category),
        "severity": Named(kind=Kind.TEXT, value=f"bot.severity.{heard.severity}"),
    }
    likely = tuple(category_option(name) for name in heard.likely)
    more = Option(CATEGORIES, Line("bot.choice.categories"))
    no = (Option(NOT_A_COMPLAINT, Line("bot.choice.not_complaint")),) if situation.owner is Owner.BOT else ()
    return Say(lines=(Line(key, slots),), options=(*likely, more, *no))


def _sorry(situation: Situation, *guessed: str) -> Say:
    about = tuple(
        Option(f"{CATEGORY}{name}", Line("bot.choice.about", {"category": category_slot(name)})) for name in guessed
    )
    more = (Option(CATEGORIES, Line("bot.choice.categories")),) if guessed else ()
    no = (Option(NOT_A_COMPLAINT, Line("bot.choice.not_complaint")),) if situation.owner is Owner.BOT else ()
    return Say(lines=(Line("bot.complaint.sorry"),), options=(*about, *more, *no))


def category_slot(name: str) -> Named:
    """A category's label in the customer's language."""
    return Named(kind=Kind.CATEGORY, value=name)


def category_option(name: str) -> Option:
    """The button of one category."""
    label = Line("bot.choice.category", {"category": category_slot(name)})
    return Option(f"{CATEGORY}{name}", label)


def form_options(field: Field, *, filed: bool = False) -> tuple[Option, ...]:
    """The buttons under one question of the form."""
    wants = (
        tuple(Option(f"{WANTED}{want}", Line(f"bot.wants.{want}")) for want in WANTS) if field is Field.WANTED else ()
    )
    skip = () if field is Field.WHAT_HAPPENED and not filed else (Option(SKIP, Line("bot.choice.skip")),)
    return (*wants, *skip, Option(CANCEL, Line("bot.choice.cancel")))


def ask_next(
    situation: Situation,
    rule: str,
    questions: ComplaintForm,
    *before: Action,
    name: str = "ask",
    number: Slot | None = None,
    **changes: Unpack[Changes],
) -> Decision:
    """Ask for the next missing thing; when nothing is missing, say so and stop asking."""
    field = questions.missing()
    if field is None:
        case = situation.state.case
        known = number or (case.number if case is not None else Named(kind=Kind.CASE))
        done = say("bot.form.done", options=situation.person_options(), number=known)
        changes["form"] = None
        return decided(situation, rule, *before, done, name="say" if name == "ask" else name, **changes)
    asking = replace(questions, asking=field, tries=0, interruptions=0, paused=False)
    ask = Ask(field=field, options=form_options(field, filed=True))
    changes["form"] = asking
    return decided(situation, rule, *before, ask, name=name, **changes)


def _to_person(
    situation: Situation,
    rule: str,
    before: tuple[Action, ...],
    filed: Line,
    questions: ComplaintForm,
    *,
    heard: Heard,
    danger: bool,
    **changes: Unpack[Changes],
) -> Decision:
    """Serious and critical: a person at once. Only when nobody is on duty the bot goes on asking meanwhile."""
    reason = HandoffReason.SAFETY if danger else HandoffReason.COMPLAINT
    hand = HandOver(reason=reason, urgency=max(URGENCY[heard.severity], Urgency.SERIOUS))
    lines = say(filed, *told(situation.place or situation.desk), options=WAITING_OPTIONS)
    changes["waiting"] = None
    if somebody_on_duty(situation.desk) or questions.missing() is None:
        changes["form"] = replace(questions, paused=True, asking=None)
        return decided(situation, rule, *before, hand, lines, name="hand_over", **changes)
    return ask_next(situation, rule, questions, *before, hand, lines, name="hand_over", **changes)


def _related(situation: Situation) -> tuple[Option, ...]:
    """A sure article beside the file: it may settle the matter at once, and must not hide that it was heard."""
    sure = (part.result.matches[0] for part in situation.parts if part.result.level is Level.SURE)
    match = situation.sure() or next(sure, None)
    if match is None:
        return ()
    return (Option(f"{ARTICLE}{match.article_id}", Line("bot.choice.related", {"title": match.title})),)


def same_matter(situation: Situation, policy: Policy, case: CaseRef) -> bool:
    """Whether a complaint is more about what is on file."""
    age = situation.now - case.opened_at
    if case.withdrawn or age >= timedelta(hours=policy.complaint.same_matter_hours):
        return False
    alone = heard_in(replace(situation, matter=None), policy)
    if alone.category == case.category or GOODS.issuperset({alone.category, case.category}):
        return not situation.in_danger(policy) or alone.category == case.category
    suspected = situation.complaint is not None and situation.complaint.suspected
    clearly = alone.category_confidence >= CLEAR_CATEGORY and not suspected
    return not clearly and not situation.in_danger(policy)
