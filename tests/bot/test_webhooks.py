"""tests: webhooks: what is told, signed how, to whom, and that nothing is lost or told under another id."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.adapters.conversation_store import SqlConversationStore
from bot.adapters.webhook_post import HttpPost
from bot.adapters.webhook_store import SqlWebhookStore
from bot.contracts import Delivery, EntryKind, NewEntry, SendFailed
from bot.refusals import AddressNotAllowed, NoEvents
from bot.settings.programs import WebhookSettings
from bot.webhooks.addresses import check_url, is_public_ip
from bot.webhooks.contracts import EventType, Webhook
from bot.webhooks.dispatch import WebhookDispatch
from bot.webhooks.service import Webhooks
from bot.webhooks.signing import headers_for, secret_of, signature
from kit.contracts import Language, Tx
from kit.ids import new_id
from kit.sql import Database
from staff.contracts import Person, Role
from tests.support.clock import START, MovableClock
from tests.support.staff import ScriptedStaff
from tests.support.wait import until

SECRET = "the desk's own secret"
BOSS = Person(id="boss", name="boss", display_name="Boss", roles=frozenset(Role), language=Language.EN, csrf="")


@dataclass
class Receiver:
    """A real server that answers as the test says."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    """Statuses of the next calls; then 204."""
    got: list[tuple[Mapping[str, str], str]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    """While set, calls are taken and not answered."""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.text()))
        if self.hold is not None:
            await self.hold.wait()
        return web.Response(status=self.answers.pop(0) if self.answers else 204, headers={"Location": self.url})

    def ids(self) -> list[str]:
        return [headers["Webhook-Id"] for headers, _ in self.got]


@dataclass
class Bench:
    """Webhooks over a real store."""

    database: Database
    clock: MovableClock
    store: SqlWebhookStore
    lines: SqlConversationStore
    webhooks: Webhooks
    post: HttpPost
    staff: ScriptedStaff
    settings: WebhookSettings = field(default_factory=WebhookSettings)

    def dispatch(self) -> WebhookDispatch:
        return WebhookDispatch(
            transactions=self.database,
            store=self.store,
            post=self.post,
            desk_secret=SECRET,
            settings=self.settings,
            clock=self.clock,
        )

    async def say(self, *lines: NewEntry, channel: str = "web") -> str:
        """Store lines in the channel's conversation; its id."""

        async def work(tx: Tx) -> str:
            home = await self.lines.open(
                tx, channel=channel, address="v1", customer_name="", language=Language.EN, at=self.clock()
            )
            await self.lines.append(tx, home.id, lines, at=self.clock())
            return home.id

        return await self.database.write(work)

    async def states(self, webhook: Webhook) -> list[tuple[Delivery, int]]:
        return [(each.state, each.attempts) for each in await self.store.deliveries(webhook.id, limit=9)]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def bench(database: Database, clock: MovableClock) -> AsyncIterator[Bench]:
    store, staff = SqlWebhookStore(database, new_id=new_id), ScriptedStaff()
    post = HttpPost(allow_private=True)
    yield Bench(
        database=database,
        clock=clock,
        store=store,
        lines=SqlConversationStore(database, new_id=new_id, tells=store),
        webhooks=Webhooks(
            transactions=database,
            store=store,
            audit=staff,
            desk_secret=SECRET,
            allow_private=True,
            clock=clock,
            new_id=new_id,
        ),
        post=post,
        staff=staff,
    )
    await post.close()


def said(text: str, *, kind: EntryKind = EntryKind.CUSTOMER, **payload: str) -> NewEntry:
    return NewEntry(kind=kind, key=text, text=text, language=Language.EN, payload=dict(payload))


