"""bot.app: the web process: the shop's demo page and widget, the console, the editor, accounts, sockets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.types import ASGIApp

from bot.adapters.channel_reads import SqlChannelReads
from bot.adapters.file_store import SqlFileStore
from bot.adapters.past_questions import SqlPastQuestions
from bot.app.case_room import build_linking, build_merging, build_own_cases, survey_links
from bot.app.colleagues import build_invitations
from bot.app.console_room import console_routers
from bot.app.ground import Ground
from bot.app.health import health_of
from bot.app.late import LateEncoder
from bot.app.mind import build_base
from bot.app.programs import knowledge_gates, program_routers
from bot.app.rooms import Rooms, build_rooms
from bot.app.teaching import NAV as TEACHING_NAV
from bot.app.teaching import Colleagues, names_of
from bot.app.wechat import wechat_at_work
from bot.app.work import build_telegram
from bot.audit_words import NamesInTheTrail
from bot.case_colleagues import DeskColleagues
from bot.case_surroundings import CaseSurroundings
from bot.channels.identity import Signed
from bot.channels.web.api import FILES as VISITOR_FILES
from bot.channels.web.api import build_visitor_api
from bot.channels.web.pages import SHARED, WidgetPages, build_widget_pages, embeddable
from bot.channels.web.rate import Rate
from bot.channels.web.socket import build_visitor_socket
from bot.channels.web.visitors import Visitors
from bot.channels.web.visits import Visits
from bot.channels.wechat.callback import BODY_LIMITS as WECHAT_LIMITS
from bot.desk_articles import DeskArticles
from bot.entry_files import EntryFiles
from bot.nearness import Nearness
from bot.past_replies import RecordedReplies
from bot.ports import FetchesFiles
from bot.realtime import Hub
from bot.run.health import build_health_router
from bot.settings.conversation import FileSettings
from bot.settings.programs import RestSettings
from bot.web.webhooks import build_webhooks_router
from bot.worker import forever
from cases.web.routers import NAV as CASES_NAV
from cases.web.routers import Office, SurveyDesk, body_limits, build_cases_router
from handoff.adapters.customer_store import SqlCustomerStore
from handoff.adapters.translator import LibreTranslate
from handoff.web.console import NAV as DESK_NAV
from handoff.web.console import PATH as DESK_PATH
from handoff.web.console import build_console_router
from handoff.web.files import PATH as DESK_FILES
from handoff.web.live import LiveDesk
from kit.contracts import Language
from kit.markdown import to_html
from kit.rooms import static_folders, template_folders
from kit.web.application import build_application
from kit.web.pages import NavItem, Pages
from knowledge_base.adapters.build import (
    KnowledgeBaseParts,
    build_editing,
    build_editors_desk,
    build_flagging,
    build_replay,
)
from knowledge_base.ports import Audit
from knowledge_base.web.exchange_pages import heading_names
from knowledge_base.web.routers import BODY_LIMITS as KNOWLEDGE_LIMITS
from knowledge_base.web.routers import NAV as KNOWLEDGE_NAV
from knowledge_base.web.routers import build_knowledge_router
from knowledge_base.web.why_pages import WHY
from nlu.adapters.build import build_encoder
from nlu.adapters.learned import LearnedComplaints
from nlu.adapters.reads_only import ReadsOnly
from nlu.ports import Encoder
from nlu.service import fold
from nlu.web.corrections import build_corrections_router
from staff.contracts import Role
from staff.web.accounts import ACCOUNTS
from staff.web.accounts import NAV as STAFF_NAV
from staff.web.gate import CookieGate
from staff.web.routes import build_router as build_staff_router

SPARE = 64 * 1024
HOMES = {Role.AGENT: DESK_PATH, Role.SUPERVISOR: DESK_PATH, Role.EDITOR: "/knowledge", Role.ADMIN: ACCOUNTS}
"""Where a role's work is; the first one a person holds decides where signing in leads."""
NAV: tuple[NavItem, ...] = (*DESK_NAV, *CASES_NAV, KNOWLEDGE_NAV, TEACHING_NAV, *STAFF_NAV)


