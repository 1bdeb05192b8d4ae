"""tests: the visitor's socket loses nothing, doubles nothing and shows what the customer may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.contracts import EntryKind, Inbound, Owner, Received
from handoff.contracts import WaitRange
from kit.contracts import Language
from tests.bot.channels.web.desk import AGENT, WebDesk, stored, windows
from tests.bot.support.desk import Parts
from tests.support.clock import START
from tests.support.wait import until


async def test_a_first_visit_opens_a_conversation_and_asks_for_a_greeting(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.socket() as socket:
        ready = await socket.hello(token, language="en")
    assert ready["conversation"] == await desk.conversation_of(token)
    assert ready["state"] == {
        "owner": "bot",
        "agent": None,
        "place": None,
        "desk": {"on_duty": 2, "open": True, "opens_at": None},
    }
    home = await desk.parts.store.find(ready["conversation"])
    assert home is not None
    assert home.language is Language.EN
    [start] = await desk.parts.store.entries(home.id)
    assert (start.kind, start.payload["code"]) == (EntryKind.EVENT, "started")
    due = await desk.parts.store.next_due(home.id)
    assert due is not None


async def test_a_second_visit_opens_nothing_new(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as first, desk.visit(token) as second:
        assert first.frames[0]["conversation"] == second.frames[0]["conversation"]
    assert len(await desk.parts.store.entries(await desk.conversation_of(token))) == 1


async def test_a_message_is_stored_when_it_is_acknowledged_and_shown_in_every_window(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as here, desk.visit(token) as there:
        ack = await here.say("k1", "洗碗机怎么退")
        assert await stored(desk, token) == ["洗碗机怎么退"]
        for window in (here, there):
            entry = await window.until_entry("洗碗机怎么退")
            assert (entry["seq"], entry["key"], entry["kind"]) == (ack["seq"], "k1", "customer")


async def test_an_answer_reaches_the_window_as_html_without_its_scores(desk: WebDesk) -> None:
    token = desk.token()
    payload: dict[str, Any] = {
        "format": "markdown",
        "decision": "01J",
        "candidates": [{"title": "x", "confidence": 0.5}],
        "source": {"title": "退货规则", "confidence": 0.93, "article_id": "01J"},
        "choices": [{"id": "helped:yes", "label": "有用"}],
    }
    async with desk.visit(token) as window:
        await desk.write(token, "**7 天**内可退 <script>alert(1)</script>", payload=payload)
        entry = await window.until_entry("**7 天**内可退 <script>alert(1)</script>")
    assert entry["html"] == "<p><strong>7 天</strong>内可退 &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    assert entry["payload"] == {"source": {"title": "退货规则"}, "choices": payload["choices"]}


async def test_internal_notes_and_private_events_never_reach_the_window(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        await desk.write(token, "难缠，给他退", kind=EntryKind.NOTE, author="林静")
        await desk.write(token, "已升级", kind=EntryKind.EVENT, payload={"code": "x", "slots": {}, "public": False})
        await desk.write(token, "林静已接入", kind=EntryKind.EVENT, payload={"code": "y", "slots": {}, "public": True})
        await window.until_entry("林静已接入")
        assert [entry["text"] for entry in window.shown()] == ["林静已接入"]
        assert "难缠" not in str(window.frames)
        assert window.frames[-1]["upto"] == 4


async def test_numbers_have_no_gap_that_is_not_told(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        for number in range(120):
            kind = EntryKind.NOTE if number % 7 == 0 else EntryKind.BOT
            await desk.write(token, f"line {number}", kind=kind, tell=number == 119)
        await window.until_entry("line 118")
    last = 0
    for frame in window.frames:
        if frame["t"] == "entries":
            assert frame["after"] == last
            last = frame["upto"]
    assert last == 121


async def test_the_same_message_twice_is_stored_once_and_acknowledged_the_same(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        first = await window.say("k1", "在吗")
        again = await window.say("k1", "在吗")
        await window.say("k2", "还在吗")
        await window.until_entry("还在吗")
    assert first == again
    assert await stored(desk, token) == ["在吗", "还在吗"]
    assert [entry["text"] for entry in window.shown()] == ["在吗", "还在吗"]


async def test_after_a_cut_the_window_gets_what_it_missed_and_nothing_twice(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        await window.say("k1", "一")
        seen = (await window.until_entry("一"))["seq"]
        window.connection.transport.abort()
    await windows(desk, 0)
    await desk.write(token, "二")
    await desk.write(token, "三")
    async with desk.visit(token, after=seen) as window:
        await window.until_entry("三")
        assert [entry["text"] for entry in window.shown()] == ["二", "三"]


async def test_a_message_sent_into_a_cut_is_stored_once_when_it_is_sent_again(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        await window.send({"t": "send", "key": "k1", "text": "断网前的话"})
        window.connection.transport.abort()
    async with desk.visit(token) as window:
        await window.say("k1", "断网前的话")
        await window.until_entry("断网前的话")
    assert await stored(desk, token) == ["断网前的话"]


async def test_hello_again_on_an_open_connection_starts_over_from_the_number_it_names(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        await window.say("k1", "一")
        await window.until_entry("一")
        window.frames.clear()
        await window.hello(token, after=1)
        await window.until_entry("一")
        await window.say("k2", "二")
        await window.until_entry("二")
    assert [entry["text"] for entry in window.shown()] == ["一", "二"]


async def test_a_pressed_button_is_stored_with_its_label(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        asked = await desk.write(token, "?", payload={"choices": [{"id": "article:1", "label": "换货"}]})
        await window.send({"t": "press", "key": "p1", "choice": "article:1", "seq": asked.seq})
        await window.next("ack")
        pressed = await window.until_entry("换货")
    assert pressed["payload"] == {"kind": "press", "choice": "article:1", "to_seq": asked.seq}


async def test_the_button_for_a_person_needs_no_entry(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        await window.send({"t": "press", "key": "p1", "choice": "human"})
        await window.next("ack")
    assert await stored(desk, token) == ["转人工"]


async def test_the_window_hears_who_owns_the_conversation_and_where_it_stands_in_the_queue(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        desk.queue.ahead = 2
        await desk.own(token, Owner.QUEUE)
        state = await window.next("state")
        place = {"ahead": 2, "since": START.isoformat(), "wait": None}
        assert (state["owner"], state["place"]) == ("queue", place)
        desk.queue.ahead = 1
        desk.queue.wait = WaitRange(low=timedelta(minutes=3), high=timedelta(minutes=7.5))
        await desk.parts.signals.publish("desk", {})
        place = (await window.next("state"))["place"]
        assert (place["ahead"], place["wait"]) == (1, {"words": "between", "low": 3, "high": 8})
        await desk.own(token, Owner.AGENT, agent_id=AGENT)
        state = await window.next("state")
        assert (state["owner"], state["agent"], state["place"]) == ("agent", "林静", None)


async def test_a_window_that_does_not_wait_hears_nothing_of_the_queue(desk: WebDesk) -> None:
    token, other = desk.token(), desk.token()
    async with desk.visit(token) as window, desk.visit(other) as waiting:
        await desk.own(other, Owner.QUEUE)
        await waiting.next("state")
        desk.queue.ahead = 5
        await desk.parts.signals.publish("desk", {})
        # Windows are told in one go: once one that waits has heard, one that does not would have heard too.
        while (await waiting.next("state"))["place"]["ahead"] != 5:
            pass
        await window.send({"t": "ping"})
        await window.next("pong")
    assert "state" not in {frame["t"] for frame in window.frames}


async def test_what_is_being_written_is_shown_to_a_person_who_answers_and_to_nobody_else(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        topic = f"conversation:{await desk.conversation_of(token)}"
        async with desk.parts.signals.subscribe(topic) as signals:

            async def heard() -> dict[str, object]:
                await window.send({"t": "typing", "on": True, "text": "我想退" + "货" * 600})
                while True:
                    signal = await anext(signals)
                    assert signal is not None
                    if "typing" in signal.body:
                        return dict(signal.body)

            assert await heard() == {"typing": True, "who": "customer"}, "the bot answers"
            await desk.own(token, Owner.AGENT, agent_id=AGENT)
            while (await window.next("state"))["owner"] != "agent":
                pass
            assert await heard() == {"typing": True, "who": "customer", "text": "我想退" + "货" * 497}


async def test_typing_goes_both_ways_and_nobody_hears_their_own(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window, desk.parts.signals.subscribe("conversation:*") as wire:
        await window.send({"t": "typing", "on": True})
        async for signal in wire:
            assert signal is not None
            assert signal.body == {"typing": True, "who": "customer"}
            break
        topic = f"conversation:{await desk.conversation_of(token)}"
        await desk.parts.signals.publish(topic, {"typing": True, "who": "agent"})
        typing = await window.next("typing")
    assert typing == {"t": "typing", "who": "agent", "on": True}
    assert [frame for frame in window.frames if frame["t"] == "typing"] == [typing]


async def test_while_the_store_is_away_nothing_is_acknowledged_and_the_window_is_told_to_come_again(
    sqlite_parts: Parts,
) -> None:
    class Failing:
        away = False

        async def receive(self, inbound: Inbound) -> Received:
            if self.away:
                raise OperationalError("INSERT", {}, Exception("disk I/O error"))
            return await sqlite_parts.inbox.receive(inbound)

    inbox = Failing()
    async with WebDesk(parts=sqlite_parts, inbox=inbox).running() as desk:
        token = desk.token()
        async with desk.visit(token) as window:
            inbox.away = True
            await window.send({"t": "send", "key": "k1", "text": "很重要"})
            assert await window.close_code() == 1013
            assert "ack" not in {frame["t"] for frame in window.frames}
        inbox.away = False
        async with desk.visit(token) as window:
            await window.say("k1", "很重要")
        assert await stored(desk, token) == ["很重要"]


async def test_a_window_tells_how_far_it_is_and_never_further_than_it_was_sent(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        await window.say("k1", "在吗")
        last = (await window.until_entry("在吗"))["seq"]
        home = await desk.conversation_of(token)
        await window.send({"t": "seen", "upto": last, "read": False})
        await until(lambda: reported(desk, home, delivered=last, read=0))
        await window.send({"t": "seen", "upto": last + 50, "read": True})
        await until(lambda: reported(desk, home, delivered=last, read=last))
        await window.send({"t": "seen", "upto": "all", "read": True})
        assert (await window.next("refused"))["code"] == "malformed"


async def reported(desk: WebDesk, home: str, *, delivered: int, read: int) -> bool:
    found = await desk.receipts.of(home)
    return (found.delivered, found.read) == (delivered, read)
