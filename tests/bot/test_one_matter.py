"""tests: a complaint told in several short messages is one matter, and no message of it is misread by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.contracts import Owner
from bot.decide import decide
from bot.decisions import AmendCase, OpenCase
from bot.state import DialogueState, Field, state_from_json, state_to_json
from kit.contracts import Language
from nlu.contracts import ComplaintReading, Scored, Severity
from tests.bot.support.complaints import SURE, amended_by, asked_by, heard, opened_by
from tests.bot.support.desk import Parts
from tests.bot.support.policy import CASE, POLICY, filling, keys, kinds, options, situation
from tests.bot.support.scripted import UNKNOWN, complaint, place, understood
from tests.bot.support.talk import Talk

BARE = pytest.mark.parametrize("text", ["东西坏了", "我的洗衣机坏了", "its broken", "my robot vacuum wont charge"])
REPAIR = replace(CASE, category="repair_warranty", told="东西坏了")


def doubtful(category: str, confidence: float, *, suspected: bool = True) -> ComplaintReading:
    """A reading whose category is `confidence` sure."""
    read = complaint(category)
    return replace(
        read, suspected=suspected, categories=(Scored(name=category, confidence=confidence), *read.categories[1:])
    )


@BARE
def test_who_only_says_that_something_broke_is_helped_and_not_yet_filed(text: str) -> None:
    decision = decide(heard(text), POLICY)
    assert decision.rule == "trouble"
    assert "OpenCase" not in kinds(decision)
    assert {"case:new", "human"} <= set(options(decision))


@pytest.mark.parametrize(
    "text", ["东西坏了", "这个坏了", "买的东西用不了了", "it's broken", "the thing I bought is not working"]
)
def test_where_nothing_says_what_broke_no_article_can_be_sure(text: str) -> None:
    decision = decide(situation(text, understanding=understood(text), result=SURE, desk=place()), POLICY)
    assert decision.rule == "trouble"
    assert "article:id-returns" in options(decision)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("东西坏了，气死我了", {}),
        ("东西坏了，我要投诉", {}),
        ("洗衣机用了三天就坏了，质量太差", {}),
        ("东西坏了", {"complaint": complaint(severity=Severity.SERIOUS)}),
        ("东西坏了", {"owner": Owner.QUEUE}),
    ],
)
def test_anger_the_word_itself_a_story_and_what_is_serious_are_filed_at_once(
    text: str, changes: dict[str, object]
) -> None:
    assert "OpenCase" in kinds(decide(heard(text, **changes), POLICY))


def test_what_comes_after_is_a_complaint_about_both_and_is_not_asked_about() -> None:
    state = decide(heard("东西坏了"), POLICY).state
    text = "上周买的扫地机器人，不充电了"
    alone, together = doubtful("delivery", 0.28), doubtful("product_quality", 0.6)
    decision = decide(heard(text, complaint=alone, matter=together, state=state), POLICY)
    new = opened_by(decision)
    assert (new.category, new.what_happened) == ("product_quality", f"东西坏了\n{text}")


def test_a_guess_is_not_told_as_if_it_were_understood() -> None:
    text = "上周买的扫地机器人突然就不行了，真糟心"
    guess = doubtful("delivery", 0.28, suspected=False)
    decision = decide(heard(text, complaint=guess), POLICY)
    assert keys(decision)[0] == "bot.complaint.sorry"
    assert options(decision)[0] == "form:category:delivery"


def test_a_short_account_changes_the_category_only_when_it_is_clear() -> None:
    state = replace(filling(Field.WHAT_HAPPENED), case=REPAIR)
    text = "上周买的扫地机器人，不充电了"
    unclear = decide(heard(text, complaint=doubtful("delivery", 0.28), state=state), POLICY)
    assert (amended_by(unclear).category, amended_by(unclear).added) == (None, text)
    assert "bot.complaint.heard" not in keys(unclear)
    clear = decide(
        heard(text, complaint=doubtful("delivery", 0.28), matter=doubtful("product_quality", 0.6), state=state), POLICY
    )
    assert amended_by(clear).category == "product_quality"


@pytest.mark.parametrize("owner", [Owner.BOT, Owner.QUEUE])
@pytest.mark.parametrize(
    "read",
    [
        doubtful("product_quality", 0.9, suspected=False),
        doubtful("delivery", 0.9),
        doubtful("delivery", 0.4, suspected=False),
    ],
)
def test_more_of_it_goes_into_the_file_that_is_open(owner: Owner, read: ComplaintReading) -> None:
    state = DialogueState(case=REPAIR)
    decision = decide(heard("昨天刚买的就这样，气死了", complaint=read, state=state, owner=owner), POLICY)
    assert "OpenCase" not in kinds(decision)
    assert [action.case_id for action in decision.actions if isinstance(action, AmendCase)] == [CASE.id]
    assert "case:new" in options(decision)


def test_what_is_clearly_something_else_has_a_file_of_its_own() -> None:
    other = doubtful("delivery", 0.9, suspected=False)
    decision = decide(heard("快递员还骂人，态度太差了", complaint=other, state=DialogueState(case=REPAIR)), POLICY)
    assert any(isinstance(action, OpenCase) for action in decision.actions)


@pytest.mark.parametrize("text", ["谢谢", "thanks"])
def test_thanks_are_no_order_number_that_went_wrong(text: str) -> None:
    state = filling(Field.ORDER_NUMBER, Field.WHAT_HAPPENED)
    decision = decide(
        situation(text, state=state, understanding=understood(text, intent="thanks"), result=UNKNOWN, desk=place()),
        POLICY,
    )
    assert keys(decision)[0] == "bot.small.thanks"
    assert asked_by(decision) is Field.ORDER_NUMBER
    assert not [action for action in decision.actions if isinstance(action, AmendCase)]
    assert decision.state.form is not None
    assert decision.state.form.tries == 0


def test_what_was_told_is_remembered_with_the_file() -> None:
    state = DialogueState(case=REPAIR)
    assert state_from_json(state_to_json(state)) == state


@pytest.fixture
def talk(sqlite_parts: Parts) -> Talk:
    return Talk(parts=sqlite_parts)


async def test_a_turn_reads_the_message_behind_what_was_told_before(talk: Talk) -> None:
    text = "上周买的扫地机器人，不充电了"
    talk.understand.hear("东西坏了", Language.ZH, complaint=complaint("repair_warranty"))
    talk.understand.hear(text, Language.ZH, complaint=doubtful("delivery", 0.28))
    talk.understand.hear(f"东西坏了，{text}", Language.ZH, complaint=doubtful("product_quality", 0.6))
    await talk.say("东西坏了")
    assert talk.cases.files == {}
    await talk.say(text)
    [file] = talk.cases.files.values()
    assert (file.category, file.what_happened) == ("product_quality", f"东西坏了\n{text}")
    more = "昨天刚买的就这样，气死了"
    talk.understand.hear(more, Language.ZH, complaint=doubtful("delivery", 0.9))
    await talk.say(more)
    assert len(talk.cases.files) == 1