async def test_a_delivery_is_stored_with_its_line_and_arrives_signed(bench: Bench, receiver: Receiver) -> None:
    made = await bench.webhooks.make(url=receiver.url, events=list(EventType), channel="", by=BOSS)
    home = await bench.say(said("坏了"), said("wait", kind=EntryKind.NOTE))
    assert await bench.states(made.webhook) == [(Delivery.PENDING, 0), (Delivery.PENDING, 0)]
    dispatch = bench.dispatch()
    await dispatch.run(bench.clock())
    await until(lambda: len(receiver.got) == 2)
    await dispatch.stop()
    types = [json.loads(body)["type"] for _, body in receiver.got]
    assert types == ["conversation.opened", "message.created"]
    headers, body = receiver.got[1]
    told = json.loads(body)
    assert (told["id"], told["data"]["text"]) == (f"{home}.1.message.created", "坏了")
    expected = signature(
        made.secret, event_id=headers["Webhook-Id"], timestamp=int(headers["Webhook-Timestamp"]), body=body
    )
    assert headers["Webhook-Signature"] == expected


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_a_failing_address_is_tried_again_later_under_the_same_id(
    bench: Bench, receiver: Receiver, status: int
) -> None:
    receiver.answers = [status]
    made = await bench.webhooks.make(url=receiver.url, events=[EventType.MESSAGE_CREATED], channel="", by=BOSS)
    await bench.say(said("hello"))
    dispatch = bench.dispatch()
    await dispatch.call(made.webhook.id)
    assert await bench.states(made.webhook) == [(Delivery.PENDING, 1)]
    await dispatch.call(made.webhook.id)
    assert len(receiver.got) == 1, "not before its time"
    bench.clock.forward(seconds=bench.settings.retry_first_seconds)
    await dispatch.call(made.webhook.id)
    assert await bench.states(made.webhook) == [(Delivery.SENT, 2)]
    [first, second] = receiver.got
    assert first[0]["Webhook-Id"] == second[0]["Webhook-Id"]
    assert first[1] == second[1]


async def test_a_sender_that_dies_on_the_way_leaves_the_delivery_to_the_next(bench: Bench, receiver: Receiver) -> None:
    receiver.hold = asyncio.Event()
    made = await bench.webhooks.make(url=receiver.url, events=[EventType.MESSAGE_CREATED], channel="", by=BOSS)
    await bench.say(said("hello"))
    killed = bench.dispatch()
    await killed.run(bench.clock())
    await until(lambda: len(receiver.got) == 1)
    await killed.stop()
    receiver.hold.set()
    assert await bench.states(made.webhook) == [(Delivery.PENDING, 1)]
    bench.clock.forward(minutes=1)
    await bench.dispatch().call(made.webhook.id)
    assert await bench.states(made.webhook) == [(Delivery.SENT, 2)]
    assert len(set(receiver.ids())) == 1


async def test_a_slow_address_is_given_up_in_time_and_keeps_no_other_waiting(bench: Bench, receiver: Receiver) -> None:
    receiver.hold = asyncio.Event()
    bench.settings = WebhookSettings(send_seconds=0.05)
    made = await bench.webhooks.make(url=receiver.url, events=[EventType.MESSAGE_CREATED], channel="", by=BOSS)
    await bench.say(said("hello"))
    await bench.dispatch().call(made.webhook.id)
    [delivery] = await bench.store.deliveries(made.webhook.id, limit=9)
    assert (delivery.state, delivery.reason, delivery.status) == (Delivery.PENDING, "no_answer", None)
    receiver.hold.set()


async def test_what_was_given_up_is_sent_again_from_the_log(bench: Bench, receiver: Receiver) -> None:
    made = await bench.webhooks.make(url=receiver.url, events=[EventType.MESSAGE_CREATED], channel="", by=BOSS)
    await bench.say(said("hello"))
    receiver.answers = [503]
    bench.clock.forward(hours=bench.settings.give_up_hours, seconds=1)
    dispatch = bench.dispatch()
    await dispatch.call(made.webhook.id)
    assert await bench.states(made.webhook) == [(Delivery.FAILED, 1)]
    [delivery] = await bench.store.deliveries(made.webhook.id, limit=9)
    await bench.webhooks.replay(made.webhook.id, delivery.id, by=BOSS)
    await dispatch.call(made.webhook.id)
    assert await bench.states(made.webhook) == [(Delivery.SENT, 2)]
    assert len(set(receiver.ids())) == 1
    assert [record.action for record in bench.staff.records] == ["bot.make_webhook", "bot.replay_webhook"]


