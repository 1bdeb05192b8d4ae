"""tests: choices as numbers and words where there are no buttons, and texts that fit WeChat."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wechat.choices import choice_said, newest_offer
from bot.channels.wechat.messages import TEXT_LIMIT, texts_of
from bot.contracts import Entry, EntryKind
from kit.contracts import JsonValue, Language
from kit.texts import Texts
from tests.support.clock import START

ARTICLES: list[JsonValue] = [
    {"id": "article:1", "label": "退货政策"},
    {"id": "article:2", "label": "换货流程"},
    {"id": "human", "label": "转人工"},
]


def entry(text: str = "您想问哪一个？", *, kind: EntryKind = EntryKind.BOT, author: str = "", **payload: Any) -> Entry:
    return Entry(
        conversation_id="c", seq=5, kind=kind, key="k", text=text, language=Language.ZH, author=author, at=START,
        payload=payload,
    )  # fmt: skip


def test_choices_stand_numbered_below_the_words(texts: Texts) -> None:
    [said] = texts_of(entry(choices=ARTICLES), texts)
    assert said == "您想问哪一个？\n\n回复数字即可：\n1. 退货政策\n2. 换货流程\n3. 转人工"


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("1", "article:1"),
        (" 2。", "article:2"),
        ("（3）", "human"),
        ("２", "article:2"),
        ("转人工", "human"),
        ("0", None),
        ("4", None),
        ("2件", None),
        ("退货", None),
        ("12345", None),
    ],
)
def test_a_number_or_a_label_is_a_choice_and_other_words_are_words(typed: str, choice: str | None) -> None:
    assert choice_said(typed, entry(choices=ARTICLES)) == choice


def test_under_a_forms_question_a_number_is_an_answer_and_choices_are_words(texts: Texts) -> None:
    asked = entry("一共几件？", choices=[{"id": "form:skip", "label": "跳过"}], field="order_number")
    assert texts_of(asked, texts) == ("一共几件？\n\n也可以直接回复：跳过",)
    assert choice_said("1", asked) is None
    assert choice_said("跳过", asked) == "form:skip"


def test_labels_that_are_numbers_keep_their_own(texts: Texts) -> None:
    scale = entry("0–10 分？", choices=[{"id": f"survey:s:q:{n}", "label": str(n)} for n in range(11)])
    assert choice_said("0", scale) == "survey:s:q:0"
    assert choice_said("10", scale) == "survey:s:q:10"
    assert "1. " not in texts_of(scale, texts)[0]


def test_a_number_means_the_newest_reply_only() -> None:
    offer, plain = entry(choices=ARTICLES), entry("好的。")
    said = entry("二", kind=EntryKind.CUSTOMER)
    note, joined = entry("备注", kind=EntryKind.NOTE), entry("", kind=EntryKind.EVENT, code="joined")
    assert newest_offer([plain, offer, said, note, joined]) == offer
    assert newest_offer([offer, said, plain, said]) is None
    assert newest_offer([offer, entry("您好", kind=EntryKind.AGENT)]) is None
    assert newest_offer([]) is None


@pytest.mark.parametrize("word", ["退货要先申请，再寄回。", "long sentences, too. "])
def test_a_long_answer_becomes_several_texts_and_loses_no_word(word: str, texts: Texts) -> None:
    parts = texts_of(entry(word * 300, choices=ARTICLES), texts)
    assert len(parts) > 1
    assert all(0 < len(part.encode()) <= TEXT_LIMIT for part in parts)
    assert "".join(parts).count(word.strip()) == 300
    assert parts[-1].endswith("3. 转人工")


def test_markdown_is_written_plainly_and_an_agent_has_a_name(texts: Texts) -> None:
    answer = entry("**免费**，见[政策](https://shop.example.com/p)。", format="markdown", source={"title": "退货"})
    assert texts_of(answer, texts) == ("免费，见政策 (https://shop.example.com/p)。\n\n📖 来自《退货》",)
    assert texts_of(entry("您好", kind=EntryKind.AGENT, author="林静"), texts) == ("林静：您好",)
    assert texts_of(entry("", kind=EntryKind.EVENT, code="nothing_to_tell"), texts) == ()


def test_files_of_an_answer_are_named_and_linked_where_the_desk_can_be_reached(texts: Texts) -> None:
    address = f"/knowledge/files/{'a' * 64}/%E4%BF%9D.pdf"
    answer = entry("见附件。", attachments=[{"name": "保.pdf", "address": address}])
    assert texts_of(answer, texts) == ("见附件。\n\n📎 保.pdf",)
    linked = texts_of(answer, texts, public_url="https://help.example.com")
    assert linked == (f"见附件。\n\n📎 保.pdf https://help.example.com{address}",)
