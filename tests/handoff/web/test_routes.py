from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from handoff.contracts import Attempt, ComplaintNote, EarlierContact, HeardNote, Outcome, Urgency
from kit.contracts import Language
from staff.contracts import Role
from tests.handoff.asking import a_packet, a_request
from tests.support.console import ConsoleHouse
from tests.support.web import ADDRESS, csrf_of, sign_in

COMPLAINT = ComplaintNote(
    number="TS2611-000001",
    category="product_quality",
    category_confidence=0.91,
    severity="serious",
    severity_confidence=0.77,
    words=("才买三天", "没解决"),
    wanted="换货",
    rule="repeated",
    heard=(
        HeardNote(aspect="also", name="repair_warranty", confidence=0.31, words=("没修",)),
        HeardNote(aspect="wants", name="replacement", confidence=0.83, words=("想换货",)),
        HeardNote(aspect="mood", name="angry", confidence=0.64, words=("到底",)),
    ),
)


async def test_only_agents_and_supervisors_work_at_the_desk(console: ConsoleHouse) -> None:
    async with console.web.client() as nobody:
        assert (await nobody.get("/desk")).headers["location"].startswith("/sign-in")
    for name, role, status in (("ed", Role.EDITOR, 403), ("su", Role.SUPERVISOR, 200), ("ag", Role.AGENT, 200)):
        await console.agent(name, role)
        async with console.signed_in(name) as client:
            assert (await client.get("/desk")).status_code == status
            assert (await client.get("/desk/lists")).status_code == status
            claim = await client.post("/desk/claim", json={"handoff": "none"})
            assert claim.status_code == (404 if status == 200 else status)


async def test_the_page_begins_with_those_who_wait_and_with_ones_own_once_there_are_some(
    console: ConsoleHouse,
) -> None:
    mei = await console.agent()
    async with console.signed_in() as client:
        assert 'data-view="mine" aria-pressed="true"' in (await client.get("/desk")).text
        waiting = await console.desk.ask()
        assert 'data-view="waiting" aria-pressed="true"' in (await client.get("/desk")).text
        await console.desk.agents.claim(waiting.id, mei)
        assert 'data-view="mine" aria-pressed="true"' in (await client.get("/desk")).text


async def test_a_list_shows_who_waits_for_what_in_the_order_of_the_queue(console: ConsoleHouse) -> None:
    await console.agent()
    desk = console.desk
    await desk.ask()
    where = "conversation-critical"
    await desk.conversations.begin(where, "取暖器冒烟了 <b>救命</b>", at=desk.clock())
    request = a_request(where, Urgency.CRITICAL, a_packet(complaint=replace(COMPLAINT, category="privacy_safety")))
    await desk.database.write(lambda tx: desk.desk.open(tx, request, at=desk.clock()))
    async with console.signed_in() as client:
        page = (await client.get("/desk/lists", params={"view": "waiting"})).text
    assert page.index(where) < page.index(desk.asked[0])
    assert "取暖器冒烟了 &lt;b&gt;救命&lt;/b&gt;" in page
    assert "Critical" in page
    assert "Privacy and safety" in page
    assert 'data-mine="0" data-waiting="2" data-all="2"' in page


@pytest.mark.parametrize("view", ["mine", "waiting", "all"])
async def test_an_empty_list_says_what_to_do_next(console: ConsoleHouse, view: str) -> None:
    await console.agent()
    async with console.signed_in() as client:
        page = (await client.get("/desk/lists", params={"view": view})).text
    assert 'class="empty"' in page


@pytest.mark.parametrize(("confidence", "shown"), [(0.0, False), (0.42, True)])
async def test_an_intent_is_not_recognised_only_where_something_was_read(
    console: ConsoleHouse, confidence: float, *, shown: bool
) -> None:
    await console.agent()
    desk = console.desk
    packet = replace(a_packet(), intent="unknown", intent_confidence=confidence)
    await desk.conversations.begin("talk", "转人工", at=desk.clock())
    await desk.database.write(lambda tx: desk.desk.open(tx, a_request("talk", Urgency.NORMAL, packet), at=desk.clock()))
    async with console.signed_in() as client:
        context = (await client.get("/desk/conversations/talk")).json()["context"]
    assert ("<dt>Intent</dt>" in context) is shown


async def test_an_agent_sees_everything_that_is_known_before_the_first_word(console: ConsoleHouse) -> None:
    await console.agent()
    desk = console.desk
    packet = replace(
        a_packet(complaint=COMPLAINT),
        attempts=(Attempt(question="脱水响", decision="answer", title="脱水异响", confidence=0.93, helped=False),),
        earlier=(EarlierContact(at=desk.clock(), kind="handoff", summary="发票抬头"),),
    )
    await desk.conversations.begin("talk", "没解决", at=desk.clock())
    await desk.database.write(
        lambda tx: desk.desk.open(tx, a_request("talk", Urgency.SERIOUS, packet), at=desk.clock())
    )
    async with console.signed_in() as client:
        shown = (await client.get("/desk/conversations/talk")).json()
    context = shown["context"]
    for known in (
        packet.want,
        "0.91",
        "CJ2611-088213",
        "TS2611-000001",
        "Product quality",
        "Serious",
        "<mark>才买三天</mark>",
        "Complains again and again",
        "0.31",
        "Replacement",
        "想换货</mark>",
        "Angry",
        "到底</mark>",
        "换货",
        "脱水异响",
        'value="0.930"',
        "Did not help",
        "发票抬头",
    ):
        assert known in context, known
    assert shown["state"]["owner"] == "queue"
    assert "Claim" in shown["head"]


