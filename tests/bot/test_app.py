"""tests: the desk as it is put together: a customer asks over HTTP and is answered, with and without Redis."""

from __future__ import annotations

import gc
from pathlib import Path

import httpx
import pytest

from bot.app.ground import read_settings
from bot.app.secrets import kept_secret, load_secrets
from bot.settings import DeskSettings
from kit.contracts import Language
from kit.settings import SettingsFault
from knowledge_base.contracts import Level
from staff.contracts import Role
from tests.bot.support.scripted import article
from tests.support.desk import RunningDesk, running_desk
from tests.support.valkey import ValkeyServer
from tests.support.wait import until
from tests.support.web import PASSWORD, sign_in


async def ask(desk: RunningDesk, client: httpx.AsyncClient, text: str) -> str:
    """A customer asks on the website; the bot's reply."""
    token = (await client.post("/api/visitor")).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    sent = await client.post("/api/messages", json={"key": "k1", "text": text})
    assert sent.status_code == httpx.codes.OK, sent.text

    async def replied() -> str:
        entries = (await client.get("/api/conversation")).json()["entries"]
        return next((str(entry["text"]) for entry in entries if entry["kind"] == "bot"), "")

    return await until(replied)


@pytest.mark.parametrize("wired", [True, False], ids=["redis", "no redis"])
async def test_a_customer_asks_on_the_website_and_is_answered(
    sqlite_url: str, valkey: ValkeyServer, tmp_path: Path, *, wired: bool
) -> None:
    redis_url = valkey.url if wired else ""
    async with (
        running_desk(tmp_path, database_url=sqlite_url, redis_url=redis_url) as desk,
        httpx.AsyncClient(base_url=desk.url) as client,
    ):
        desk.search.know("怎么退货", Level.SURE, article("returns", answer="七天内可以退。"))
        assert await ask(desk, client, "怎么退货") == "七天内可以退。"
        ready = await client.get("/readyz")
        assert ready.status_code == httpx.codes.OK
        assert ready.json()["parts"]["wire"]["state"] == ("ok" if wired else "degraded")


async def test_a_desk_inside_another_program_leaves_its_collector_alone(sqlite_url: str, tmp_path: Path) -> None:
    frozen = gc.get_freeze_count()
    async with (
        running_desk(tmp_path, database_url=sqlite_url) as desk,
        httpx.AsyncClient(base_url=desk.url) as client,
    ):

        async def is_loaded() -> bool:
            return (await client.get("/readyz")).status_code == httpx.codes.OK

        await until(is_loaded)
    assert gc.get_freeze_count() == frozen  # else a gigabyte of models stays behind with every desk that is built


async def test_a_representative_replies_live_and_the_bot_keeps_silent(
    sqlite_url: str, valkey: ValkeyServer, tmp_path: Path
) -> None:
    async with (
        running_desk(tmp_path, database_url=sqlite_url, redis_url=valkey.url) as desk,
        httpx.AsyncClient(base_url=desk.url) as customer,
        httpx.AsyncClient(base_url=desk.url, headers={"Origin": desk.url}) as agent,
    ):
        await ask(desk, customer, "转人工")
        await desk.rooms.staff.create_account(
            name="mei", display_name="小梅", roles=[Role.AGENT], language=Language.ZH, password=PASSWORD
        )
        await sign_in(agent, "mei")
        page = await agent.get("/desk")
        assert page.status_code == httpx.codes.OK
        [conversation] = await waiting(desk)
        handoff = await desk.rooms.agents.load_latest(conversation)
        claimed = await agent.post("/desk/claim", json={"handoff": handoff.id})
        assert claimed.json()["result"] == "claimed", claimed.text
        before = len(await desk.rooms.store.entries(conversation))
        await customer.post("/api/messages", json={"key": "k2", "text": "在吗"})
        await until(lambda: handled(desk, conversation))
        after = await desk.rooms.store.entries(conversation)
        assert [entry.text for entry in after[before:]] == ["在吗"]


async def waiting(desk: RunningDesk) -> list[str]:
    """The conversations in the queue."""
    return [handoff.conversation_id for handoff in await desk.rooms.agents.queue()]


async def handled(desk: RunningDesk, conversation: str) -> bool:
    """Whether no turn is due any more."""
    return await desk.rooms.store.next_due(conversation) is None


def test_the_desks_own_secret_is_made_once_and_readable_by_nobody_else(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secret")
    assert kept_secret(tmp_path / "secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert len(first) >= 48
    given = load_secrets(tmp_path, {"DESK_SECRET": "given"})
    assert (given.desk, given.rasa != "given") == ("given", True)
    assert "given" not in repr(given)


def test_a_category_without_a_label_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("cases:\n  categories: [{name: delivery, zh: 配送, en: Delivery}]\n")
    with pytest.raises(SettingsFault, match="product_quality"):
        read_settings(path)
    assert read_settings(tmp_path / "none.yml")[0] == DeskSettings()
