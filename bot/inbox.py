"""bot: the inbox. Stores what a channel received, once, in order, before anybody acknowledges it.

One transaction holds the conversation's row, the sender's id and the numbered entry. News of it goes out after the
commit; whoever misses the news finds the entry in SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.clean import clean_name, clean_text, guess_language
from bot.contracts import Conversation, EntryKind, Inbound, InboundKind, NewEntry, Received
from bot.ports.stores import ConversationStore
from bot.refusals import EmptyMessage, KeyInUse, MessageTooLong
from bot.settings.conversation import InboxSettings
from kit.contracts import Clock, JsonValue, Language, Signals, Transactions, Tx
from kit.refusals import Malformed
from kit.texts import Texts

EXTERNAL_ID = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")
"""No colon: the keys of the house's own lines hold one, so no customer can take a reply's key."""
CHOICE = re.compile(r"[A-Za-z0-9_.:-]{1,100}\Z")
ADDRESS_LIMIT = 200
FILE_NAME_LIMIT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Takes in what channels receive."""

    store: ConversationStore
    transactions: Transactions
    signals: Signals
    texts: Texts
    clock: Clock
    settings: InboxSettings

    async def receive(self, inbound: Inbound) -> Received:
        """Store `inbound`; the second time it comes, say where it stands.

        Raises `EmptyMessage`, `MessageTooLong`, `Malformed` (nothing stored) or `KeyInUse`.
        """
        checked = check_inbound(inbound, text_limit=self.settings.text_limit)
        received = await self.transactions.write(lambda tx: self._store(tx, checked))
        if not received.duplicate:
            conversation_id = received.conversation_id
            # The turn first: the windows know the message already, the customer waits for the answer.
            await self.signals.publish("turns", {"conversation": conversation_id})
            await self.signals.publish(f"conversation:{conversation_id}", {"seq": received.seq})
        return received

    async def _store(self, tx: Tx, inbound: Inbound) -> Received:
        now = self.clock()
        home = await self.store.open(
            tx,
            channel=inbound.channel,
            address=inbound.address,
            customer_name=inbound.customer_name,
            language=inbound.language_hint or self.settings.default_language,
            at=now,
        )
        known = await self.store.find_received(tx, channel=inbound.channel, external_id=inbound.external_id)
        if known is not None:
            if known.conversation_id != home.id:
                raise KeyInUse(field="key")
            return known
        label = None
        if inbound.kind is InboundKind.PRESS:
            label = await self.store.label_of(tx, home.id, inbound.choice, to_seq=inbound.to_seq)
        [entry] = await self.store.append(tx, home.id, [self._line(inbound, home, label)], at=now)
        received = Received(conversation_id=home.id, seq=entry.seq, duplicate=False)
        await self.store.note_received(tx, channel=inbound.channel, external_id=inbound.external_id, received=received)
        return received

    def _line(self, inbound: Inbound, home: Conversation, label: str | None) -> NewEntry:
        payload: dict[str, JsonValue] = {"kind": inbound.kind.value}
        kind, text, language = EntryKind.CUSTOMER, inbound.text, home.language
        match inbound.kind:
            case InboundKind.TEXT:
                language = guess_language(inbound.text, home.language)
            case InboundKind.PRESS:
                payload |= {"choice": inbound.choice, "to_seq": inbound.to_seq}
                text = self._button(inbound.choice, home.language) if label is None else label
            case InboundKind.FILE:
                payload |= {"file": _facts_of(inbound), "caption": inbound.text}
                text = self.texts("bot.file.line", home.language, name=inbound.file_name or inbound.file_kind or "?")
                text = f"{text}\n{inbound.text}" if inbound.text else text
            case InboundKind.START:
                kind, text, language = EntryKind.EVENT, "", inbound.language_hint or home.language
                payload |= {"code": "started", "slots": {}, "public": False}
        return NewEntry(
            kind=kind,
            key=inbound.external_id,
            text=text,
            language=language,
            author=home.customer_name,
            payload=payload,
            asks_turn=True,
            public=kind is EntryKind.CUSTOMER,
            file=inbound.file,
        )

    def _button(self, choice: str, language: Language) -> str:
        return self.texts("bot.choice.human", language) if choice.partition(":")[0] == "human" else choice


def _facts_of(inbound: Inbound) -> dict[str, JsonValue]:
    """What people see of a file before they open it."""
    if inbound.file is not None:
        return inbound.file.facts
    facts: dict[str, JsonValue] = {"name": inbound.file_name, "kind": inbound.file_kind}
    return {**facts, "ref": inbound.file_ref} if inbound.file_ref else facts


def check_inbound(inbound: Inbound, *, text_limit: int) -> Inbound:
    """`inbound` cleaned and within its limits. Raises the refusals `Inbox.receive` names."""
    if not EXTERNAL_ID.match(inbound.external_id):
        raise Malformed(field="key", details={"key": EXTERNAL_ID.pattern})
    if not inbound.address or len(inbound.address) > ADDRESS_LIMIT:
        raise Malformed(field="address", details={"address": f"1-{ADDRESS_LIMIT}"})
    if inbound.kind is InboundKind.PRESS and not CHOICE.match(inbound.choice):
        raise Malformed(field="choice", details={"choice": CHOICE.pattern})
    text = clean_text(inbound.text)
    if inbound.kind is InboundKind.TEXT and not text:
        raise EmptyMessage(field="text")
    if len(text) > text_limit:
        raise MessageTooLong(field="text", limit=text_limit, length=len(text))
    return replace(
        inbound,
        text=text,
        customer_name=clean_name(inbound.customer_name),
        file_name=clean_name(inbound.file_name, limit=FILE_NAME_LIMIT),
        file_kind=clean_name(inbound.file_kind),
    )
