"""bot: what the cases room tells a customer, written into their conversation; implements `cases.ports.Customers`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.contracts import EntryKind, NewEntry
from bot.ports.stores import ConversationStore
from bot.render import Wording
from cases.contracts import Letter
from cases.contracts.follow_ups import ChatQuestion
from cases.contracts.surveys import Asked, Button
from kit.contracts import JsonValue, Language, Signals, Tx

CASE_PRESS = "case"
"""Family of the buttons under a letter: `case:confirm:<number>`."""


class CaseLetters:
    """Writes letters in the language of the conversation; the outbox carries them where they have to be pushed."""

    def __init__(
        self,
        *,
        store: ConversationStore,
        wording: Wording,
        signals: Signals,
        survey_address: Callable[[str], str] | None = None,
    ) -> None:
        """`survey_address` makes the address of a survey's own page; None where the desk has no public address."""
        self._store, self._wording, self._signals = store, wording, signals
        self._survey_address = survey_address

    async def tell(self, tx: Tx, conversation_id: str, letter: Letter, *, at: datetime) -> int | None:
        conversation = await self._store.locked(tx, conversation_id)
        if conversation is None:
            return None  # the customer had it deleted; the file keeps what was to be said
        text, choices = written(letter, self._wording, conversation.language, now=at)
        payload: dict[str, JsonValue] = {"choices": choices} if choices else {}
        entry = NewEntry(kind=EntryKind.BOT, key=letter.key, text=text, language=conversation.language, payload=payload)
        [stored] = await self._store.append(tx, conversation_id, [entry], at=at)
        return stored.seq

    async def ask_survey(self, tx: Tx, conversation_id: str, asked: Asked, *, at: datetime) -> int | None:
        conversation = await self._store.locked(tx, conversation_id)
        if conversation is None:
            return None
        language = conversation.language
        payload: dict[str, JsonValue] = {"choices": choices_of(asked.buttons, language)}
        text = asked.words[language]
        if self._survey_address is not None and asked.survey_id:
            address = self._survey_address(asked.survey_id)
            text = "\n".join((text, self._wording.texts("cases.survey.page_too", language, address=address)))
        entry = NewEntry(kind=EntryKind.BOT, key=asked.key, text=text, language=language, payload=payload)
        [stored] = await self._store.append(tx, conversation_id, [entry], at=at)
        return stored.seq

    async def ask(self, tx: Tx, conversation_id: str, question: ChatQuestion, *, at: datetime) -> int | None:
        conversation = await self._store.locked(tx, conversation_id)
        if conversation is None:
            return None
        choices: list[JsonValue] = [{"id": id_, "label": label} for id_, label in question.choices]
        entry = NewEntry(
            kind=EntryKind.BOT,
            key=question.key,
            text=question.text,
            language=conversation.language,
            payload={"choices": choices},
        )
        [stored] = await self._store.append(tx, conversation_id, [entry], at=at)
        return stored.seq

    async def wake(self, conversation_id: str, *, seq: int) -> None:
        await self._signals.publish(f"conversation:{conversation_id}", {"seq": seq})


def choices_of(buttons: Iterable[Button], language: Language) -> list[JsonValue]:
    """Answers of a survey as buttons."""
    return [{"id": button.id, "label": button.label[language]} for button in buttons]


def written(letter: Letter, wording: Wording, language: Language, *, now: datetime) -> tuple[str, list[JsonValue]]:
    """The words and buttons of a letter."""
    slots = {
        name: wording.moment(value, language, now=now) if isinstance(value, datetime) else value
        for name, value in letter.slots.items()
    }
    number = str(slots["number"])
    choices: list[JsonValue] = [
        {"id": f"{CASE_PRESS}:{choice}:{number}", "label": wording.texts(f"cases.choice.{choice}", language)}
        for choice in letter.choices
    ]
    return wording.texts(f"cases.letter.{letter.code}", language, **slots), choices
