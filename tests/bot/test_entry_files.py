"""Promises about files in conversations: stored with their line, fetched once from a chat app, never too many."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.adapters.file_store import SqlFileStore
from bot.contracts import FailureKind, Inbound, InboundKind, SendFailed
from bot.entry_files import EntryFiles
from bot.public import public_payload
from bot.refusals import FileAway, FileGone, TooManyFiles
from bot.settings.conversation import FileSettings
from kit.files import SentFile
from kit.refusals import FileTooLarge, FileUnknown, NotFound
from tests.bot.support.desk import Parts

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PHOTO = SentFile(name="故障.png", media_type="image/png", content=PNG)


@dataclass(slots=True)
class Channel:
    """A chat app that hands files out."""

    files: dict[str, bytes] = field(default_factory=dict)
    failure: FailureKind = FailureKind.OURS
    asked: int = 0

    async def fetch(self, ref: str) -> bytes:
        self.asked += 1
        if ref not in self.files:
            raise SendFailed(self.failure, "no such file")
        return self.files[ref]


def files_of(parts: Parts, channel: Channel | None = None, *, a_day: int = 30) -> EntryFiles:
    return EntryFiles(
        store=parts.store,
        files=SqlFileStore(parts.database),
        fetchers={"telegram": channel or Channel()},
        transactions=parts.database,
        settings=FileSettings(size_limit_mib=1, customer_sends_a_day=a_day),
        clock=parts.clock,
    )


async def send(parts: Parts, *, ref: str = "", file: SentFile | None = PHOTO, key: str = "") -> tuple[str, int]:
    """A customer sends a file; (conversation, seq)."""
    sent = Inbound(
        channel="telegram" if ref else "web",
        external_id=key or parts.next_key(),
        address="visitor-1",
        kind=InboundKind.FILE,
        file_name=file.name if file else "",
        file_kind="photo",
        file=file,
        file_ref=ref,
    )
    received = await parts.inbox.receive(sent)
    return received.conversation_id, received.seq


async def test_a_file_is_stored_with_its_line_and_once_for_the_same_key(parts: Parts) -> None:
    where = await send(parts, key="k1")
    assert await send(parts, key="k1") == where
    assert await files_of(parts).load(*where) == PHOTO
    [entry] = await parts.store.entries(where[0])
    assert entry.text == "[文件] 故障.png"
    assert entry.payload["file"] == {"name": "故障.png", "kind": "photo", "media_type": "image/png", "size": len(PNG)}
    with pytest.raises(NotFound):
        await files_of(parts).load(where[0], where[1] + 1)
    with pytest.raises(NotFound):
        await files_of(parts).load("nobody", 1)


async def test_what_lies_in_a_chat_app_is_fetched_when_it_is_wanted_and_then_kept(parts: Parts) -> None:
    channel = Channel({"AgAC": PNG})
    where = await send(parts, ref="AgAC", file=None)
    files = files_of(parts, channel)
    assert (await files.load(*where)).content == PNG
    assert await files.load(*where) == SentFile(name="file.png", media_type="image/png", content=PNG)
    assert channel.asked == 1
    [entry] = await parts.store.entries(where[0])
    assert public_payload(entry.payload)["file"] == {"name": "", "kind": "photo"}  # the app's own name stays inside


@pytest.mark.parametrize(
    ("content", "failure", "refusal"),
    [
        (b"<svg onload=alert(1)>", FailureKind.OURS, FileUnknown),
        (PNG + bytes(1024 * 1024), FailureKind.OURS, FileTooLarge),
        (None, FailureKind.OURS, FileGone),
        (None, FailureKind.UNAVAILABLE, FileAway),
    ],
)
async def test_what_cannot_be_shown_says_why(
    sqlite_parts: Parts, content: bytes | None, failure: FailureKind, refusal: type[Exception]
) -> None:
    channel = Channel({} if content is None else {"AgAC": content}, failure)
    where = await send(sqlite_parts, ref="AgAC", file=None)
    with pytest.raises(refusal):
        await files_of(sqlite_parts, channel).load(*where)


async def test_a_customer_sends_only_so_many_a_day(parts: Parts) -> None:
    files = files_of(parts, a_day=2)
    await send(parts)
    parts.clock.forward(minutes=1)
    conversation, _ = await send(parts, file=replace(PHOTO, content=PNG + b"another"))
    with pytest.raises(TooManyFiles):
        await files.check_pace(conversation)
    parts.clock.forward(days=1)
    await files.check_pace(conversation)


async def test_the_files_of_a_conversation_are_named_newest_first(parts: Parts) -> None:
    files = files_of(parts)
    where, first = await send(parts)
    await parts.say("就是这里坏了", address="visitor-1")
    _, second = await send(parts, key="again")
    assert [(one.seq, one.kind, one.name) for one in await files.of(where)] == [
        (second, "customer", "故障.png"),
        (first, "customer", "故障.png"),
    ]
    assert await files.of("nowhere") == ()
