"""bot: the complaint form. One question at a time, only what is missing; a question in the middle gets its answer.

Every reply is kept: what does not fit the question asked is added to the file, so nothing has to be said twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Unpack

from bot.decisions import Action, AmendCase, Ask, Decision, Line, Option, Say, WithdrawCase
from bot.policy.answering import answer_given, answer_with
from bot.policy.complaint import (
    CLEAR_CATEGORY,
    OTHER,
    RANK,
    WITHDRAW,
    add_to_file,
    ask_next,
    category_slot,
    form_options,
    heard_in,
    open_file,
    understood,
)
from bot.policy.situation import Changes, Policy, Situation, decided, is_short, say
from bot.state import CaseRef, ComplaintForm, Expects, Field
from bot.words import MAIL, fold
from nlu.contracts import Severity

ENTITY = {"order_number": Field.ORDER_NUMBER, "phone": Field.CONTACT, "email": Field.CONTACT}
TEXT_FIELD_LIMIT = 500
ORDER_NUMBER_LIMIT = 40


def decide_form(situation: Situation, policy: Policy) -> Decision | None:
    """A text while the form is asking."""
    form, case = situation.state.form, situation.state.case
    if form is None or form.asking is None or form.paused:
        return None
    if policy.words.stops(situation.text) or situation.intends(policy, "cancel_flow"):
        return stop(situation)
    if case is None:
        return _open(situation, policy)
    return _correct_or_raise(situation, policy, case) or _take(situation, policy, form, case)


def _open(situation: Situation, policy: Policy) -> Decision:
    """A complaint was announced; whatever comes now, other than a question, is what happened."""
    if _asks(situation, policy) and not situation.complains(policy):
        return _answer_meanwhile(situation, None)
    return open_file(situation, policy, "form.opened")


def _correct_or_raise(situation: Situation, policy: Policy, case: CaseRef) -> Decision | None:
    """A category by its label; a matter that turns out to be worse than it seemed."""
    category = _category_named(situation, policy)
    if category is not None:
        return correct_category(situation, category)
    heard = heard_in(situation, policy)
    if situation.complaint and heard.severity is not Severity.NORMAL and RANK[heard.severity] > RANK[case.severity]:
        return add_to_file(situation, policy, case)
    return None


def _take(situation: Situation, policy: Policy, form: ComplaintForm, case: CaseRef) -> Decision:
    if _skips(situation, policy, form.asking):
        return skip(situation, form)
    values = _values(situation, policy, form)
    if _asks(situation, policy) and (form.asking not in values or _only_asks(situation, form)):
        return _answer_meanwhile(situation, case)
    if form.asking in values:
        given = tuple(field for field in Field if field in form.given or field in values)
        amend, changes = _amended(situation, policy, case, values)
        thanks = _thanks(situation, policy, form, changes)
        return ask_next(situation, "form.given", replace(form, given=given), amend, *thanks, **changes)
    if values:
        # Something else was given, such as the order number in reply to "how can we reach you": keep it, ask again.
        given = tuple(field for field in Field if field in form.given or field in values)
        amend, changes = _amended(situation, policy, case, values)
        noted = Say(lines=tuple(Line(f"bot.form.noted.{field}", {"value": value}) for field, value in values.items()))
        return _ask_again(situation, replace(form, given=given), "form.given_other", amend, noted, **changes)
    return _does_not_fit(situation, policy, form, case)


def _values(situation: Situation, policy: Policy, form: ComplaintForm) -> dict[Field, str]:
    """What the text gives: recognised entities, else the text itself where it fits the question."""
    values = {field: value for kind, field in ENTITY.items() if (value := situation.entity(kind))}
    mail = MAIL.search(situation.text)
    if mail:
        values[Field.CONTACT] = mail[0]
    text = situation.text.strip()
    match form.asking:
        case Field.WHAT_HAPPENED if not values or policy.words.says_enough(text):
            values[Field.WHAT_HAPPENED] = text
        case Field.WANTED if not values:
            values[Field.WANTED] = text[:TEXT_FIELD_LIMIT]
        case Field.CONTACT if Field.CONTACT not in values and Field.ORDER_NUMBER not in values:
            contact = policy.words.contact_in(text)
            if contact:
                values[Field.CONTACT] = contact[:TEXT_FIELD_LIMIT]
        case Field.ORDER_NUMBER if Field.ORDER_NUMBER not in values and Field.CONTACT not in values:
            if _like_a_number(text):
                values[Field.ORDER_NUMBER] = text[:ORDER_NUMBER_LIMIT]
    return values


def _amended(
    situation: Situation, policy: Policy, case: CaseRef, values: dict[Field, str]
) -> tuple[AmendCase, Changes]:
    """The change of the file; a first real account of what happened also settles category and severity anew."""
    told = values.get(Field.WHAT_HAPPENED)
    heard = (
        heard_in(situation, policy) if told and (situation.complaint or _says_more(situation, policy, case)) else None
    )
    sure = heard is not None and (heard.category_confidence >= CLEAR_CATEGORY or case.category == OTHER)
    clearer = heard is not None and heard.category != case.category and sure
    severity = heard.severity if heard and RANK[heard.severity] > RANK[case.severity] else None
    amend = AmendCase(
        case_id=case.id,
        order_number=values.get(Field.ORDER_NUMBER),
        wanted=values.get(Field.WANTED),
        contact=values.get(Field.CONTACT),
        added=told,
        category=heard.category if heard and clearer else None,
        severity=severity,
    )
    known = replace(case, category=amend.category or case.category, severity=severity or case.severity)
    return amend, {"case": known} if known != case else {}


def _says_more(situation: Situation, policy: Policy, case: CaseRef) -> bool:
    """Whether an account that does not sound like a complaint clearly names what a file of no category is about."""
    return case.category == OTHER and heard_in(situation, policy).category_confidence >= CLEAR_CATEGORY


def _thanks(situation: Situation, policy: Policy, form: ComplaintForm, changes: Changes) -> tuple[Say, ...]:
    """A new category is shown with its buttons; other fields are acknowledged by the next question itself."""
    if form.asking is Field.WHAT_HAPPENED and changes:
        return (understood(situation, heard_in(situation, policy)),)
    return ()


def _does_not_fit(situation: Situation, policy: Policy, form: ComplaintForm, case: CaseRef) -> Decision:
    """Nothing that answers the question: keep the words, ask once more, then leave the question open."""
    asking = form.asking or Field.ORDER_NUMBER
    if situation.intends(policy, "thanks") and is_short(situation.text):
        return decided(situation, "form.thanks", say("bot.small.thanks"), name="ask")
    amend = AmendCase(case_id=case.id, added=situation.text)
    if situation.vents(policy):
        sorry = say("bot.upset.form", options=situation.person_options())
        return _ask_again(situation, form, "form.upset", amend, sorry)
    tries = form.tries + 1
    if tries >= policy.complaint.field_tries:
        skipped = replace(form, skipped=(*form.skipped, asking))
        return ask_next(situation, "form.left_open", skipped, amend, say("bot.form.left_open"))
    if not any(map(str.isdigit, situation.text)) and policy.words.says_enough(situation.text):
        # No number that went wrong but more of the story: it is kept, and the question stands as it stood.
        more = say("bot.form.noted_more")
        return _ask_again(situation, replace(form, tries=tries), "form.told_more", amend, more)
    return _ask_again(situation, replace(form, tries=tries), "form.unfit", amend, again=True)


def _answer_meanwhile(situation: Situation, case: CaseRef | None) -> Decision:
    """A question in the middle of the form; `bot.decide` asks again for what is still open."""
    match = situation.sure()
    if match is None:
        kept: tuple[Action, ...] = (AmendCase(case_id=case.id, added=situation.text),) if case else ()
        later = say("bot.form.question_later", options=situation.person_options())
        return decided(situation, "form.question_later", *kept, later, name="ask", question=situation.text)
    actions = answer_with(situation, match)
    given = answer_given(situation, match, question=situation.text)
    return decided(situation, "form.question_answered", *actions, name="answer", answer=given, question=situation.text)


def _ask_again(
    situation: Situation,
    questions: ComplaintForm,
    rule: str,
    *before: Action,
    again: bool = False,
    name: str = "ask",
    **changes: Unpack[Changes],
) -> Decision:
    asking = questions.asking or Field.ORDER_NUMBER
    filed = situation.state.case is not None
    ask = Ask(field=asking, options=form_options(asking, filed=filed), again=again)
    changes["form"] = questions
    return decided(situation, rule, *before, ask, name=name, **changes)


def skip(situation: Situation, form: ComplaintForm) -> Decision:
    """The question is left open."""
    asking = form.asking or form.missing()
    skipped = (*form.skipped, asking) if asking else form.skipped
    return ask_next(situation, "form.skipped", replace(form, skipped=skipped))


def stop(situation: Situation) -> Decision:
    """No more questions. The file stays unless the customer takes it back with a button."""
    case = situation.state.case
    if case is None or case.withdrawn:
        return decided(situation, "form.dropped", say("bot.form.dropped"), form=None)
    take_back = Option(WITHDRAW, Line("bot.choice.withdraw"))
    kept = say("bot.form.stopped", options=(take_back, *situation.person_options()), number=case.number)
    return decided(situation, "form.stopped", kept, form=None, expects=Expects.NOTHING)


def withdraw(situation: Situation, rule: str, *, line: str = "bot.complaint.withdrawn") -> Decision | None:
    """The customer takes the complaint back; None when there is none."""
    case = situation.state.case
    if case is None or case.withdrawn:
        return None
    withdrawn = replace(case, withdrawn=True)
    gone = say(line, options=situation.person_options(), number=case.number)
    return decided(situation, rule, WithdrawCase(case_id=case.id), gone, form=None, case=withdrawn)


def correct_category(situation: Situation, category: str) -> Decision | None:
    """The customer names the right category; None when there is no complaint."""
    case, form = situation.state.case, situation.state.form
    if case is None or case.withdrawn:
        return None
    amend = AmendCase(case_id=case.id, category=category)
    line = Line("bot.complaint.corrected", {"category": category_slot(category)})
    changes: Changes = {"case": replace(case, category=category)}
    if form is None or form.asking is None or form.paused:
        return decided(situation, "form.category", amend, Say(lines=(line,)), **changes)
    return _ask_again(situation, form, "form.category", amend, Say(lines=(line,)), name="say", **changes)


def _asks(situation: Situation, policy: Policy) -> bool:
    """Whether the text is a question rather than a reply."""
    return situation.text in policy.words.question


def _only_asks(situation: Situation, form: ComplaintForm) -> bool:
    """Whether a question that could also be the free text asked for is one the base can answer.

    "Can I have a refund?" names what is wanted, although the base has an article about it.
    """
    read = situation.understanding.complaint if situation.understanding else None
    names_wish = form.asking is Field.WANTED and read is not None and bool(read.wants)
    free_text = form.asking in {Field.WANTED, Field.WHAT_HAPPENED} and situation.complaint is None
    return free_text and not names_wish and situation.sure() is not None


def _skips(situation: Situation, policy: Policy, asking: Field | None) -> bool:
    if policy.words.skips(situation.text):
        return True
    return asking is not Field.WHAT_HAPPENED and situation.intends(policy, "deny") and len(fold(situation.text)) <= 12  # noqa: PLR2004 - a bare no


def _like_a_number(text: str) -> bool:
    """Whether a text may be an order number in a form we do not know: one word with at least five digits."""
    return len(text.split()) == 1 and len(text) <= ORDER_NUMBER_LIMIT and sum(map(str.isdigit, text)) >= 5  # noqa: PLR2004 - see above


def _category_named(situation: Situation, policy: Policy) -> str | None:
    """A message that is nothing but a category's label corrects the category."""
    folded = fold(situation.text)
    labels = {fold(label): name for name, both in policy.categories.items() for label in both.values()}
    return labels.get(folded)
