"""tests: one customer talking to the bot: real stores, inbox, turn and texts; nlu, base, files and queue by script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.contracts import Conversation, Entry, EntryKind
from bot.desk_conversations import DeskConversations
from bot.doors import Doors
from bot.render import Wording
from bot.settings.conversation import TurnSettings
from bot.turn import Outcome, Turn
from kit.contracts import Language
from kit.ids import new_id
from kit.texts import Texts
from tests.bot.support.desk import Parts
from tests.bot.support.no_surveys import NoSurveys
from tests.bot.support.policy import CATEGORIES, POLICY
from tests.bot.support.stand_ins import CaseFiles, Desk, FollowUps, Search, Understand

SHORT = TurnSettings(
    load_seconds=1.0,
    think_seconds=0.2,
    look_up_seconds=0.2,
    save_seconds=1.0,
)
"""Deadlines for tests in which a step hangs."""
PATIENT = TurnSettings.model_construct(
    load_seconds=30.0,
    think_seconds=30.0,
    look_up_seconds=30.0,
    save_seconds=30.0,
)
"""Deadlines for all others, longer than any desk may have: a machine that is busy elsewhere ends no step."""


class DeskTexts(Texts):
    """The real catalogues; events of a desk that is not there yet read as their code."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __call__(self, key: str, language: Language | str, /, **slots: object) -> str:
        if key.startswith("handoff.event."):
            return key
        return self._texts(key, language, **slots)


@dataclass(kw_only=True)
class Talk:
    """A conversation of one customer with the bot."""

    parts: Parts
    address: str = "visitor-1"
    channel: str = "widget"
    understand: Understand = field(default_factory=Understand)
    search: Search = field(default_factory=Search)
    cases: CaseFiles = field(default_factory=CaseFiles)
    follow_ups: FollowUps = field(default_factory=FollowUps)
    settings: TurnSettings = PATIENT
    conversation_id: str = ""

    def __post_init__(self) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        wording = Wording(texts=DeskTexts(self.parts.texts), categories=CATEGORIES, zone=zone)
        self.conversations = DeskConversations(store=self.parts.store, wording=wording)
        self.desk = Desk(conversations=self.conversations)
        self.wording = Wording(texts=self.parts.texts, categories=CATEGORIES, zone=zone)
        self.doors = Doors(
            transactions=self.parts.database,
            store=self.parts.store,
            turns=self.parts.turns,
            search=self.search,
            questions=self.search,
            cases=self.cases,
            evidence=self.cases,
            answers=self.cases,
            surveys=NoSurveys(),
            follow_ups=self.follow_ups,
            desk=self.desk,
            wording=self.wording,
        )
        self.turn = Turn(
            doors=self.doors,
            understand=self.understand,
            policy=POLICY,
            signals=self.parts.signals,
            clock=self.parts.clock,
            new_id=new_id,
            settings=self.settings,
        )

    async def hears(self, text: str) -> int:
        """The customer's text is stored; no turn yet. Returns its seq."""
        received = await self.parts.say(text, address=self.address, channel=self.channel)
        self.conversation_id = received.conversation_id
        return received.seq

    async def say(self, text: str) -> list[Entry]:
        """The customer writes and the bot's turn runs; returns the bot's replies."""
        seq = await self.hears(text)
        return await self._replies(seq)

    async def press(self, choice: str, *, to_seq: int | None = None) -> list[Entry]:
        """The customer presses a button and the bot's turn runs."""
        received = await self.parts.press(choice, to_seq=to_seq, address=self.address, channel=self.channel)
        self.conversation_id = received.conversation_id
        return await self._replies(received.seq)

    async def run(self) -> Outcome:
        """Run one turn."""
        return await self.turn.run(self.conversation_id)

    async def entries(self) -> list[Entry]:
        """The whole transcript."""
        return list(await self.parts.store.entries(self.conversation_id))

    async def conversation(self) -> Conversation:
        """The conversation as it stands."""
        conversation = await self.parts.store.find(self.conversation_id)
        assert conversation is not None
        return conversation

    async def is_due(self) -> bool:
        """Whether a turn waits."""
        return await self.parts.store.next_due(self.conversation_id) is not None

    async def agent_claims(self, agent_id: str = "agent-1") -> int:
        """A person takes the conversation; returns the new epoch."""
        return await self.parts.database.write(
            lambda tx: self.conversations.take_owner(
                tx, self.conversation_id, owner=f"agent:{agent_id}", at=self.parts.clock()
            )
        )

    async def _replies(self, after: int) -> list[Entry]:
        assert await self.run() is Outcome.DONE
        entries = await self.parts.store.entries(self.conversation_id, after=after)
        return [entry for entry in entries if entry.kind is EntryKind.BOT]


def choices_of(entries: Sequence[Entry]) -> list[str]:
    """Ids of all buttons under replies."""
    found: list[str] = []
    for entry in entries:
        choices = entry.payload.get("choices", [])
        assert isinstance(choices, list)
        found += [str(choice["id"]) for choice in choices if isinstance(choice, dict)]
    return found


Break = Callable[[str], object]