@contextlib.asynccontextmanager
async def build_web(
    ground: Ground,
    *,
    rooms: Rooms | None = None,
    encoder: Encoder | None = None,
    when_loaded: Callable[[], None] = lambda: None,
) -> AsyncIterator[ASGIApp]:
    """The application with its listeners running; the editors' encoder loads meanwhile. `encoder` is for tests.

    `when_loaded` is called once the models are there: a process of its own spares the collector then.
    """
    house, settings = rooms or build_rooms(ground), ground.settings
    known = LateEncoder(lambda: build_encoder(settings.nlu.encoder)) if encoder is None else encoder
    pages = Pages(
        ground.texts,
        template_folders(),
        nav=NAV,
        language=settings.web.language,
        time_zone=settings.handoff.time_zone,
    )
    gate = CookieGate(house.staff, days=settings.staff.session_days)
    async with contextlib.AsyncExitStack() as stack:
        hub = await stack.enter_async_context(Hub(ground.signals, SqlChannelReads(ground.database)))
        live = await stack.enter_async_context(LiveDesk(house.agents, house.delivering, ground.signals, render=to_html))
        base = build_base(ground, encoder=known, fits=False)
        stack.push_async_callback(base.search.close)

        async def opened() -> None:
            await _open(known, base)
            when_loaded()

        opening = asyncio.create_task(_once("editors-base", opened), name="editors-base")
        stack.push_async_callback(_ended, opening)
        reader = ReadsOnly(known)
        editing = build_editing(
            base,
            reader=reader,
            database=ground.database,
            signals=ground.signals,
            audit=house.staff,
            clock=ground.clock,
            new_id=ground.new_id,
            past=SqlPastQuestions(ground.database),
        )
        telegram = build_telegram(ground, house)
        if telegram is not None:
            stack.push_async_callback(telegram.close)
        webhook = telegram.router() if telegram is not None else None
        if telegram is not None and webhook is not None:
            registering = asyncio.create_task(_once("telegram-webhook", telegram.run_web), name="telegram-webhook")
            stack.callback(registering.cancel)
        wechat = await stack.enter_async_context(wechat_at_work(ground, house))
        fetchers: dict[str, FetchesFiles] = {}
        if telegram is not None:
            fetchers["telegram"] = telegram.files
        if wechat is not None:
            fetchers["wechat"] = wechat.files
        files = EntryFiles(
            store=house.store,
            files=SqlFileStore(ground.database),
            fetchers=fetchers,
            transactions=ground.database,
            settings=settings.bot.files,
            clock=ground.clock,
        )
        articles = desk_articles(ground, base, known, house.staff)
        around = CaseSurroundings(
            reads=house.store,
            records=SqlCustomerStore(ground.database),
            seen=house.agents,
            articles=articles,
            published=base.search,
            files=files,
            texts=ground.texts,
            language=settings.web.language,
        )
        office = case_office(ground, house, pages, gate, known, around=around)
        translator = None
        if settings.handoff.translator.url:
            translator = LibreTranslate(settings.handoff.translator, key=ground.secrets.translator)
            stack.push_async_callback(translator.close)
        yield build_application(
            pages,
            [
                *visitor_routers(ground, house, pages, hub, files),
                build_console_router(
                    pages=pages,
                    agents=house.agents,
                    mentions=house.mentions,
                    live=live,
                    gate=gate,
                    category_label=settings.cases.label,
                    settings=settings.handoff,
                    team=house.team,
                    duty=house.duty,
                    dispatcher=house.dispatcher,
                    tagging=house.tagging,
                    snoozing=house.snoozing,
                    reading=house.reading,
                    invitations=build_invitations(ground, house),
                    supervision=house.floor.supervision,
                    notices=house.floor.notices,
                    levels=house.floor.levels,
                    floor=house.floor.floor,
                    sights=house.floor.sights,
                    records=house.floor.records,
                    clock=ground.clock,
                    files=files,
                    file_limit_mib=settings.bot.files.size_limit_mib,
                    explain=WHY,
                ),
                *console_routers(
                    ground,
                    house,
                    pages,
                    gate,
                    articles=articles,
                    files=files,
                    translator=translator,
                ),
                build_knowledge_router(
                    desk=build_editors_desk(
                        editing,
                        base,
                        database=ground.database,
                        audit=house.staff,
                        clock=ground.clock,
                        new_id=ground.new_id,
                        names=heading_names(ground.texts),
                        zone=ZoneInfo(settings.handoff.time_zone),
                        replay=build_replay(base, reader=reader, replies=RecordedReplies(house.turns), normalise=fold),
                    ),
                    people=house.staff,
                    gates=knowledge_gates(house.tokens, gate),
                    pages=pages,
                ),
                build_corrections_router(
                    teaching=house.teaching,
                    learning=LearnedComplaints(ground.data_dir),
                    pages=pages,
                    who=Colleagues(gate),
                    names=names_of(ground),
                ),
                build_cases_router(office, new_id=ground.new_id),
                build_webhooks_router(webhooks=house.webhooks, gate=gate, pages=pages),
                *program_routers(ground, house, office=office, pages=pages, sessions=gate, files=files),
                build_staff_router(
                    house.staff,
                    house.tokens,
                    gate,
                    pages,
                    settings.staff,
                    homes=HOMES,
                    departments=office.departments,
                    audit_words=NamesInTheTrail(cases=settings.cases, desk=settings.handoff, texts=ground.texts),
                ),
                build_health_router(health_of(ground, house)),
                *([webhook] if webhook is not None else []),
                *([] if wechat is None else [wechat.router()]),
            ],
            settings.web,
            static=static_folders(),
            embeddable=embeddable(settings.widget),
            shared=SHARED,
            body_limits={
                **WECHAT_LIMITS,
                **KNOWLEDGE_LIMITS,
                **body_limits(settings.cases),
                **file_limits(settings.bot.files, settings.rest),
            },
        )