async def test_a_list_is_drawn_as_a_whole_or_its_order_with_the_rows_that_changed(console: ConsoleHouse) -> None:
    mei = await console.agent()
    first, second = await console.desk.claimed(mei), await console.desk.claimed(mei)
    waiting = await console.desk.ask()
    names = [one.conversation_id for one in (first, second)]
    order = f'data-order="{" ".join(names)}"'
    async with console.signed_in() as client:

        async def rows(**query: str) -> list[str]:
            page = (await client.get("/desk/lists", params={"view": "mine", **query})).text
            assert order in page
            return re.findall(r'<li data-conversation="(\w+)"', page)

        assert await rows() == names
        assert await rows(changed=f"{names[1]} {waiting.conversation_id} nothing") == [names[1]]
        assert await rows(changed="") == []
        await console.desk.snoozing.snooze(names[0], mei, until=console.desk.clock() + timedelta(hours=1), words="")
        order = f'data-order="{names[1]} {names[0]}"'
        assert await rows(changed="") == []


async def test_claiming_replying_and_resolving_over_http(console: ConsoleHouse) -> None:
    await console.agent()
    handoff = await console.desk.ask()
    async with console.signed_in() as client:
        claimed = (await client.post("/desk/claim", json={"handoff": handoff.id})).json()
        assert claimed["result"] == "claimed"
        assert claimed["state"]["agent"]["name"] == "Mei"
        body = {"epoch": claimed["state"]["epoch"], "outcome": "solved", "category": "returns"}
        done = (await client.post(f"/desk/conversations/{handoff.conversation_id}/resolve", json=body)).json()
        assert done["state"]["owner"] == "bot"
        assert "Solved" in done["head"]
        again = await client.post(f"/desk/conversations/{handoff.conversation_id}/resolve", json=body)
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "conversation_moved"
    ended = await console.desk.desk.earlier(handoff.conversation_id)
    assert [one.outcome for one in ended] == [Outcome.SOLVED]


async def test_of_two_who_claim_at_once_the_slower_one_is_told_who_was_faster(console: ConsoleHouse) -> None:
    await console.agent("mei")
    await console.agent("lin", language=Language.ZH)
    handoff = await console.desk.ask()
    async with console.signed_in("mei") as mei, console.signed_in("lin") as lin:
        answers = await asyncio.gather(
            *(client.post("/desk/claim", json={"handoff": handoff.id}) for client in (mei, lin))
        )
    results = {answer.json()["result"]: answer.json() for answer in answers}
    assert set(results) == {"claimed", "lost"}
    winner = results["claimed"]["state"]["agent"]["name"]
    assert results["lost"]["agent"] == winner
    assert results["lost"]["text"] in {f"{winner} was faster.", f"{winner} 抢先接入了。"}


async def test_giving_back_to_the_bot_needs_the_epoch_one_holds(console: ConsoleHouse) -> None:
    mei = await console.agent()
    held = await console.desk.claimed(mei)
    path = f"/desk/conversations/{held.conversation_id}/transfer"
    async with console.signed_in() as client:
        assert (await client.post(path, json={"to": "bot", "epoch": held.epoch - 1})).status_code == 409
        done = (await client.post(path, json={"to": "bot", "epoch": held.epoch})).json()
        assert done["state"]["state"] == "returned"
        assert (await client.post(path, json={"to": "moon", "epoch": held.epoch})).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"epoch": -1},
        {"epoch": "x"},
        {"epoch": 1, "outcome": "great", "category": "other"},
        {"epoch": 1, "outcome": "solved"},
        {"epoch": 1, "outcome": "solved", "category": "other", "x": 1},
    ],
)
async def test_a_malformed_body_is_refused_in_the_envelope(console: ConsoleHouse, body: dict[str, object]) -> None:
    await console.agent()
    async with console.signed_in() as client:
        answer = await client.post("/desk/conversations/talk/resolve", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "malformed"


async def test_a_claim_without_the_sessions_token_changes_nothing(console: ConsoleHouse) -> None:
    await console.agent()
    handoff = await console.desk.ask()
    async with console.signed_in() as client:
        del client.headers["X-CSRF-Token"]
        answer = await client.post("/desk/claim", json={"handoff": handoff.id})
        assert answer.status_code == 403
    assert (await console.desk.conversations.owner(handoff.conversation_id))[0] == "queue"


async def test_a_conversation_nobody_handed_over_cannot_be_opened(console: ConsoleHouse) -> None:
    await console.agent()
    await console.desk.conversations.begin("private", "秘密", at=console.desk.clock())
    async with console.signed_in() as client:
        for conversation in ("private", "nothing", "x" * 40):
            answer = await client.get(f"/desk/conversations/{conversation}")
            assert answer.status_code == 404


@pytest.mark.parametrize("language", list(Language))
async def test_the_page_is_whole_in_both_languages(console: ConsoleHouse, language: Language) -> None:
    await console.agent("mei", language=language)
    async with console.web.client(language=language) as client:
        await sign_in(client, "mei")
        page = (await client.get("/desk")).text
    assert csrf_of(page)
    assert {"zh": "接入", "en": "claim"}[language.value] in page
    assert "style=" not in page
    assert ADDRESS not in page
