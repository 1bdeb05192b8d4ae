"""tests: the pages of the follow-up desk: what is refused is said there, and nobody but colleagues sees them."""

from __future__ import annotations

from datetime import timedelta

from cases.contracts.follow_ups import Outcome, Wish
from staff.contracts import Role
from tests.cases.office import Office
from tests.cases.support import a_complaint
from tests.cases.test_handling import TO_TOLD


async def due(office: Office) -> str:
    case = await office.files.open(a_complaint("one"))
    await office.files.go(case, *TO_TOLD, "follow_up")
    await office.files.rounds.run(office.files.clock())
    [one] = (await office.files.follow_ups.today()).due
    return f"/cases/follow-ups/{one.id}"


async def test_a_customer_is_asked_put_off_and_asked_again(office: Office) -> None:
    path = await due(office)
    async with office.signed_in() as client:
        listed = (await client.get("/cases/follow-ups", params={"plan": "complaint"})).text
        assert path in listed
        assert path not in (await client.get("/cases/follow-ups", params={"plan": "periodic"})).text
        assert (await client.post(f"{path}/take")).status_code == 303
        later = (office.files.clock() + timedelta(hours=8 + 6)).strftime("%Y-%m-%dT%H:%M")  # the pages' clocks: +8
        assert (await client.post(f"{path}/postpone", data={"due_at": later})).status_code == 303
        night = (office.files.clock() + timedelta(hours=8 + 14)).strftime("%Y-%m-%dT%H:%M")
        refused = await client.post(f"{path}/postpone", data={"due_at": night})
        assert refused.status_code == 409
        assert "Customers are not asked at this hour" in refused.text
        for bad in ("", "gestern"):
            assert (await client.post(f"{path}/postpone", data={"due_at": bad})).status_code == 422
        assert (await client.post(f"{path}/answer", data={"question": "content", "answer": "yes"})).status_code == 409
        assert (await client.post(f"{path}/wish", data={"wish": "chat"})).status_code == 303
        assert (await client.post(f"{path}/no-answer")).status_code == 303
        form = {"outcome": "refused", "comment": "不想被打扰", "never": "true"}
        assert (await client.post(f"{path}/end", data=form)).status_code == 303
        page = (await client.get(path)).text
        assert (await client.post(f"{path}/end", data=form)).status_code == 409
    assert "不想被打扰" in page
    assert "Does not want to be asked" in page
    file = await office.files.follow_ups.load(path.rpartition("/")[2])
    assert (file.follow_up.outcome, file.wish) == (Outcome.REFUSED, Wish.NEVER)


async def test_only_colleagues_see_follow_ups_and_unknown_ones_are_not_found(office: Office) -> None:
    path = await due(office)
    async with office.signed_in(Role.EDITOR) as client:
        assert [(await client.get(where)).status_code for where in (path, "/cases/follow-ups")] == [403, 403]
        assert (await client.post(f"{path}/take")).status_code == 403
    async with office.signed_in(name="other") as client:
        assert (await client.get("/cases/follow-ups/nobody")).status_code == 404
        assert (await client.post("/cases/follow-ups/nobody/take")).status_code == 404
