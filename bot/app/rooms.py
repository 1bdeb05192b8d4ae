"""bot.app: the rooms, built over the ground. Cheap: no model is loaded and nothing is asked here."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.adapters.conversation_store import SqlConversationStore
from bot.adapters.customer_reads import SqlCustomerReads
from bot.adapters.outbox_store import SqlOutboxStore
from bot.adapters.receipt_store import SqlReceiptStore
from bot.adapters.turn_store import SqlTurnStore
from bot.adapters.webhook_store import SqlWebhookStore
from bot.app.case_room import CaseRoom, build_alerting, build_case_room, build_digests
from bot.app.desk_people import DeskGround, build_desk_people
from bot.app.desk_room import build_desk_room
from bot.app.floor_room import FloorRoom
from bot.app.ground import Ground
from bot.customer_book import CustomerBook
from bot.desk_conversations import DeskConversations
from bot.desk_files import DeskFiles
from bot.inbox import Inbox
from bot.policy.situation import Policy
from bot.receipts import Receipts
from bot.render import Wording
from bot.settings import DeskSettings
from bot.settings.programs import OWN_CHANNELS
from bot.supervisors import DeskSupervisors
from bot.webhooks.service import Webhooks
from bot.words import load_words
from cases.alerting import Alerting
from cases.digest import Digests
from handoff.adapters.identity_store import SqlIdentityStore
from handoff.adapters.presence import RedisPresence, SqlPresence
from handoff.adapters.queue_redis import RedisQueueOrder
from handoff.adapters.queue_sql import SqlQueueOrder
from handoff.agent_desk import AgentDesk
from handoff.delivering import Delivering
from handoff.dispatch import Dispatcher
from handoff.duty import Duty
from handoff.identities import Identities
from handoff.mentions import Mentions
from handoff.news import News
from handoff.promises import Promises
from handoff.reading import Reading
from handoff.service import Desk
from handoff.snoozing import Snoozing
from handoff.tagging import Tagging
from handoff.team import Team
from kit.contracts import Language
from kit.rooms import HOUSE
from knowledge_base.adapters.build import build_question_log
from knowledge_base.question_log import QuestionLog
from nlu.adapters.teaching import build_teaching
from nlu.teaching import Teaching
from staff.adapters.build import build_staff, build_tokens
from staff.ports import PasswordHasher
from staff.service import Staff
from staff.tokens import Tokens

PUSHING = frozenset({"telegram", "wechat"})
"""Channels of the house whose replies are sent out; of chat apps that programs attach, config.yml says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The services every process uses."""

    store: SqlConversationStore
    turns: SqlTurnStore
    outbox: SqlOutboxStore
    inbox: Inbox
    conversations: DeskConversations
    questions: QuestionLog
    staff: Staff
    tokens: Tokens
    hooks: SqlWebhookStore
    webhooks: Webhooks
    cases: CaseRoom
    desk: Desk
    agents: AgentDesk
    delivering: Delivering
    mentions: Mentions
    snoozing: Snoozing
    reading: Reading
    receipts: Receipts
    duty: Duty
    promises: Promises
    team: Team
    tagging: Tagging
    dispatcher: Dispatcher
    floor: FloorRoom
    identities: Identities
    digests: Digests
    alerting: Alerting
    teaching: Teaching
    wording: Wording
    policy: Policy


def build_rooms(ground: Ground, *, hasher: PasswordHasher | None = None) -> Rooms:
    """The parts list. `hasher` is for tests, which hash often and guard nothing."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    pushing = PUSHING | {one.name for one in settings.rest.channels if one.polls}
    hooks = SqlWebhookStore(database, new_id=ground.new_id)
    store = SqlConversationStore(database, new_id=ground.new_id, pushing=pushing, tells=hooks)
    staff = build_staff(database, settings.staff, client=ground.client, clock=clock, ids=ground.new_id, hasher=hasher)
    desk_ground = DeskGround(
        database=database,
        news=News(ground.signals),
        audit=staff,
        settings=settings.handoff,
        clock=clock,
        new_id=ground.new_id,
    )
    sql_queue, sql_presence = SqlQueueOrder(database), SqlPresence(database)
    presence = sql_presence if ground.client is None else RedisPresence(ground.client, sql_presence)
    queue = sql_queue if ground.client is None else RedisQueueOrder(ground.client, sql_queue)
    channels = (*OWN_CHANNELS, *(one.name for one in settings.rest.channels))
    people = build_desk_people(desk_ground, presence=presence, people=staff, channels=channels)
    categories = labels_of(settings)
    wording = Wording(texts=ground.texts, categories=categories, zone=ZoneInfo(settings.handoff.time_zone))
    book = CustomerBook(reads=SqlCustomerReads(database), levels=people.team)
    cases = build_case_room(ground, store=store, wording=wording, audit=staff, book=book)
    questions = build_question_log(database, zone=ZoneInfo(settings.handoff.time_zone), new_id=ground.new_id)
    conversations = DeskConversations(
        store=store, wording=wording, ears=cases.ears, hears=questions, surveys=cases.surveys
    )
    receipts = SqlReceiptStore(database, pushing=pushing)
    live = build_desk_room(
        desk_ground,
        people,
        queue=queue,
        conversations=conversations,
        files=DeskFiles(cases=cases.files, wording=wording),
        deliveries=receipts,
    )
    floor = live.floor
    supervisors = DeskSupervisors(people=staff, sights=floor.sights, notices=floor.notices, news=desk_ground.news)
    return Rooms(
        store=store,
        turns=SqlTurnStore(database),
        outbox=SqlOutboxStore(database),
        inbox=Inbox(
            store=store,
            transactions=database,
            signals=ground.signals,
            texts=ground.texts,
            clock=clock,
            settings=settings.bot.inbox,
        ),
        conversations=conversations,
        questions=questions,
        staff=staff,
        hooks=hooks,
        webhooks=Webhooks(
            transactions=database,
            store=hooks,
            audit=staff,
            desk_secret=ground.secrets.desk,
            allow_private=settings.webhooks.allow_private,
            clock=clock,
            new_id=ground.new_id,
        ),
        tokens=build_tokens(database, settings.staff, client=ground.client, clock=clock, ids=ground.new_id),
        cases=cases,
        desk=live.desk,
        agents=live.agents,
        reading=live.reading,
        snoozing=live.snoozing,
        mentions=live.mentions,
        delivering=live.delivering,
        receipts=Receipts(store=receipts, transactions=database, signals=ground.signals),
        duty=people.duty,
        promises=live.promises,
        team=people.team,
        tagging=live.tagging,
        dispatcher=live.dispatcher,
        floor=floor,
        identities=Identities(
            transactions=database,
            identities=SqlIdentityStore(),
            records=people.customers,
            audit=staff,
            news=desk_ground.news,
            clock=clock,
        ),
        digests=build_digests(ground, cases, supervisors),
        alerting=build_alerting(ground, supervisors),
        teaching=build_teaching(database, clock=clock, new_id=ground.new_id),
        wording=wording,
        policy=Policy(
            dialogue=settings.bot.dialogue,
            complaint=settings.bot.complaint,
            words=load_words(HOUSE / "bot" / "words.yml", HOUSE / "nlu" / "starter" / "person_words.yml"),
            shop={language: settings.shop.name(language) for language in Language},
            categories=categories,
            case_prefix=settings.cases.prefix,
        ),
    )


def labels_of(settings: DeskSettings) -> dict[str, dict[Language, str]]:
    """The complaint categories with their labels, in the order of config.yml."""
    return {
        category.name: {Language.ZH: category.zh, Language.EN: category.en} for category in settings.cases.categories
    }
