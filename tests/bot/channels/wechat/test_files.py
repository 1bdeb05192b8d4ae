"""tests: pictures in WeChat: a representative's reaches the customer, a customer's is fetched when it is wanted."""

from __future__ import annotations

import pytest

from bot.channels.wechat.inbound import CHANNEL
from bot.contracts import EntryKind, FailureKind, NewEntry, Outgoing, SendFailed
from kit.contracts import Language
from kit.files import SentFile
from tests.bot.channels.wechat.desk import CUSTOMER, WeChatDesk, wechat_desk
from tests.bot.support.desk import Parts
from tests.support.fake_wechat import FakeWeChat

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PICTURE = SentFile(name="说明.png", media_type="image/png", content=PNG)
PAPER = SentFile(name="发票.pdf", media_type="application/pdf", content=b"%PDF-1.7 ")


async def sent_by_agent(desk: WeChatDesk, file: SentFile) -> Outgoing:
    """The outbox row of a representative's file."""
    parts = desk.parts
    received = await parts.say("在吗", address=CUSTOMER, channel=CHANNEL)
    new = NewEntry(
        kind=EntryKind.AGENT,
        key=parts.next_key(),
        text=f"[文件] {file.name}",
        language=Language.ZH,
        author="林静",
        payload={"file": file.facts},
        file=file,
    )
    await parts.database.write(lambda tx: parts.store.append(tx, received.conversation_id, [new], at=parts.clock()))
    [row] = await parts.outbox.heads(parts.clock(), channels=frozenset({CHANNEL}), limit=1)
    return row


async def test_a_representatives_picture_arrives_and_a_paper_is_told_to_have_failed(
    wechat: FakeWeChat, sqlite_parts: Parts
) -> None:
    async with wechat_desk(wechat, sqlite_parts) as desk:
        row = await sent_by_agent(desk, PICTURE)
        await desk.send(row)
        assert wechat.pictures == [(CUSTOMER, PNG)]
        wechat.stale.add(wechat.tokens[-1])
        await desk.channel.sender.send(row)
        assert len(wechat.pictures) == 2
        with pytest.raises(SendFailed) as failed:
            await desk.channel.sender.send(await sent_by_agent(desk, PAPER))
        assert failed.value.kind is FailureKind.OURS


async def test_a_customers_picture_is_fetched_by_wechats_own_name(wechat: FakeWeChat, sqlite_parts: Parts) -> None:
    wechat.media["media_1"] = PNG
    async with wechat_desk(wechat, sqlite_parts) as desk:
        assert await desk.channel.files.fetch("media_1") == PNG
        with pytest.raises(SendFailed) as failed:
            await desk.channel.files.fetch("three_days_old")
        assert failed.value.kind is FailureKind.OURS
