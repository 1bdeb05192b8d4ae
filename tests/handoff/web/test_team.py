from __future__ import annotations

from handoff.contracts import AgentProfile
from kit.contracts import Language
from staff.contracts import Role
from tests.handoff.asking import a_request
from tests.support.console import ConsoleHouse
from tests.support.web import csrf_of


async def test_only_supervisors_see_and_change_what_each_agent_takes(console: ConsoleHouse) -> None:
    mei = await console.agent("mei")
    await console.agent("su", Role.SUPERVISOR)
    async with console.signed_in("mei") as client:
        assert (await client.get("/team")).status_code == 403
    async with console.signed_in("su", html=True) as client:
        page = (await client.get("/team")).text
        assert "Mei" in page
        assert "Of these on shop-app" in page
        form = {
            "csrf": csrf_of(page),
            "departments": ["complaints", "after_sales"],
            "languages": "en",
            "skills": "invoices",
            "capacity": "3",
            "capacity_telegram": "1",
            "capacity_shop-app": "2",
        }
        saved = await client.post(f"/team/{mei.id}", data=form)
        assert saved.headers["location"] == f"/team?saved={mei.id}"
        assert "it counts from the next offer on" in (await client.get(saved.headers["location"])).text
    profiles = {account.id: profile for account, profile in await console.desk.team.members()}
    assert profiles[mei.id] == AgentProfile(
        account_id=mei.id,
        departments=frozenset({"complaints", "after_sales"}),
        languages=frozenset({Language.EN}),
        skills=frozenset({"invoices"}),
        capacity=3,
        channel_capacity=(("shop-app", 2), ("telegram", 1)),
    )


async def test_what_cannot_be_is_refused_on_the_page_and_nothing_is_stored(console: ConsoleHouse) -> None:
    mei = await console.agent("mei")
    await console.agent("su", Role.SUPERVISOR)
    async with console.signed_in("su", html=True) as client:
        token = csrf_of((await client.get("/team")).text)
        for wrong in ({"departments": "kitchen"}, {"capacity": "99"}, {"capacity": "many"}, {"languages": "fr"}):
            answer = await client.post(f"/team/{mei.id}", data={"csrf": token, **wrong})
            assert answer.status_code == 422
            assert 'role="alert"' in answer.text
        assert (await client.post("/team/nobody", data={"csrf": token})).status_code == 404
    profiles = {account.id: profile for account, profile in await console.desk.team.members()}
    assert profiles[mei.id] == AgentProfile(account_id=mei.id)


async def test_what_is_offered_to_me_stands_in_my_list_with_its_reason_and_can_be_declined(
    console: ConsoleHouse,
) -> None:
    mei = await console.agent("mei")
    await console.agent("lin")
    desk = console.desk
    await desk.agents.beat(mei)
    handoff = await desk.ask()
    await desk.dispatcher.run(desk.clock())
    async with console.signed_in("lin") as client:
        page = (await client.get("/desk/lists", params={"view": "waiting"})).text
        assert "Offered to Mei" in page
        assert "offer-card" not in page
        assert (await client.post("/desk/decline", json={"handoff": handoff.id})).json() == {"declined": False}
    async with console.signed_in("mei") as client:
        page = (await client.get("/desk/lists", params={"view": "mine"})).text
        assert "Because: only you are free" in page
        assert (await client.post("/desk/decline", json={"handoff": handoff.id})).json() == {"declined": True}
        assert "offer-card" not in (await client.get("/desk/lists", params={"view": "mine"})).text


async def test_a_supervisor_marks_a_key_account_and_an_agent_may_not(console: ConsoleHouse) -> None:
    mei = await console.agent("mei")
    await console.agent("su", Role.SUPERVISOR)
    desk = console.desk
    await desk.conversations.begin("talk", "转人工", at=desk.clock())
    await desk.database.write(lambda tx: desk.desk.open(tx, a_request("talk"), at=desk.clock()))
    body = {"key_account": True, "named_agent": mei.id}
    async with console.signed_in("mei") as client:
        assert (await client.post("/desk/conversations/talk/key-account", json=body)).status_code == 403
        assert "Ordinary customer" in (await client.get("/desk/conversations/talk")).json()["context"]
    async with console.signed_in("su") as client:
        shown = (await client.post("/desk/conversations/talk/key-account", json=body)).json()
        assert f'value="{mei.id}" selected' in shown["context"]
        wrong = {"key_account": True, "named_agent": "nobody"}
        assert (await client.post("/desk/conversations/talk/key-account", json=wrong)).status_code == 422
    customer = await desk.team.customer("talk")
    assert (customer.key_account, customer.named_agent_id) == (True, mei.id)
