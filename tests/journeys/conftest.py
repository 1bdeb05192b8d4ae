"""tests: a desk with the starter articles and the real encoder, chat apps' fakes in front of it, a representative."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.settings import DeskSettings
from bot.settings.channels import TelegramMode, TelegramSettings
from handoff.contracts import Agent
from handoff.settings import HandoffSettings, WeeklyHours
from kit.contracts import Clock, Language
from kit.ids import now
from nlu.ports import Encoder
from staff.contracts import Role
from tests.bot.channels.wechat.desk import wechat_settings
from tests.bot.support.talk import PATIENT
from tests.journeys.customers import Customer, TelegramCustomer, WebCustomer, WeChatCustomer, web_customer
from tests.support.desk import RunningDesk, running_desk
from tests.support.fake_bot_api import TOKEN, FakeBotApi
from tests.support.fake_wechat import SECRETS, FakeWeChat
from tests.support.valkey import ValkeyServer
from tests.support.web import PASSWORD

ALL_DAY = ("00:00-24:00",)
CHAT = 70001
SECRET = "a-secret-that-only-telegram-knows"


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    """Telegram."""
    async with FakeBotApi().running() as api:
        yield api


@pytest.fixture
async def wechat() -> AsyncIterator[FakeWeChat]:
    """WeChat."""
    async with FakeWeChat().running() as wechat:
        yield wechat


@pytest.fixture
def telegram_mode() -> TelegramMode:
    """How updates reach the desk; a test that wants a webhook parametrizes it."""
    return TelegramMode.POLLING


@pytest.fixture
def settings(api: FakeBotApi, wechat: FakeWeChat, telegram_mode: TelegramMode) -> DeskSettings:
    """Open all day, on every channel; messages leave as fast as they can, and a busy machine ends no turn."""
    always = WeeklyHours(**dict.fromkeys(WeeklyHours.model_fields, ALL_DAY))
    quiet, bot = DeskSettings().nlu, DeskSettings().bot
    return DeskSettings(
        bot=bot.model_copy(update={"turn": PATIENT}),
        handoff=HandoffSettings(hours=always),
        nlu=quiet.model_copy(update={"rasa": quiet.rasa.model_copy(update={"enabled": False})}),
        telegram=TelegramSettings(
            enabled=True,
            mode=telegram_mode,
            webhook_url="https://desk.example.com" if telegram_mode is TelegramMode.WEBHOOK else "",
            api_url=api.url,
            poll_seconds=5,
            messages_per_second=1000,
            seconds_between_messages=0,
        ),
        wechat=wechat_settings(wechat),
    )


@pytest.fixture
def desk_clock() -> Clock:
    """What time it is at the desk; a test that does not want to wait brings a clock it can move."""
    return now


@pytest.fixture
async def desk(
    fresh_desk: Path,
    settings: DeskSettings,
    desk_clock: Clock,
    encoder: Encoder,
    *,
    valkey: ValkeyServer,
    redis_client: Redis,
) -> AsyncIterator[RunningDesk]:
    """The desk at work; `redis_client` has emptied what an earlier desk left in Valkey."""
    async with running_desk(
        fresh_desk,
        database_url=f"sqlite:///{fresh_desk / 'desk.db'}",
        redis_url=valkey.url,
        settings=settings,
        telegram_token=TOKEN,
        telegram_secret=SECRET,
        wechat=SECRETS,
        encoder=encoder,
        clock=desk_clock,
    ) as desk:
        yield desk


@pytest.fixture(params=["web", "telegram", "wechat"])
def channel(request: pytest.FixtureRequest) -> str:
    """Every channel in turn."""
    name: str = request.param
    return name


@pytest.fixture(params=list(Language), ids=str)
def language(request: pytest.FixtureRequest) -> Language:
    """Every language in turn."""
    spoken: Language = request.param
    return spoken


@pytest.fixture
async def visitor(desk: RunningDesk, language: Language) -> AsyncIterator[WebCustomer]:
    """A customer on the website."""
    async with web_customer(desk, language) as customer:
        yield customer


@dataclass(frozen=True, kw_only=True)
class Channels:
    """Makes customers, every one somebody else."""

    desk: RunningDesk
    api: FakeBotApi
    wechat: FakeWeChat
    stack: AsyncExitStack

    async def customer(self, channel: str, language: Language, *, number: int = 0) -> Customer:
        """The customer of that number on a channel."""
        match channel:
            case "web":
                return await self.stack.enter_async_context(web_customer(self.desk, language))
            case "telegram":
                return TelegramCustomer(api=self.api, chat=CHAT + number, language=language)
            case _:
                self.wechat.reach = self.desk.url
                name = f"oCustomer-who_speaks-{language}" + (f"-{number}" if number else "")
                return WeChatCustomer(wechat=self.wechat, name=name, language=language)


@pytest.fixture
async def channels(desk: RunningDesk, api: FakeBotApi, wechat: FakeWeChat) -> AsyncIterator[Channels]:
    """Every channel of the desk."""
    async with AsyncExitStack() as stack:
        yield Channels(desk=desk, api=api, wechat=wechat, stack=stack)


@pytest.fixture
async def customer(channels: Channels, channel: str, language: Language) -> Customer:
    """A customer on the channel of the moment."""
    return await channels.customer(channel, language)


@pytest.fixture
async def agent(desk: RunningDesk, language: Language) -> Agent:
    """A representative on duty."""
    made = await desk.rooms.staff.create_account(
        name="lin.jing", display_name="林静", roles=[Role.AGENT], language=language, password=PASSWORD
    )
    agent = Agent(id=made.account.id, name="林静")
    await desk.rooms.agents.beat(agent)
    return agent