async def test_only_wanted_events_of_the_wanted_channel_are_told(bench: Bench) -> None:
    queue = await bench.webhooks.make(url="http://a.test", events=[EventType.QUEUE_ENTERED], channel="", by=BOSS)
    chat = await bench.webhooks.make(url="http://b.test", events=[EventType.MESSAGE_CREATED], channel="shop", by=BOSS)
    off = await bench.webhooks.make(url="http://c.test", events=list(EventType), channel="", by=BOSS)
    await bench.webhooks.switch(off.webhook.id, on=False, by=BOSS)
    await bench.say(said("hi"), said("opened", kind=EntryKind.EVENT, code="opened_asked"))
    await bench.say(said("hi"), channel="shop")
    counts = [len(await bench.states(each.webhook)) for each in (queue, chat, off)]
    assert counts == [1, 1, 0]


async def test_the_log_forgets_what_is_done_with_and_old(bench: Bench, receiver: Receiver) -> None:
    made = await bench.webhooks.make(url=receiver.url, events=[EventType.MESSAGE_CREATED], channel="", by=BOSS)
    await bench.say(said("one"))
    dispatch = bench.dispatch()
    await dispatch.call(made.webhook.id)
    await bench.say(said("two"))
    bench.clock.forward(days=bench.settings.keep_days + 1)
    await dispatch.purge(bench.clock())
    assert await bench.states(made.webhook) == [(Delivery.PENDING, 0)]


async def test_after_a_change_of_the_secret_both_sign_for_a_day(bench: Bench) -> None:
    made = await bench.webhooks.make(url="http://a.test", events=[EventType.MESSAGE_CREATED], channel="", by=BOSS)
    turned = await bench.webhooks.rotate(made.webhook.id, by=BOSS)
    assert turned.secret != made.secret
    for later, secrets in ((0, [turned.secret, made.secret]), (25, [turned.secret])):
        now = bench.clock() + timedelta(hours=later)
        sent = headers_for(SECRET, turned.webhook, event_id="e", body="{}", now=now)
        at = int(now.timestamp())
        expected = [signature(secret, event_id="e", timestamp=at, body="{}") for secret in secrets]
        assert sent["Webhook-Signature"].split() == expected


def test_the_signature_is_the_one_of_standard_webhooks() -> None:
    """The example of the Standard Webhooks specification's own libraries."""
    made = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        event_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body='{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert secret_of("a", "w", 1) != secret_of("a", "w", 2)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/",
        "ftp://shop.example.com/",
        "https://",
        "https://localhost/",
        "https://desk/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.9:8443/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://user:pass@shop.example.com/",
        "https://shop.example.com:99999/",
        "https://shop.example.com/" + "x" * 500,
    ],
)
def test_addresses_inside_the_network_and_odd_ones_are_refused(url: str) -> None:
    with pytest.raises(AddressNotAllowed):
        check_url(url, allow_private=False)


async def test_a_name_that_leads_inside_is_refused_when_it_is_called() -> None:
    assert check_url(" https://shop.example.com/x?y=1 ", allow_private=False) == "https://shop.example.com/x?y=1"
    assert is_public_ip("8.8.8.8")

    class Inward(AbstractResolver):
        """Answers every name with this machine."""

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            return [
                ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0),
            ]

        async def close(self) -> None:
            return

    post = HttpPost(allow_private=False, resolver=Inward())
    with pytest.raises(SendFailed):
        await post("https://shop.example.com/", "{}", {})
    with pytest.raises(SendFailed):
        await post("https://127.0.0.1/", "{}", {})
    await post.close()


async def test_a_webhook_wants_to_hear_something(bench: Bench) -> None:
    with pytest.raises(NoEvents):
        await bench.webhooks.make(url="http://a.test", events=[], channel="", by=BOSS)
    assert bench.clock() >= START
