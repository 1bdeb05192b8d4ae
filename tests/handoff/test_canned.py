"""tests: canned replies: variables, search, and who finds which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.canned import check_variables, fill, find, sounds_like, values_of
from handoff.contracts import CannedReply
from handoff.refusals import TitleNeeded, UnknownChoice, UnknownVariable
from kit.contracts import Language
from kit.refusals import NotFound
from tests.handoff.asking import MEI
from tests.handoff.house import House
from tests.support.clock import START


def a_reply(title: str, text: str = "您好", *, language: Language = Language.ZH, department: str = "") -> CannedReply:
    return CannedReply(id=title, title=title, text=text, language=language, department=department, changed_at=START)


def titles(replies: list[CannedReply]) -> list[str]:
    return [reply.title for reply in replies]


REPLIES = [a_reply("退款进度", "款项会原路退回"), a_reply("换货说明"), a_reply("Warranty card"), a_reply("推荐给朋友")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("退款", ["退款进度"]),
        ("进度", ["退款进度"]),
        ("tkjd", ["退款进度"]),
        ("tuikuan", ["退款进度"]),
        ("tuik", ["退款进度"]),
        ("TK", ["退款进度"]),
        ("jd", ["退款进度"]),
        ("hh", ["换货说明"]),
        ("wc", ["Warranty card"]),
        ("card", ["Warranty card"]),
        ("原路", ["退款进度"]),
        ("tui", ["推荐给朋友", "退款进度"]),
        ("tui 款", ["退款进度"]),
        ("xyz", []),
    ],
)
def test_a_reply_is_found_by_words_by_initials_and_by_pinyin(query: str, found: list[str]) -> None:
    assert titles(find(REPLIES, query)) == found


def test_without_a_query_every_reply_is_there_and_words_come_before_sounds() -> None:
    assert len(find(REPLIES, "")) == len(REPLIES)
    assert titles(find([a_reply("土壳"), a_reply("TK 专用")], "tk")) == ["TK 专用", "土壳"]


def test_letters_that_skip_a_character_are_not_its_sounds() -> None:
    assert not sounds_like("退款进度", "tjd")
    assert not sounds_like("", "t")


async def test_variables_are_filled_and_what_is_not_known_leaves_a_marked_gap(small_house: House) -> None:
    handoff = await small_house.ask()
    reply = a_reply("查单", "{customer}您好，我是{agent}，订单{order}对应的投诉单是{case}。")
    values = values_of(handoff, agent_name="小梅", department="咨询")
    filled = fill(reply, values, {"case": "投诉单号"}.__getitem__)
    assert filled.text == "周先生您好，我是小梅，订单CJ2611-088213对应的投诉单是[投诉单号]。"
    assert filled.gaps == ("[投诉单号]",)


async def test_what_the_customer_gave_counts_before_what_was_recognised(small_house: House) -> None:
    handoff = await small_house.ask()
    packet = replace(handoff.packet, entities=(("order_number", "A-1"),), given=(("order_number", "B-2"),))
    assert values_of(replace(handoff, packet=packet), agent_name="", department="")["order"] == "B-2"


def test_a_variable_that_no_conversation_has_is_refused_by_name() -> None:
    with pytest.raises(UnknownVariable) as refused:
        check_variables("您好 {coustomer}")
    assert refused.value.slots["name"] == "coustomer"
    check_variables("{customer} {order}")


async def test_a_reply_is_kept_changed_and_removed_and_the_audit_trail_knows(house: House) -> None:
    stored = await house.canned.save(
        reply_id=None, title=" 退款  进度 ", text="{customer}您好", language=Language.ZH, department="", by="su"
    )
    assert stored.title == "退款 进度"
    changed = await house.canned.save(
        reply_id=stored.id, title="退款", text="您好", language=Language.ZH, department="after_sales", by="su"
    )
    assert await house.canned.all() == (changed,)
    await house.canned.remove(stored.id, by="su")
    assert await house.canned.all() == ()
    assert [(one.action, one.after == "-") for one in house.staff.records] == [
        ("handoff.canned_reply", False),
        ("handoff.canned_reply", False),
        ("handoff.canned_reply", True),
    ]
    with pytest.raises(NotFound):
        await house.canned.remove(stored.id, by="su")


async def test_what_cannot_be_used_is_not_stored(small_house: House) -> None:
    good = {"reply_id": None, "title": "退款", "text": "您好", "language": Language.ZH, "department": "", "by": "su"}
    for wrong, refusal in (
        ({"text": "{order_id}"}, UnknownVariable),
        ({"title": "  "}, TitleNeeded),
        ({"department": "kitchen"}, UnknownChoice),
    ):
        with pytest.raises(refusal):
            await small_house.canned.save(**{**good, **wrong})  # type: ignore[arg-type]
    assert await small_house.canned.all() == ()


async def test_only_replies_of_the_department_and_the_language_are_offered(small_house: House) -> None:
    handoff = await small_house.ask()
    for title, language, department in (
        ("全部门", Language.ZH, ""),
        ("本部门", Language.ZH, handoff.placing.department),
        ("别的部门", Language.ZH, "follow_up"),
        ("English", Language.EN, ""),
    ):
        await small_house.canned.save(
            reply_id=None, title=title, text="您好", language=language, department=department, by="su"
        )
    found = await small_house.canned.fitting(handoff, MEI, "", gap=str)
    assert {one.title for one in found} == {"全部门", "本部门"}
    english = replace(handoff, language=Language.EN)
    assert [one.title for one in await small_house.canned.fitting(english, MEI, "", gap=str)] == ["English"]
