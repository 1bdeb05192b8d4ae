"""tests: splitting and dressing of Telegram messages."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.buttons import Button, button_data, read_button
from bot.channels.telegram.messages import TEXT_LIMIT, keyboard_of, parts_of
from bot.contracts import Entry, EntryKind
from kit.contracts import JsonValue, Language
from kit.texts import Texts
from tests.support.clock import START


def entry_of(text: str, **payload: JsonValue) -> Entry:
    return Entry(
        conversation_id="c",
        seq=3,
        kind=EntryKind.BOT,
        key="k",
        text=text,
        language=Language.ZH,
        author="",
        at=START,
        payload=payload,
    )


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(text=st.text(alphabet=st.sampled_from("字a<&。. ，\n😀"), max_size=300).map(lambda part: part * 60))
def test_whatever_the_text_every_part_fits_and_every_character_arrives(texts: Texts, text: str) -> None:
    parts = parts_of(entry_of(text), texts=texts, to_html=html.escape)
    assert all(0 < utf16(part.html) <= TEXT_LIMIT for part in parts)
    assert squeezed("".join(part.plain for part in parts)) == squeezed(text)


def test_a_text_is_split_between_paragraphs_and_not_within_one_that_fits(texts: Texts) -> None:
    paragraphs = ["甲" * 2000, "乙" * 1500, "丙" * 1500, "丁" * 4000]
    parts = parts_of(entry_of("\n\n".join(paragraphs)), texts=texts, to_html=html.escape)
    assert [part.plain for part in parts] == [f"{paragraphs[0]}\n\n{paragraphs[1]}", paragraphs[2], paragraphs[3]]


def test_a_paragraph_too_long_is_split_after_a_sentence(texts: Texts) -> None:
    sentence = "这是一句话" * 100 + "。"
    parts = parts_of(entry_of(sentence * 20), texts=texts, to_html=html.escape)
    assert all(part.plain.endswith("。") for part in parts)


def test_long_choices_stand_below_each_other_and_short_ones_beside(texts: Texts) -> None:
    choices: list[JsonValue] = [
        {"id": "a", "label": "7 天内换一台新的"},
        {"id": "b", "label": "有用"},
        {"id": "c", "label": "没解决"},
        {"id": "d", "label": "都不是，找人工"},
    ]
    keyboard = keyboard_of(entry_of("?", choices=choices))
    assert keyboard is not None
    assert [[button.text for button in row] for row in keyboard.inline_keyboard] == [
        ["7 天内换一台新的"],
        ["有用", "没解决"],
        ["都不是，找人工"],
    ]


def test_choices_of_a_wrong_shape_are_left_out() -> None:
    choices: list[JsonValue] = [7, {"id": "a"}, {"label": "x"}, {"id": "", "label": "x"}, {"id": "b", "label": " "}]
    assert keyboard_of(entry_of("?", choices=choices)) is None
    assert keyboard_of(entry_of("?", choices={"id": "a", "label": "x"})) is None


@given(
    seq=st.integers(0, 999_999_999),
    choice=st.from_regex(r"[A-Za-z0-9_.:-]{1,100}", fullmatch=True),
    index=st.integers(0, 99),
)
def test_what_a_button_carries_fits_and_is_read_back(seq: int, choice: str, index: int) -> None:
    data = button_data(seq, choice, index=index)
    assert len(data.encode()) <= 64
    assert read_button(data) in {Button(seq=seq, choice=choice), Button(seq=seq, index=index)}


def test_an_answer_is_sent_in_the_short_form_its_editors_wrote_for_chat_apps(texts: Texts) -> None:
    source: dict[str, JsonValue] = {"title": "退款多久到账"}
    entry = entry_of("**长**答案", format="markdown", short=" 微信 1–3 天 <快> ", source=source)
    [part] = parts_of(entry, texts=texts, to_html=lambda _: "<b>长</b>答案")
    assert part.plain == "微信 1–3 天 <快>"
    assert part.html.startswith("微信 1–3 天 &lt;快&gt;\n\n📖 ")
    [whole] = parts_of(entry_of("**长**答案", format="markdown", short=""), texts=texts, to_html=lambda _: "<b>长</b>")
    assert whole.html == "<b>长</b>"
