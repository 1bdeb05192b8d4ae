"""tests: the page of canned replies, and what the console is offered while an agent writes."""

from __future__ import annotations

from staff.contracts import Role
from tests.support.console import ConsoleHouse
from tests.support.web import csrf_of


async def test_supervisors_keep_replies_and_agents_are_offered_them_filled(console: ConsoleHouse) -> None:
    await console.agent("mei")
    await console.agent("su", Role.SUPERVISOR)
    handoff = await console.desk.ask()
    async with console.signed_in("mei") as client:
        assert (await client.get("/team/replies")).status_code == 403
    async with console.signed_in("su", html=True) as client:
        page = (await client.get("/team/replies")).text
        assert "There is no canned reply yet" in page
        form = {"csrf": csrf_of(page), "title": "查单", "text": "{customer}您好，{case}", "language": "zh"}
        wrong = await client.post("/team/replies/new", data={**form, "text": "{nobody}"})
        assert wrong.status_code == 422
        assert "There is no variable nobody" in wrong.text
        assert "{nobody}</textarea>" in wrong.text
        saved = await client.post("/team/replies/new", data=form)
        assert "Saved." in (await client.get(saved.headers["location"])).text
    async with console.signed_in("mei") as client:
        path = f"/desk/conversations/{handoff.conversation_id}/canned"
        [item] = (await client.get(path, params={"q": "cd"})).json()["items"]
        assert (item["text"], item["gaps"]) == ("周先生您好，[投诉单号]", ["[投诉单号]"])
        assert (await client.get(path, params={"q": "没有"})).json() == {"items": []}
        assert (await client.get("/desk/conversations/nobody/canned")).status_code == 404
    async with console.signed_in("su", html=True) as client:
        [reply] = await console.desk.canned.all()
        await client.post(f"/team/replies/{reply.id}/remove", data={"csrf": form["csrf"]})
    assert await console.desk.canned.all() == ()
