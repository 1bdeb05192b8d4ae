"""tests: the interface for programs over the whole desk: every room with a token, and a fuzzer's word on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bot.contracts import Inbound, InboundKind
from handoff.contracts import ContextPacket, HandoffReason, HandoffRequest, Urgency
from kit.contracts import Language
from staff.contracts import Person, Role, Scope
from tests.support.desk import RunningDesk, running_desk
from tests.support.web import PASSWORD

EXAMPLES = 4
"""Calls of each operation that are allowed by the document, and as many that it forbids."""
PATIENCE = 100.0
"""Seconds a busy machine may take to answer."""
SHOWN = 700
"""Characters of a failure that are told."""
LEAST = 40
"""Operations the document surely has."""
BOSS = Person(id="boss", name="boss", display_name="Boss", roles=frozenset(Role), language=Language.EN, csrf="")


@pytest.fixture
async def desk(tmp_path: Path, sqlite_url: str) -> AsyncIterator[RunningDesk]:
    async with running_desk(tmp_path, database_url=sqlite_url) as running:
        yield running


async def token(desk: RunningDesk, *scopes: Scope, departments: tuple[str, ...] = ()) -> httpx.AsyncClient:
    made = await desk.rooms.tokens.make(name="shop system", scopes=scopes, days=1, by=BOSS, departments=departments)
    headers = {"Authorization": f"Bearer {made.secret}", "Accept-Language": "en"}
    return httpx.AsyncClient(base_url=f"{desk.url}/api/v1", headers=headers, timeout=PATIENCE)


async def waiting(desk: RunningDesk) -> str:
    """A conversation that waits for a person; its id."""
    inbound = Inbound(channel="web", external_id="k1", address="v1", kind=InboundKind.TEXT, text="a person please")
    home = (await desk.rooms.inbox.receive(inbound)).conversation_id
    packet = ContextPacket(
        want="a person please",
        language=Language.EN,
        intent="talk_to_person",
        intent_confidence=1.0,
        entities=(),
        given=(),
        complaint=None,
        attempts=(),
        earlier=(),
    )
    request = HandoffRequest(
        conversation_id=home,
        customer_name="",
        channel="web",
        reason=HandoffReason.ASKED,
        urgency=Urgency.NORMAL,
        language=Language.EN,
        packet=packet,
    )
    await desk.ground.database.write(lambda tx: desk.rooms.desk.open(tx, request, at=desk.ground.clock()))
    return home


async def test_a_program_takes_answers_and_resolves_a_conversation(desk: RunningDesk) -> None:
    home = await waiting(desk)
    async with await token(desk, Scope.DESK_READ, Scope.DESK_WRITE, Scope.CONVERSATIONS_READ) as program:
        [waits] = (await program.get("/desk/queue")).json()
        assert (waits["conversation"], waits["state"]) == (home, "waiting")
        claimed = (await program.post(f"/desk/handoffs/{waits['id']}/claim")).json()
        assert (claimed["claimed"], claimed["handoff"]["agent"]) == (True, "shop system")
        epoch = claimed["handoff"]["epoch"]
        words = {"key": "r1", "text": "Hello, how can I help?", "epoch": epoch}
        first = (await program.post(f"/desk/conversations/{home}/replies", json=words)).json()
        assert (await program.post(f"/desk/conversations/{home}/replies", json=words)).json() == first
        late = await program.post(f"/desk/conversations/{home}/replies", json=words | {"key": "r2", "epoch": 0})
        assert (late.status_code, late.json()["error"]["code"]) == (409, "conversation_moved")
        note = await program.post(f"/desk/conversations/{home}/notes", json={"key": "n1", "text": "checked"})
        assert note.json()["seq"] > first["seq"]
        done = {"epoch": epoch, "outcome": "solved"}
        resolved = (await program.post(f"/desk/conversations/{home}/resolve", json=done)).json()
        assert (resolved["state"], resolved["outcome"]) == ("resolved", "solved")
        shown = (await program.get(f"/conversations/{home}/messages")).json()["entries"]
        said = [(line["kind"], line["text"], line["author"]) for line in shown if line["kind"] in {"agent", "note"}]
        assert said == [("agent", words["text"], "shop system"), ("note", "checked", "shop system")]
        listed = (await program.get("/conversations", params={"channel": "web"})).json()
        assert [each["id"] for each in listed["conversations"]] == [home]
        refused = await program.get("/cases")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing")


async def test_a_token_of_other_departments_sees_nothing_of_a_conversation(desk: RunningDesk) -> None:
    home, scopes = await waiting(desk), (Scope.DESK_READ, Scope.DESK_WRITE, Scope.CONVERSATIONS_READ)
    [handoff] = await desk.rooms.agents.queue()
    other = next(one.name for one in desk.ground.settings.handoff.departments if one.name != handoff.placing.department)
    async with await token(desk, *scopes, departments=(other,)) as stranger:
        assert (await stranger.get("/desk/queue")).json() == (await stranger.get("/desk/open")).json() == []
        assert (await stranger.get("/conversations")).json()["conversations"] == []
        words = {"key": "k1", "text": "x", "epoch": handoff.epoch}
        for answer in (
            await stranger.get(f"/conversations/{home}"),
            await stranger.get(f"/conversations/{home}/messages"),
            await stranger.get(f"/desk/conversations/{home}"),
            await stranger.post(f"/desk/handoffs/{handoff.id}/claim"),
            await stranger.post(f"/desk/conversations/{home}/notes", json={"key": "k1", "text": "x"}),
            await stranger.post(f"/desk/conversations/{home}/replies", json=words),
            await stranger.post(f"/desk/conversations/{home}/return", json={"epoch": handoff.epoch}),
        ):
            assert answer.status_code == 404, answer.text
    async with await token(desk, *scopes, departments=(other, handoff.placing.department)) as colleague:
        assert [each["id"] for each in (await colleague.get("/conversations")).json()["conversations"]] == [home]
        assert (await colleague.get(f"/conversations/{home}/messages")).status_code == 200
        assert (await colleague.post(f"/desk/handoffs/{handoff.id}/claim")).json()["claimed"] is True


async def test_a_program_says_what_a_representative_takes_and_may_do_nothing_else_of_a_supervisor(
    desk: RunningDesk,
) -> None:
    made = await desk.rooms.staff.create_account(
        name="mei", display_name="Mei", roles=[Role.AGENT], language=Language.EN, password=PASSWORD
    )
    address = f"/team/{made.account.id}"
    async with await token(desk, Scope.TEAM_READ, Scope.TEAM_WRITE) as roster:
        [before] = (await roster.get("/team")).json()
        assert (before["name"], before["capacity"], before["channel_capacity"]) == ("Mei", None, {})
        wanted = {"departments": ["complaints"], "capacity": 3, "channel_capacity": {"telegram": 1, "web": 2}}
        saved = await roster.put(address, json=wanted)
        assert saved.status_code == 200, saved.text
        assert saved.json() == before | wanted
        assert (await roster.get("/team")).json() == [saved.json()]
        for wrong in ({"channel_capacity": {"pigeon": 1}}, {"capacity": 51}, {"departments": ["kitchen"]}):
            assert (await roster.put(address, json=wrong)).status_code == 422
        assert (await roster.put("/team/nobody", json=wanted)).status_code == 404
        assert (await roster.get("/desk/queue")).json()["error"]["code"] == "scope_missing"
    async with await token(desk, Scope.TEAM_READ, Scope.DESK_READ, Scope.DESK_WRITE) as reader:
        assert (await reader.put(address, json=wanted)).json()["error"]["code"] == "scope_missing"
    async with await token(desk, Scope.DESK_READ) as colleague:
        assert (await colleague.get("/team")).json()["error"]["code"] == "scope_missing"
    [profile] = [profile for account, profile in await desk.rooms.team.members() if account.id == made.account.id]
    assert (profile.capacity, profile.channel_capacity) == (3, (("telegram", 1), ("web", 2)))
    changes = [one for one in (await desk.rooms.staff.audit_page()).records if one.action == "handoff.profile"]
    assert [(one.account_id != made.account.id, one.after) for one in changes] == [
        (True, "complaints, capacity=3, telegram=1, web=2")
    ]


async def test_a_program_opens_a_case_and_takes_it_a_step_further(desk: RunningDesk) -> None:
    async with await token(desk, Scope.CASES_READ, Scope.CASES_WRITE) as program:
        new = {
            "key": "order-17",
            "category": desk.ground.settings.cases.categories[0].name,
            "severity": "normal",
            "language": "en",
            "what_happened": "The kettle arrived broken.",
        }
        opened = await program.post("/cases", json=new)
        assert opened.status_code == 201, opened.text
        number = opened.json()["case"]["number"]
        assert (await program.post("/cases", json=new)).json()["case"]["number"] == number
        file = (await program.get(f"/cases/{number}")).json()
        step = {"version": file["version"], "to": file["next_steps"][0], "words": "We have it.", "comment": "by API"}
        moved = await program.post(f"/cases/{number}/steps", json=step)
        assert moved.status_code == 200, moved.text
        assert moved.json()["case"]["step"] == step["to"]
        assert "shop system" in {line["by"] for line in moved.json()["history"]}
        assert (await program.post(f"/cases/{number}/steps", json=step)).status_code == 409
        assert (await program.get("/cases", params={"text": number})).json()["total"] == 1
    async with await token(desk, Scope.CASES_READ, departments=("consultation",)) as stranger:
        assert (await stranger.get("/cases", params={"text": number})).json()["total"] == 0
        assert (await stranger.get(f"/cases/{number}")).status_code == 404


async def test_a_program_writes_an_article_but_publishes_it_only_with_that_scope(desk: RunningDesk) -> None:
    side = {"language": "en", "title": "Do you engrave rings?", "answer": "Yes."}
    async with await token(desk, Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_WRITE) as program:
        made = (await program.post("/knowledge/articles", json={"category": "orders", "texts": [side]})).json()
        step = {"expected_version": made["version"]}
        refused = await program.post(f"/knowledge/articles/{made['id']}/publish", json=step)
        assert refused.json()["error"]["code"] == "scope_missing"
        assert (await program.get("/knowledge/export", params={"kind": "json"})).status_code == 200
    async with await token(desk, Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_PUBLISH) as program:
        gate = await program.get(f"/knowledge/articles/{made['id']}/gate", params=step)
        assert gate.json()["worse"] == 0
        published = await program.post(f"/knowledge/articles/{made['id']}/publish", json=step)
        assert published.json()["status"] == "published", published.text
        found = (await program.get("/knowledge/search", params={"question": "Do you engrave rings?"})).json()
        assert found["matches"][0]["answer"] == "Yes."
    trail = (await desk.rooms.staff.audit_page()).records
    assert {record.action for record in trail} >= {"staff.token_call", "knowledge_base.publish"}


async def test_the_document_is_shown_as_a_page_that_loads_nothing_from_elsewhere(desk: RunningDesk) -> None:
    async with httpx.AsyncClient(base_url=desk.url, headers={"Accept": "text/html"}, timeout=PATIENCE) as reader:
        for language, title in (("en", "API for programs"), ("zh-CN", "程序接口")):
            page = (await reader.get("/api/v1/docs", headers={"Accept-Language": language})).text
            assert title in page
            assert "POST /api/v1/desk/conversations/{conversation_id}/resolve" in page
            assert "//" not in page.replace(desk.url, "")
        document = (await reader.get("/api/v1/openapi.json")).json()
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    undocumented = [path for path, ways in document["paths"].items() for way in ways.values() if not way["description"]]
    assert undocumented == []


async def test_the_interface_keeps_to_its_own_document_whatever_is_sent(desk: RunningDesk) -> None:
    """A property-based fuzzer calls every operation with what its document allows and forbids; the same every time."""
    await waiting(desk)
    made = await desk.rooms.tokens.make(name="fuzzer", scopes=list(Scope), days=1, by=BOSS)
    failures = await asyncio.to_thread(fuzz, desk.url, {"Authorization": f"Bearer {made.secret}"})
    assert not failures, "\n\n".join(failures)


def fuzz(url: str, headers: dict[str, str]) -> list[str]:
    """What the fuzzer found, an operation a line.

    Not checked: that everything of the documented form is accepted. Rules such as "an article has a title" are told
    in the envelope, not in the form.
    """
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    failures, called = [], 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation, called = found.ok(), called + 1

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        try:
            call()
        except (FailureGroup, Failure) as error:
            failures.append(f"{operation.label}: {error}"[:SHOWN])
    return failures if called > LEAST else [f"only {called} operations"]
