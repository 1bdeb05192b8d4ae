"""bot.app: the worker process: turns, the outbox, Telegram's updates, sweeps."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.adapters.channel_reads import SqlChannelReads
from bot.adapters.file_store import SqlFileStore
from bot.adapters.webhook_post import HttpPost
from bot.app.colleagues import build_invitations
from bot.app.ground import Ground
from bot.app.importing import ImportProcess
from bot.app.learning import ComplaintLearning
from bot.app.mind import open_mind
from bot.app.rooms import Rooms, build_rooms
from bot.app.sending import build_outbox
from bot.app.turning import build_turn
from bot.channels.telegram.channel import TelegramChannel
from bot.outbox import Outbox
from bot.ports import ChannelSender, Search, Understand
from bot.turn import Turn
from bot.webhooks.dispatch import WebhookDispatch
from bot.worker import Sweep, Worker, forever
from handoff.dispatch import DISPATCH_EVERY
from handoff.service import SWEEP_EVERY
from kit.markdown import to_telegram_html
from knowledge_base.adapters.build import (
    build_attachments,
    build_exchange,
    build_filing,
    build_imports,
    build_publisher,
)
from knowledge_base.web.exchange_pages import heading_names

ALERTS_EVERY = 3.0
"""Seconds until whoever watches is told of a serious case."""
PROMISES_EVERY = 20.0
"""Seconds between looks at promises to customers that have come due."""
WEBHOOKS_EVERY = 1.0
"""Seconds between looks at what other systems are to be told."""
PURGE_EVERY = 3600.0
"""Seconds between looks at webhook deliveries that are too old to be kept."""
REPORTS_EVERY = 600.0
"""Seconds between looks at whether a week or month is over whose complaint report has not been made, and at customers
whose turn it is to be asked how they find us."""
FOLLOW_UPS_EVERY = 30.0
"""Seconds between looks at follow-ups that have come due."""
ARTICLES_EVERY = 15.0
"""Seconds between looks at articles whose moment to be published or retired has come."""


IMPORTS_EVERY = 1.0
"""Seconds between looks at large imports that wait for a process of their own."""
LEARNING_EVERY = 10.0
"""Seconds between looks at approved corrections that the complaint classifier has not learned."""
FILING_EVERY = 10.0
"""Seconds between looks at unanswered questions that stand beside no others of their meaning yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIns:
    """What understands and what finds; tests put light ones in the place of the real."""

    understand: Understand
    search: Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A worker at work, and the parts that tests talk to."""

    rooms: Rooms
    turn: Turn
    worker: Worker
    outbox: Outbox
    telegram: TelegramChannel | None


@contextlib.asynccontextmanager
async def build_worker(
    ground: Ground, *, rooms: Rooms | None = None, stand_ins: StandIns | None = None
) -> AsyncIterator[Workshop]:
    """Build and start the worker; at the end running turns may finish.

    Start: models, base, outbox, worker, Telegram. Stop: the other way round, so that nothing new comes in while what
    is under way gets its parts.
    """
    house = rooms or build_rooms(ground)
    async with contextlib.AsyncExitStack() as stack:
        thinking = stand_ins
        sweeps = [
            Sweep(name="vanished", every_seconds=SWEEP_EVERY.total_seconds(), run=house.desk.sweep_vanished),
            Sweep(name="promises", every_seconds=SWEEP_EVERY.total_seconds(), run=house.promises.sweep),
            Sweep(name="escalation", every_seconds=SWEEP_EVERY.total_seconds(), run=house.floor.escalation.sweep),
            Sweep(name="snoozes", every_seconds=SWEEP_EVERY.total_seconds(), run=house.snoozing.sweep),
            Sweep(
                name="invitations",
                every_seconds=SWEEP_EVERY.total_seconds(),
                run=build_invitations(ground, house).sweep,
            ),
            Sweep(name="duty", every_seconds=SWEEP_EVERY.total_seconds(), run=house.duty.sweep),
            Sweep(name="promises", every_seconds=PROMISES_EVERY, run=house.cases.promises.run_due),
            Sweep(name="survey-rounds", every_seconds=REPORTS_EVERY, run=house.cases.rounds.run_due),
            Sweep(name="alerts", every_seconds=ALERTS_EVERY, run=house.alerting.run_due),
            Sweep(name="digest", every_seconds=FOLLOW_UPS_EVERY, run=house.digests.run_due),
            Sweep(name="reports", every_seconds=REPORTS_EVERY, run=house.cases.reports.run_due),
            Sweep(name="follow-ups", every_seconds=FOLLOW_UPS_EVERY, run=house.cases.follow_up_rounds.run),
            Sweep(name="dispatch", every_seconds=DISPATCH_EVERY.total_seconds(), run=house.dispatcher.run),
        ]
        if thinking is None:
            mind = await stack.enter_async_context(open_mind(ground))
            publisher = build_publisher(
                mind.base, database=ground.database, signals=ground.signals, audit=house.staff, clock=ground.clock
            )
            sweeps.append(Sweep(name="articles-due", every_seconds=ARTICLES_EVERY, run=publisher.run_due))
            filing = build_filing(
                mind.base,
                reader=mind.understand,
                database=ground.database,
                zone=ZoneInfo(ground.settings.handoff.time_zone),
                new_id=ground.new_id,
            )
            sweeps.append(Sweep(name="filing", every_seconds=FILING_EVERY, run=filing.run))
            importing = ImportProcess(
                build_imports(
                    build_exchange(mind.base, database=ground.database, names=heading_names(ground.texts)),
                    database=ground.database,
                    publisher=publisher,
                    clock=ground.clock,
                    new_id=ground.new_id,
                ),
                ground,
            )
            stack.push_async_callback(importing.stop)
            sweeps.append(Sweep(name="imports", every_seconds=IMPORTS_EVERY, run=importing.run))
            learning = ComplaintLearning(house.teaching, ground)
            stack.push_async_callback(learning.stop)
            sweeps.append(Sweep(name="complaints-learn", every_seconds=LEARNING_EVERY, run=learning.run))
            attachments = build_attachments(ground.database, clock=ground.clock)
            sweeps.append(Sweep(name="attachments-purge", every_seconds=REPORTS_EVERY, run=attachments.run))
            sweeps.append(Sweep(name="import-purge", every_seconds=REPORTS_EVERY, run=importing.purge))
            thinking = StandIns(understand=mind.understand, search=mind.base.search)
        turn = build_turn(ground, house, understand=thinking.understand, search=thinking.search)
        telegram = build_telegram(ground, house)
        if telegram is not None:
            stack.push_async_callback(telegram.close)
        senders: dict[str, ChannelSender] = {} if telegram is None else {"telegram": telegram.sender}
        outbox = build_outbox(ground, house, senders)
        post = HttpPost(allow_private=ground.settings.webhooks.allow_private)
        stack.push_async_callback(post.close)
        hooks = WebhookDispatch(
            transactions=ground.database,
            store=house.hooks,
            post=post,
            desk_secret=ground.secrets.desk,
            settings=ground.settings.webhooks,
            clock=ground.clock,
        )
        stack.push_async_callback(hooks.stop)
        sweeps.append(Sweep(name="webhooks", every_seconds=WEBHOOKS_EVERY, run=hooks.run))
        sweeps.append(Sweep(name="webhook-log", every_seconds=PURGE_EVERY, run=hooks.purge))
        await outbox.start()
        stack.push_async_callback(outbox.stop)
        worker = Worker(
            turn=turn,
            store=house.store,
            transactions=ground.database,
            signals=ground.signals,
            clock=ground.clock,
            settings=ground.settings.bot.worker,
            sweeps=sweeps,
        )
        await worker.start()
        stack.push_async_callback(worker.stop)
        if telegram is not None:
            await stack.enter_async_context(_running(telegram))
        yield Workshop(rooms=house, turn=turn, worker=worker, outbox=outbox, telegram=telegram)


def build_telegram(ground: Ground, rooms: Rooms) -> TelegramChannel | None:
    """The Telegram channel, where it is wanted. Raises `TelegramNotReady` when token or secret are missing."""
    settings = ground.settings.telegram
    if not settings.wanted(ground.secrets.telegram_token):
        return None
    return TelegramChannel(
        settings,
        token=ground.secrets.telegram_token,
        secret=ground.secrets.telegram_secret,
        inbox=rooms.inbox,
        reads=rooms.store,
        files=SqlFileStore(ground.database),
        attached=build_attachments(ground.database, clock=ground.clock),
        waiting=SqlChannelReads(ground.database),
        queue=rooms.desk,
        signals=ground.signals,
        texts=ground.texts,
        to_html=to_telegram_html,
        language=ground.settings.bot.inbox.default_language,
        clock=ground.clock,
        zone=ZoneInfo(ground.settings.handoff.time_zone),
    )


@contextlib.asynccontextmanager
async def _running(telegram: TelegramChannel) -> AsyncIterator[None]:
    async def run() -> None:
        await telegram.run_worker()
        # With a webhook there is nothing to ask for: the web process is called.
        await asyncio.Event().wait()

    task = asyncio.create_task(forever("telegram", run), name="telegram")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
