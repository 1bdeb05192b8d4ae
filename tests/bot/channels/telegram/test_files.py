"""tests: files in Telegram: a representative's reaches the customer, a customer's is fetched when it is wanted."""

from __future__ import annotations

import pytest

from bot.channels.telegram.inbound import CHANNEL
from bot.contracts import EntryKind, FailureKind, NewEntry, Outgoing, SendFailed
from kit.contracts import JsonValue, Language
from kit.files import SentFile
from knowledge_base.adapters.build import build_attachments
from tests.bot.channels.telegram.desk import TelegramDesk
from tests.support.articles import MEI
from tests.support.fake_bot_api import FakeBotApi

CHAT = 42
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PHOTO = SentFile(name="说明.png", media_type="image/png", content=PNG)
PAPER = SentFile(name="发票.pdf", media_type="application/pdf", content=b"%PDF-1.7 ")


async def sent_by_agent(desk: TelegramDesk, file: SentFile) -> Outgoing:
    """The outbox row of a representative's file."""
    parts = desk.parts
    received = await parts.say("在吗", address=str(CHAT), channel=CHANNEL)
    new = NewEntry(
        kind=EntryKind.AGENT,
        key=parts.next_key(),
        text=f"[文件] {file.name}",
        language=Language.ZH,
        author="林静 <客服>",
        payload={"file": file.facts},
        file=file,
    )
    await parts.database.write(lambda tx: parts.store.append(tx, received.conversation_id, [new], at=parts.clock()))
    [row] = await parts.outbox.heads(parts.clock(), channels=frozenset({CHANNEL}), limit=1)
    return row


@pytest.mark.parametrize(("file", "kind"), [(PHOTO, "photo"), (PAPER, "document")])
async def test_a_representatives_file_arrives_under_their_name(
    api: FakeBotApi, desk: TelegramDesk, file: SentFile, kind: str
) -> None:
    message_id = await desk.channel.sender.send(await sent_by_agent(desk, file))
    [(method, name, content)] = api.uploads
    assert (method, name, content) == (kind, file.name, file.content)
    [message] = api.messages(CHAT)
    assert (message["text"], str(message["message_id"])) == ("林静 <客服>", message_id)


async def test_a_file_to_somebody_who_is_gone_fails_for_good(api: FakeBotApi, desk: TelegramDesk) -> None:
    api.blocked.add(CHAT)
    with pytest.raises(SendFailed) as failed:
        await desk.channel.sender.send(await sent_by_agent(desk, PHOTO))
    assert failed.value.kind is FailureKind.GONE


async def test_a_customers_file_is_fetched_by_telegrams_own_name(api: FakeBotApi, desk: TelegramDesk) -> None:
    api.files["AgAC"] = PNG
    assert await desk.channel.files.fetch("AgAC") == PNG
    with pytest.raises(SendFailed):
        await desk.channel.files.fetch("gone")


async def test_files_of_an_answer_follow_its_words_and_none_is_sent_twice(api: FakeBotApi, desk: TelegramDesk) -> None:
    keeping = build_attachments(desk.parts.database, clock=desk.parts.clock)
    kept = [await keeping.add(MEI, file.name, file.content) for file in (PHOTO, PAPER)]
    files: list[JsonValue] = [{"name": each.name, "address": each.address} for each in kept]
    gone: JsonValue = {"name": "a.pdf", "address": f"/knowledge/files/{'0' * 64}/a.pdf"}
    await desk.parts.say("在吗", address=str(CHAT), channel=CHANNEL)
    choices: list[JsonValue] = [{"id": "helped:yes", "label": "有用"}]
    line = await desk.reply(CHAT, "见附件。", payload={"choices": choices, "attachments": [*files, gone]})
    api.fail("sendDocument", 500)
    with pytest.raises(SendFailed):
        await desk.channel.sender.send(line)
    message_id = await desk.channel.sender.send(line)
    words, *others = api.messages(CHAT)
    assert (words["text"], str(words["message_id"]), len(others)) == ("见附件。", message_id, 2)
    assert api.uploads == [("photo", PHOTO.name, PHOTO.content), ("document", PAPER.name, PAPER.content)]
