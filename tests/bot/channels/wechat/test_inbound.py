"""tests: from recorded messages of WeChat to inbounds; every payload of tests/payloads/wechat is expected here."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.wechat.envelope import Values, read_xml
from bot.channels.wechat.inbound import CHANNEL, key_of, translate
from bot.contracts import InboundKind
from bot.inbox import check_inbound
from kit.refusals import Malformed

PAYLOADS = Path(__file__).parents[3] / "payloads" / "wechat"
CUSTOMER = "oABCD_-efgh1234567890ijklmnop"
TEXT, FILE, PRESS, START = InboundKind.TEXT, InboundKind.FILE, InboundKind.PRESS, InboundKind.START
SAID: dict[str, tuple[InboundKind, str]] = {
    "text_zh": (TEXT, "洗衣机脱水的时候响得厉害，才买三天，能换吗？"),
    "text_en": (TEXT, "My dishwasher won't drain & leaks <badly>. Order CJ2611-088213"),
    "text_emoji": (TEXT, "😡👎🏽/::B"),
    "link": (TEXT, "小澄电热水壶\nhttps://shop.example.com/kettle"),
    "click_words": (TEXT, "门店几点开门"),
    "image": (FILE, ""),
    "voice": (FILE, ""),
    "voice_recognised": (FILE, "门店几点开门？"),
    "video": (FILE, ""),
    "location": (FILE, "杭州市西湖区文三路 (30.274151, 120.155148)"),
    "location_unnamed": (FILE, "30.27, 120.15"),
    "subscribe": (START, ""),
    "subscribe_by_code": (START, ""),
    "click_start": (START, ""),
    "click_human": (PRESS, ""),
}
KINDS = {"image": "photo", "voice": "voice", "voice_recognised": "voice", "video": "video"}
IGNORED = {"unsubscribe": "event", "scan": "event", "view": "event", "location_event": "event", "unknown_kind": "kind"}


def payload(name: str) -> Values:
    return read_xml((PAYLOADS / f"{name}.xml").read_bytes())


def test_every_recorded_message_is_expected_here() -> None:
    assert {path.stem for path in PAYLOADS.iterdir()} == SAID.keys() | IGNORED.keys()


@pytest.mark.parametrize("name", SAID)
def test_what_a_customer_does_becomes_an_inbound_the_inbox_takes(name: str) -> None:
    found = translate(payload(name)).inbound
    assert found is not None
    kind, text = SAID[name]
    assert (found.kind, found.text, found.channel, found.address) == (kind, text, CHANNEL, CUSTOMER)
    assert found.choice == ("human" if kind is PRESS else "")
    assert found.file_kind == (KINDS.get(name, "location") if kind is FILE else "")
    assert found.file_ref == ("media_1" if name == "image" else "")
    check_inbound(found, text_limit=2000)


@pytest.mark.parametrize("name", IGNORED)
def test_what_says_nothing_is_passed_over(name: str) -> None:
    found = translate(payload(name))
    assert (found.inbound, found.ignored) == (None, IGNORED[name])


def test_a_message_is_known_by_its_number_and_an_event_by_who_when_and_what() -> None:
    text, event = payload("text_zh"), payload("click_words")
    assert key_of({**text, "Content": "changed"}) == key_of(text)
    assert key_of({**text, "MsgId": "1"}) != key_of(text)
    assert key_of(dict(event)) == key_of(event)
    for name in ("FromUserName", "CreateTime", "Event", "EventKey"):
        assert key_of({**event, name: "9"}) != key_of(event), name


@pytest.mark.parametrize("missing", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
def test_a_message_that_does_not_say_who_wrote_it_is_malformed(missing: str) -> None:
    with pytest.raises(Malformed):
        translate({name: value for name, value in payload("text_zh").items() if name != missing})