def file_limits(settings: FileSettings, rest: RestSettings) -> dict[str, int]:
    """Where files are sent; a little more than is taken, so that the refusal can name the limit."""
    most = settings.size_limit_mib * 1024 * 1024 + SPARE
    attached = [f"/api/v1/channels/{channel.name}/files" for channel in rest.channels]
    return dict.fromkeys([VISITOR_FILES, f"{DESK_FILES}/", *attached], most)


def desk_articles(ground: Ground, base: KnowledgeBaseParts, encoder: Encoder, audit: Audit) -> DeskArticles:
    """The knowledge base as the console looks into it."""
    flagging = build_flagging(base, database=ground.database, audit=audit, clock=ground.clock, new_id=ground.new_id)
    return DeskArticles(
        reads=ReadsOnly(encoder),
        search=base.search,
        flags=flagging,
        public_url=ground.settings.web.public_url,
    )


def visitor_routers(ground: Ground, rooms: Rooms, pages: Pages, hub: Hub, files: EntryFiles) -> list[APIRouter]:
    """Everything a customer's browser asks for."""
    settings = ground.settings
    visitors = Visitors(
        ground.secrets.desk, days=settings.widget.visitor_days, clock=ground.clock, new_id=ground.new_id
    )
    visits = Visits(
        inbox=rooms.inbox,
        reads=rooms.store,
        queue=rooms.desk,
        names=rooms.staff.display_name,
        clock=ground.clock,
        rate=Rate(settings.widget.messages_per_minute),
        files=files,
        receipts=rooms.receipts,
        to_html=to_html,
        signed=Signed(secret=ground.secrets.identity, clock=ground.clock),
        identifies=rooms.identities,
        case_page=rooms.cases.links.home_path,
    )
    return [
        build_visitor_api(visits=visits, visitors=visitors, hub=hub),
        build_visitor_socket(
            visits=visits,
            visitors=visitors,
            hub=hub,
            signals=ground.signals,
            texts=ground.texts,
            preview=settings.widget.typing_preview,
        ),
        build_widget_pages(
            WidgetPages(
                pages=pages,
                shop=settings.shop,
                text_limit=settings.bot.inbox.text_limit,
                file_limit_mib=settings.bot.files.size_limit_mib,
                preview=settings.widget.typing_preview,
            )
        ),
    ]


def case_office(
    ground: Ground, rooms: Rooms, pages: Pages, gate: CookieGate, encoder: Encoder, *, around: CaseSurroundings
) -> Office:
    """What the routes of cases need; departments are those of the live desk."""
    settings = ground.settings
    return Office(
        pages=pages,
        gate=gate,
        sights=rooms.floor.sights,
        reading=rooms.cases.reading,
        cases=rooms.cases.files,
        handling=rooms.cases.handling,
        colleagues=DeskColleagues(rooms.team),
        promises=rooms.cases.promises,
        digests=rooms.digests,
        merging=build_merging(ground, rooms.cases, Nearness(encoder)),
        linking=build_linking(ground, rooms.cases, around),
        own=build_own_cases(ground, rooms.cases, around),
        surveys=SurveyDesk(
            answers=rooms.cases.answers,
            results=rooms.cases.results,
            links=survey_links(ground),
        ),
        reports=rooms.cases.reports,
        causes=rooms.cases.causes,
        follow_ups=rooms.cases.follow_ups,
        attaching=rooms.cases.attaching,
        after_sales=rooms.cases.after_sales,
        links=rooms.cases.links,
        settings=settings.cases,
        departments={
            one.name: {language: one.label(language) for language in Language} for one in settings.handoff.departments
        },
        clock=ground.clock,
    )


async def _open(encoder: Encoder, base: KnowledgeBaseParts) -> None:
    """Load what editors try their drafts with."""
    if isinstance(encoder, LateEncoder):
        await encoder.load()
    await base.search.open()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _once(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Try until it worked once."""

    async def tried() -> None:
        await run()
        await asyncio.Event().wait()

    await forever(name, tried)
