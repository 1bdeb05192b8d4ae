"""bot: from a Telegram update to an inbound. Pure; tested on one recorded payload a situation."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from telegram import CallbackQuery, Chat, Message, Update, User

from bot.channels.telegram.buttons import Button, read_button
from bot.contracts import Inbound, InboundKind
from kit.contracts import Language

CHANNEL = "telegram"
UPDATES = ("message", "edited_message", "callback_query")
"""The kinds of update the desk asks Telegram for."""
COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,32})?(?:\s|\Z)")
FILES = (
    "photo",
    "animation",  # before document: an animation is sent with both
    "document",
    "sticker",
    "voice",
    "audio",
    "video",
    "video_note",
    "venue",  # before location: a venue is sent with both
    "location",
    "live_photo",
    "poll",
    "dice",
    "story",
    "game",
    "paid_media",
    "checklist",
)
"""Attributes of a message whose content is not text, in the order they are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """The outside of a pressed button: what must be answered and put away once the press is stored."""

    callback_id: str
    button: Button | None = None
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What an update means to the desk: an inbound, or why there is none (`ignored`)."""

    inbound: Inbound | None = None
    ignored: str = ""
    press: Press | None = field(default=None)


def translate(update: Update) -> Translated:
    """The meaning of `update`. Never raises for an update that python-telegram-bot could read."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    message = update.message or update.edited_message
    if message is None:
        return Translated(ignored="kind")
    if message.chat.type != Chat.PRIVATE:
        return Translated(ignored="not_private")
    if message.from_user is None or message.from_user.is_bot:
        return Translated(ignored="no_person")
    external_id = f"{update.update_id}.{message.chat.id}.{message.message_id}"
    inbound = _said(message, message.from_user, external_id, edited=update.edited_message is not None)
    return Translated(inbound=inbound) if inbound else Translated(ignored="nothing_said")


def hint_of(user: User) -> Language | None:
    """The language of the customer's Telegram, where the desk speaks it."""
    spoken = (user.language_code or "").lower().partition("-")[0]
    return Language(spoken) if spoken in set(Language) else None


def _said(message: Message, user: User, external_id: str, *, edited: bool) -> Inbound | None:
    """The inbound of a message. An edited text counts as said anew, because it asks for a new answer."""
    if message.text is not None:
        command = COMMAND.match(message.text)
        name = command["name"].lower() if command else ""
        if name in {"start", "help"} and not edited:
            return _inbound(InboundKind.START, message.chat.id, user, external_id)
        if name == "human" and not edited:
            return _inbound(InboundKind.PRESS, message.chat.id, user, external_id, choice="human")
        return _inbound(InboundKind.TEXT, message.chat.id, user, external_id, text=message.text)
    if message.contact is not None:
        # People answer "how can we reach you" with their card: it is text to the desk.
        card = f"{message.contact.first_name} {message.contact.last_name or ''}".strip()
        text = f"{card} {message.contact.phone_number}"
        return _inbound(InboundKind.TEXT, message.chat.id, user, external_id, text=text)
    kind = next((kind for kind in FILES if getattr(message, kind, None)), None)
    if kind is None or edited:
        return None
    return _inbound(
        InboundKind.FILE,
        message.chat.id,
        user,
        external_id,
        text=_words_of(message),
        file_kind=kind,
        file_name=_file_name(message),
        file_ref=_file_ref(message),
    )


def _pressed(query: CallbackQuery) -> Translated:
    button = read_button(query.data or "")
    message = query.message if isinstance(query.message, Message) else None
    press = Press(callback_id=query.id, button=button, message=message)
    if button is None or query.message is None:
        return Translated(ignored="foreign_button", press=press)
    if query.message.chat.type != Chat.PRIVATE:
        return Translated(ignored="not_private", press=press)
    # Named by button, not by update: a double tap is one press.
    tapped = hashlib.sha256((query.data or "").encode()).hexdigest()[:16]
    chat = query.message.chat.id
    external_id = f"press.{chat}.{query.message.message_id}.{tapped}"
    return Translated(
        inbound=_inbound(
            InboundKind.PRESS, chat, query.from_user, external_id, choice=button.choice, to_seq=button.seq
        ),
        press=press,
    )


def _inbound(
    kind: InboundKind,
    chat_id: int,
    user: User,
    external_id: str,
    *,
    text: str = "",
    choice: str = "",
    to_seq: int | None = None,
    file_kind: str = "",
    file_name: str = "",
    file_ref: str = "",
) -> Inbound:
    return Inbound(
        channel=CHANNEL,
        external_id=external_id,
        address=str(chat_id),
        kind=kind,
        text=text,
        choice=choice,
        to_seq=to_seq,
        customer_name=user.full_name,
        language_hint=hint_of(user),
        file_kind=file_kind,
        file_name=file_name,
        file_ref=file_ref,
    )


def _words_of(message: Message) -> str:
    """What a file says in words, for the bot and for the agent who reads it."""
    if message.caption:
        return message.caption
    if message.venue is not None:
        return f"{message.venue.title}, {message.venue.address}"
    if message.location is not None:
        return f"{message.location.latitude}, {message.location.longitude}"
    if message.sticker is not None:
        return message.sticker.emoji or ""
    if message.poll is not None:
        return message.poll.question
    return ""


def _file_name(message: Message) -> str:
    named = message.document or message.audio or message.video or message.animation
    return (named.file_name or "") if named is not None else ""


def _file_ref(message: Message) -> str:
    """Telegram's name of what can be fetched and looked at: pictures, papers, films. The largest size of a photo."""
    if message.photo:
        return message.photo[-1].file_id
    found = message.animation or message.document or message.video
    return found.file_id if found is not None else ""
