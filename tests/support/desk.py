"""tests: the whole desk in this process: web and worker as `bot/app` builds them, on a store and a wire of their own.

What understands and what finds are stand-ins that follow a script; everything else is real.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import ASGIApp

from bot.app.ground import Ground, open_ground
from bot.app.mind import open_mind
from bot.app.rooms import Rooms, build_rooms
from bot.app.secrets import Secrets
from bot.app.web import build_web
from bot.app.work import StandIns, Workshop, build_worker
from bot.channels.wechat.start import WeChatSecrets
from bot.settings import DeskSettings
from kit.contracts import Clock
from kit.ids import now
from nlu.encoder.hashing import HashingEncoder
from nlu.ports import Encoder
from tests.bot.support.stand_ins import Search, Understand
from tests.support.serving import serving
from tests.support.web import cheap_hasher

SECRET = "a secret of forty-eight characters for tests only"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDesk:
    """A desk at work."""

    ground: Ground
    rooms: Rooms
    workshop: Workshop
    app: ASGIApp
    url: str
    understand: Understand = field(default_factory=Understand)
    search: Search = field(default_factory=Search)


@contextlib.asynccontextmanager
async def running_desk(
    data_dir: Path,
    *,
    database_url: str,
    redis_url: str = "",
    settings: DeskSettings | None = None,
    understand: Understand | None = None,
    search: Search | None = None,
    telegram_token: str = "",
    telegram_secret: str = "",
    wechat: WeChatSecrets | None = None,
    identity: str = "",
    encoder: Encoder | None = None,
    clock: Clock = now,
) -> AsyncIterator[RunningDesk]:
    """Web and worker over one store; yields when customers can connect.

    With an `encoder` the stand-ins stay outside: the real nlu (without Rasa) and the base in `data_dir` answer.
    """
    hears, finds = understand or Understand(), search or Search()
    secrets = Secrets(
        database_url=database_url,
        redis_url=redis_url,
        desk=SECRET,
        telegram_token=telegram_token,
        telegram_secret=telegram_secret,
        wechat=wechat or WeChatSecrets(),
        identity=identity,
    )
    async with contextlib.AsyncExitStack() as stack:
        ground = await stack.enter_async_context(
            open_ground(settings or DeskSettings(), data_dir, secrets=secrets, clock=clock)
        )
        rooms = build_rooms(ground, hasher=cheap_hasher())
        thinking = StandIns(understand=hears, search=finds)
        if encoder is not None:
            mind = await stack.enter_async_context(open_mind(ground, encoder=encoder))
            thinking = StandIns(understand=mind.understand, search=mind.base.search)
        workshop = await stack.enter_async_context(build_worker(ground, rooms=rooms, stand_ins=thinking))
        app = await stack.enter_async_context(build_web(ground, rooms=rooms, encoder=encoder or HashingEncoder()))
        url = await stack.enter_async_context(serving(app))
        yield RunningDesk(
            ground=ground, rooms=rooms, workshop=workshop, app=app, url=url, understand=hears, search=finds
        )
