"""tests: only WeChat is listened to, nothing in its XML can hurt, and an error means "bring it again"."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot.adapters.file_store import SqlFileStore
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.encryption import MessageCipher, Undecipherable, is_signed, signature_of
from bot.channels.wechat.start import WeChatNotReady, WeChatSecrets, wechat_faults
from bot.contracts import Inbound, Received
from bot.settings.channels import WeChatSettings
from kit.contracts import Language
from tests.bot.channels.wechat.desk import CUSTOMER, WeChatDesk, wechat_desk
from tests.bot.support.desk import Parts
from tests.support.fake_wechat import AES_KEY, APP_ID, SECRETS, FakeWeChat, message, written

PATH = "/wechat/messages"
SAID = message(CUSTOMER, MsgType="text", Content="你好", MsgId="1")
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>'


@pytest.fixture
async def plain(sqlite_parts: Parts) -> AsyncIterator[WeChatDesk]:
    """The channel in plain mode; calls are answered at once."""
    async with (
        FakeWeChat(encrypted=False).running() as wechat,
        wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk,
    ):
        yield desk


@pytest.fixture
async def sealed(wechat: FakeWeChat, sqlite_parts: Parts) -> AsyncIterator[WeChatDesk]:
    """The channel in encrypted mode; calls are answered at once."""
    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk:
        yield desk


async def post(desk: WeChatDesk, body: str, query: dict[str, str]) -> tuple[int, str]:
    async with httpx.AsyncClient(base_url=desk.wechat.reach, timeout=60) as client:
        answer = await client.post(PATH, params=query, content=body.encode())
    return answer.status_code, answer.json()["error"]["code"] if answer.status_code >= 400 else answer.text


def forgeries(query: dict[str, str]) -> Iterator[dict[str, str]]:
    """Addresses that WeChat did not sign, or signed an hour ago."""
    yield {}
    for signature in ("", "0" * 40, "签", signature_of("guess", query["timestamp"], query["nonce"])):
        yield query | {"signature": signature}
    yield query | {"nonce": "other"}
    yield query | {"timestamp": "x"}
    stamp = str(int(time.time()) - 3600)
    yield query | {"timestamp": stamp, "signature": signature_of(SECRETS.token, stamp, query["nonce"])}


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_wrong_missing_or_old_signature_is_refused_and_nothing_is_stored(
    sqlite_parts: Parts, *, encrypted: bool
) -> None:
    async with (
        FakeWeChat(encrypted=encrypted).running() as wechat,
        wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk,
    ):
        body, query = wechat.sealed(SAID)
        for forged in forgeries(query):
            assert await post(desk, body, forged) == (403, "wrong_signature"), forged
        assert await desk.stored() == []
        assert await post(desk, body, query) == (200, "success")
        assert len(await desk.stored()) == 1


async def test_in_encrypted_mode_a_message_must_be_encrypted_for_this_account(sealed: WeChatDesk) -> None:
    body, query = sealed.wechat.sealed(SAID)
    foreign = MessageCipher(AES_KEY, app_id="wxffffffffffffffff", salt=bytes).encrypt(written(SAID).encode())
    stranger = MessageCipher("b" * 43, app_id=APP_ID, salt=bytes).encrypt(written(SAID).encode())
    for wrong in (written(SAID), body.replace("<Encrypt>", "<Encrypt>A"), "<xml></xml>"):
        assert await post(sealed, wrong, query) == (403, "wrong_signature")
    for encrypted in (foreign, stranger, "", "not base64"):
        parts = (SECRETS.token, query["timestamp"], query["nonce"], encrypted)
        signed = query | {"msg_signature": signature_of(*parts)}
        assert await post(sealed, written({"Encrypt": encrypted}), signed) == (403, "wrong_signature")
    assert await sealed.stored() == []


@pytest.mark.parametrize(
    "body", ["", "{", "<xml>", BOMB, OUTSIDE, "<xml></xml>", '<?xml version="1.0" encoding="x"?><a/>']
)
async def test_what_is_no_message_or_holds_entities_is_malformed(plain: WeChatDesk, body: str) -> None:
    _, query = plain.wechat.sealed(SAID)
    assert await post(plain, body, query) == (422, "malformed")


async def test_the_address_proves_itself_with_the_echo(plain: WeChatDesk) -> None:
    _, query = plain.wechat.sealed(SAID)
    async with httpx.AsyncClient(base_url=plain.wechat.reach, timeout=60) as client:
        proven = await client.get(PATH, params=query | {"echostr": "5837<b>"})
        assert (proven.status_code, proven.text) == (200, "5837<b>")
        assert proven.headers["content-type"].startswith("text/plain")
        assert (await client.get(PATH, params={"echostr": "5837"})).status_code == 403


async def test_while_the_store_is_away_wechat_brings_the_message_three_times(
    wechat: FakeWeChat, sqlite_parts: Parts
) -> None:
    class Away:
        def __init__(self) -> None:
            self.tries = 0

        async def receive(self, inbound: Inbound) -> Received:
            self.tries += 1
            if self.tries == 3:
                return await sqlite_parts.inbox.receive(inbound)
            raise OperationalError("INSERT", {}, Exception("database is locked"))

    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0, inbox=Away()) as desk:
        wechat.say(CUSTOMER, "你好")
        await wechat.idle()
        assert [call.status for call in wechat.calls] == [503, 503, 200]
        assert [entry.text for entry in await desk.stored()] == ["你好"]


# --- keys and settings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "a", "你好😀", "x" * 31, "x" * 32, "y" * 5000])
def test_what_is_encrypted_can_be_read_again_and_nothing_else(text: str) -> None:
    cipher = MessageCipher(AES_KEY, app_id=APP_ID, salt=bytes)
    sealed = cipher.encrypt(text.encode())
    assert cipher.decrypt(sealed).decode() == text
    with pytest.raises(Undecipherable):
        cipher.decrypt(sealed[:-4])


def test_the_signature_is_the_sha1_of_the_sorted_parts() -> None:
    known = "edf6a43b0b19b0afffcd2ea942f16ab3ff496619"  # printf 14097356695823spamtest | sha1sum
    assert is_signed(known, "spamtest", "1409735669", "5823")
    assert not is_signed(known, "spamtest", "1409735669", "5824")


@pytest.mark.parametrize(
    ("settings", "secrets", "faults"),
    [
        ({}, SECRETS, 0),
        ({"app_id": ""}, SECRETS, 1),
        ({}, WeChatSecrets(token=SECRETS.token, aes_key=AES_KEY), 1),
        ({}, WeChatSecrets(secret="s", token="short", aes_key=AES_KEY), 1),
        ({}, WeChatSecrets(secret="s", token=SECRETS.token), 1),
        ({"encrypted": False}, WeChatSecrets(secret="s", token=SECRETS.token), 0),
        ({"app_id": "x"}, WeChatSecrets(), 4),
        ({"enabled": False}, WeChatSecrets(), 0),
    ],
)
def test_every_fault_of_the_set_up_is_named_at_once(
    settings: dict[str, object], secrets: WeChatSecrets, faults: int
) -> None:
    chosen = WeChatSettings.model_validate({"enabled": True, "app_id": APP_ID} | settings)
    found = wechat_faults(chosen, secrets)
    assert len(found) == faults
    assert not any(value and value in " ".join(found) for value in (secrets.secret[1:], secrets.token, secrets.aes_key))


def test_the_channel_does_not_start_without_its_secrets(sqlite_parts: Parts) -> None:
    with pytest.raises(WeChatNotReady, match="fault"):
        WeChatChannel(
            WeChatSettings(enabled=True, app_id=APP_ID),
            WeChatSecrets(),
            inbox=sqlite_parts.inbox,
            reads=sqlite_parts.store,
            sent=sqlite_parts.outbox,
            files=SqlFileStore(sqlite_parts.database),
            texts=sqlite_parts.texts,
            language=Language.ZH,
            clock=sqlite_parts.clock,
        )
