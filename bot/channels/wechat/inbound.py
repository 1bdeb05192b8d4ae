"""bot: from a message of WeChat to an inbound. Pure; tested on one recorded payload a situation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.channels.wechat.envelope import Values
from bot.contracts import Inbound, InboundKind
from kit.refusals import Malformed

CHANNEL = "wechat"
HUMAN, START = "human", "start"
"""Keys of menu buttons that mean something to the desk; any other key is said as the customer's words."""
PHOTO = "photo"
FILES = {"image": PHOTO, "voice": "voice", "video": "video", "shortvideo": "video", "location": "location"}
"""Kinds of message whose content is not text, and what the house calls them."""
DIGEST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What a message means to the desk: an inbound, or why there is none."""

    key: str
    """The message's own id: the same one again is the same message."""
    inbound: Inbound | None = None
    ignored: str = ""


def translate(values: Values) -> Translated:
    """The meaning of a message. Raises `Malformed` when it does not even say who wrote it to whom."""
    missing = [name for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType") if not values.get(name)]
    if missing:
        raise Malformed(field=missing[0], details=dict.fromkeys(missing, "an element with text"))
    key = key_of(values)
    if values["MsgType"] == "event":
        return _happened(values, key)
    return _said(values, key)


def key_of(values: Values) -> str:
    """Messages have an id; events are known by customer, time and what happened."""
    number = values.get("MsgId", "")
    named = ("MsgId",) if number else ("FromUserName", "CreateTime", "Event", "EventKey")
    digest = hashlib.sha256("\n".join(values.get(name, "") for name in named).encode()).hexdigest()
    return f"{'message' if number else 'event'}.{digest[:DIGEST]}"


def _said(values: Values, key: str) -> Translated:
    kind = values["MsgType"]
    if kind == "text":
        return _inbound(values, key, InboundKind.TEXT, text=values.get("Content", ""))
    if kind == "link":
        shared = (values.get("Title", ""), values.get("Description", ""), values.get("Url", ""))
        return _inbound(values, key, InboundKind.TEXT, text="\n".join(filter(None, shared)))
    if kind in FILES:
        return _inbound(values, key, InboundKind.FILE, text=_words_of(values), file_kind=FILES[kind])
    return Translated(key=key, ignored="kind")


def _happened(values: Values, key: str) -> Translated:
    pressed = values.get("EventKey", "")
    match values.get("Event", "").lower():
        case "subscribe":
            return _inbound(values, key, InboundKind.START)
        case "click" if pressed == START:
            return _inbound(values, key, InboundKind.START)
        case "click" if pressed == HUMAN:
            return _inbound(values, key, InboundKind.PRESS, choice=HUMAN)
        case "click" if pressed:
            return _inbound(values, key, InboundKind.TEXT, text=pressed)
        case _:  # unsubscribe, SCAN, VIEW, LOCATION and whatever WeChat thinks of next: nothing was said
            return Translated(key=key, ignored="event")


def _words_of(values: Values) -> str:
    """What a file says in words: a place, or speech that WeChat has recognised."""
    if values["MsgType"] == "location":
        place = f"{values.get('Location_X', '')}, {values.get('Location_Y', '')}"
        return f"{values['Label']} ({place})" if values.get("Label") else place
    return values.get("Recognition", "")


def _inbound(
    values: Values,
    key: str,
    kind: InboundKind,
    *,
    text: str = "",
    choice: str = "",
    file_kind: str = "",
) -> Translated:
    return Translated(
        key=key,
        inbound=Inbound(
            channel=CHANNEL,
            external_id=key,
            address=values["FromUserName"],
            kind=kind,
            text=text,
            choice=choice,
            file_kind=file_kind,
            file_ref=values.get("MediaId", "") if file_kind == PHOTO else "",
        ),
    )
