"""bot: files that customers and representatives send each other: kept with their line, or fetched from the channel.

Telegram tells of a file and hands it out on demand: it is fetched when somebody first wants to see it, and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.contracts import Entry, FailureKind, SendFailed
from bot.ports import FetchesFiles
from bot.ports.stores import ConversationStore, FileStore
from bot.refusals import FileAway, FileGone, TooManyFiles
from bot.settings.conversation import FileSettings
from handoff.ports import FileLine
from kit.contracts import Clock, Transactions
from kit.files import SentFile, check_file
from kit.refusals import NotFound

A_DAY = timedelta(days=1)
NAMED = 30
"""Most files of a conversation that are named beside it."""


class EntryFiles:
    """Reads the files of conversations. `fetchers` are the channels that hand files out, by name."""

    def __init__(
        self,
        *,
        store: ConversationStore,
        files: FileStore,
        fetchers: Mapping[str, FetchesFiles],
        transactions: Transactions,
        settings: FileSettings,
        clock: Clock,
    ) -> None:
        self._store, self._files, self._fetchers = store, files, dict(fetchers)
        self._transactions, self._settings, self._clock = transactions, settings, clock

    async def load(self, conversation_id: str, seq: int) -> SentFile:
        """The file of a line. Raises NotFound, FileGone, FileAway, and what `check_file` raises."""
        kept = await self._files.find(conversation_id, seq)
        if kept is not None:
            return kept
        entry = await self._store.entry(conversation_id, seq)
        home = await self._store.find(conversation_id)
        if entry is None or home is None:
            raise NotFound
        name, ref = _named(entry)
        fetcher = self._fetchers.get(home.channel)
        if not ref or fetcher is None:
            raise NotFound
        try:
            content = await fetcher.fetch(ref)
        except SendFailed as failed:
            raise (FileAway if failed.kind in {FailureKind.LATER, FailureKind.UNAVAILABLE} else FileGone) from failed
        file = self.check(name, content)
        await self._transactions.write(lambda tx: self._files.put(tx, conversation_id, seq, file))
        return file

    async def of(self, conversation_id: str) -> tuple[FileLine, ...]:
        """The files of a conversation, the newest first."""
        return tuple(
            FileLine(seq=entry.seq, kind=entry.kind.value, name=_named(entry)[0] or entry.text, at=entry.at)
            for entry in await self._store.with_files(conversation_id, limit=NAMED)
        )

    def check(self, name: str, content: bytes) -> SentFile:
        """What somebody wants to send, as it is kept. Raises FileTooLarge, FileUnknown."""
        return check_file(name, content, limit_mib=self._settings.size_limit_mib)

    async def check_pace(self, conversation_id: str) -> None:
        """A customer sends only so many a day. Raises TooManyFiles."""
        sent = await self._files.count(conversation_id, since=self._clock() - A_DAY)
        if sent >= self._settings.customer_sends_a_day:
            raise TooManyFiles(field="file", most=self._settings.customer_sends_a_day)


def _named(entry: Entry) -> tuple[str, str]:
    file = entry.payload.get("file")
    if not isinstance(file, dict):
        return "", ""
    return str(file.get("name") or ""), str(file.get("ref") or "")
