"""tests: from recorded updates to inbounds; every payload of tests/payloads/telegram is expected here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from telegram import Update

from bot.channels.telegram.inbound import CHANNEL, Translated, translate
from bot.channels.telegram.reading import read_update
from bot.contracts import Inbound, InboundKind
from bot.inbox import check_inbound
from kit.contracts import Language

PAYLOADS = Path(__file__).parents[3] / "payloads" / "telegram"
ZH = ("5127364418", "周 雨桐", Language.ZH)
EN = ("6830127745", "Maya Okafor", Language.EN)

TEXTS = {
    "text_zh": (ZH, "洗衣机脱水的时候响得厉害，才买三天，能换吗？"),
    "text_en": (EN, "My dishwasher won't drain. It's order CJ2611-088213, what now?"),
    "text_emoji_only": (ZH, "😡😡👎🏽👨‍👩‍👧"),
    "text_styled": (EN, "See https://example.com and *this* <b>bold</b> & more"),
    "text_huge": (ZH, "退货退货怎么弄" * 585 + "啊"),
    "text_control_characters": (EN, "hello\x00 wor\u202eld\u200b"),
    "text_rasa_command": (ZH, '/intent{"name":"restart"}'),
    "text_restart": (ZH, "/restart"),
    "edited_message": (ZH, "发票抬头写错了怎么改"),
    "contact": (ZH, "周 雨桐 +8613800138000"),
    "forwarded": (ZH, "【澄家】您的订单 CJ2611-088213 已发货"),
    "reply": (ZH, "这个不行"),
    "reply_to_what_the_library_cannot_read": (EN, "None of these, I want my money back"),
}
FILES = {
    "photo_with_caption": (ZH, "photo", "", "到货就这样了，怎么办"),
    "photo_of_album": (EN, "photo", "", ""),
    "sticker": (ZH, "sticker", "", "😭"),
    "voice": (ZH, "voice", "", ""),
    "audio": (EN, "audio", "dishwasher noise.m4a", ""),
    "video": (ZH, "video", "IMG_4471.MOV", "听这个声音"),
    "video_note": (ZH, "video_note", "", ""),
    "animation": (EN, "animation", "giphy.mp4", ""),
    "document": (ZH, "document", "购买发票 2026-11.pdf", ""),
    "location": (ZH, "location", "", "30.274151, 120.155148"),
    "venue": (EN, "venue", "", "Clearhome Soho, 18 Berwick Street"),
    "poll": (EN, "poll", "", "Which day suits you?"),
    "dice": (ZH, "dice", "", ""),
}
STARTS = {"start": ZH, "start_deep_link": EN}
PERSON_COMMANDS = {"human_command": ZH, "human_command_named": EN}
PRESSES = {
    "press": (ZH, "article:01JD6Y3Z2W9K4V7T8N5R1QXABC", 14, None),
    "press_by_index": (ZH, "", 14, 1),
    "press_on_old_message": (EN, "helped:yes", 9, None),
}
IGNORED = {
    "edited_caption": "nothing_said",
    "live_location_moved": "nothing_said",
    "service_pinned": "nothing_said",
    "service_auto_delete_timer": "nothing_said",
    "unknown_content": "nothing_said",
    "group_message": "not_private",
    "group_anonymous_admin": "not_private",
    "press_in_group": "not_private",
    "press_foreign_button": "foreign_button",
    "press_inline_message": "foreign_button",
    "channel_post": "kind",
    "blocked_by_customer": "kind",
    "reaction": "kind",
    "unknown_kind": "kind",
}


def payload(name: str) -> Update:
    update = read_update(json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8")))
    assert update is not None
    return update


def translated(name: str) -> Translated:
    found = translate(payload(name))
    if found.inbound is not None:
        assert found.inbound.channel == CHANNEL
        assert not found.ignored
    return found


def inbound(name: str) -> Inbound:
    found = translated(name).inbound
    assert found is not None
    return found


def who(found: Inbound) -> tuple[str, str, Language | None]:
    return found.address, found.customer_name, found.language_hint


def test_every_recorded_payload_has_its_expectation() -> None:
    expected = [*TEXTS, *FILES, *STARTS, *PERSON_COMMANDS, *PRESSES, *IGNORED]
    assert len(expected) == len(set(expected))
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(expected)


@pytest.mark.parametrize("name", TEXTS)
def test_words_arrive_as_they_were_typed(name: str) -> None:
    found = inbound(name)
    customer, text = TEXTS[name]
    assert (found.kind, found.text, who(found)) == (InboundKind.TEXT, text, customer)


@pytest.mark.parametrize("name", FILES)
def test_a_file_arrives_with_its_kind_its_name_and_its_words(name: str) -> None:
    found = inbound(name)
    customer, kind, file_name, text = FILES[name]
    assert found.kind is InboundKind.FILE
    assert (found.file_kind, found.file_name, found.text, who(found)) == (kind, file_name, text, customer)
    assert bool(found.file_ref) is (kind in {"photo", "document", "video", "animation"})


@pytest.mark.parametrize("name", STARTS)
def test_start_opens_the_conversation(name: str) -> None:
    found = inbound(name)
    assert (found.kind, found.text, who(found)) == (InboundKind.START, "", STARTS[name])


@pytest.mark.parametrize("name", PERSON_COMMANDS)
def test_the_menu_command_asks_for_a_person(name: str) -> None:
    found = inbound(name)
    assert (found.kind, found.choice, who(found)) == (InboundKind.PRESS, "human", PERSON_COMMANDS[name])


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_names_its_choice_and_its_entry(name: str) -> None:
    found, (customer, choice, seq, index) = translated(name), PRESSES[name]
    assert found.inbound is not None
    assert found.press is not None
    assert found.press.button is not None
    assert (found.inbound.kind, found.inbound.choice, found.inbound.to_seq) == (InboundKind.PRESS, choice, seq)
    assert found.press.button.index == index
    assert who(found.inbound) == customer


@pytest.mark.parametrize("name", IGNORED)
def test_what_is_no_word_of_a_customer_is_left_alone_for_a_named_reason(name: str) -> None:
    found = translated(name)
    assert found.inbound is None
    assert found.ignored == IGNORED[name]


@pytest.mark.parametrize("name", ["press_foreign_button", "press_inline_message", "press_in_group"])
def test_a_press_that_means_nothing_here_is_still_answered_so_that_it_stops_spinning(name: str) -> None:
    found = translated(name)
    assert found.press is not None
    assert found.press.callback_id == "22021869523416"


@pytest.mark.parametrize("name", sorted({*TEXTS, *FILES, *STARTS, *PERSON_COMMANDS} - {"text_huge"}))
def test_the_inbox_takes_every_translation(name: str) -> None:
    check_inbound(inbound(name), text_limit=2000)


def test_a_message_and_its_edit_are_two_things_and_a_redelivery_is_one() -> None:
    first, again = inbound("text_zh"), inbound("text_zh")
    assert first.external_id == again.external_id
    edited = json.loads((PAYLOADS / "text_zh.json").read_text(encoding="utf-8"))
    edited = {"update_id": edited["update_id"] + 1, "edited_message": edited["message"] | {"edit_date": 1}}
    anew = translate(Update.de_json(edited, None)).inbound
    assert anew is not None
    assert anew.external_id != first.external_id


def test_two_customers_never_share_an_id_even_when_telegram_numbers_updates_anew() -> None:
    raw = json.loads((PAYLOADS / "text_en.json").read_text(encoding="utf-8"))
    raw["update_id"] = json.loads((PAYLOADS / "text_zh.json").read_text(encoding="utf-8"))["update_id"]
    other = translate(Update.de_json(raw, None)).inbound
    assert other is not None
    assert other.external_id != inbound("text_zh").external_id


def test_a_double_tap_is_one_press_and_another_button_is_another() -> None:
    raw = json.loads((PAYLOADS / "press.json").read_text(encoding="utf-8"))
    raw["update_id"] += 5
    raw["callback_query"]["id"] = "22021869523417"
    second = translate(Update.de_json(raw, None)).inbound
    raw["callback_query"]["data"] = "14:human"
    other = translate(Update.de_json(raw, None)).inbound
    assert second is not None
    assert other is not None
    assert second.external_id == inbound("press").external_id != other.external_id


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-hans", Language.ZH), ("zh-TW", Language.ZH), ("en-GB", Language.EN), ("fr", None), (None, None)],
)
def test_the_language_of_the_app_is_a_hint_where_the_desk_speaks_it(
    code: str | None, language: Language | None
) -> None:
    raw = json.loads((PAYLOADS / "text_zh.json").read_text(encoding="utf-8"))
    raw["message"]["from"].pop("language_code")
    if code:
        raw["message"]["from"]["language_code"] = code
    found = translate(Update.de_json(raw, None)).inbound
    assert found is not None
    assert found.language_hint is language


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"update_id": "7"}, {"update_id": None, "message": {}}])
def test_what_is_no_update_is_told_apart(raw: object) -> None:
    assert read_update(raw) is None


@pytest.mark.parametrize("message", [7, [], {"text": "hi"}, {"message_id": 1, "date": "x", "chat": {}}])
def test_an_update_whose_message_is_nonsense_is_an_update_without_meaning(message: object) -> None:
    update = read_update({"update_id": 9, "message": message})
    assert update is not None
    assert update.update_id == 9
    assert translate(update).ignored == "kind"
