"""tests: the knowledge base inside the console, over HTTP."""

from __future__ import annotations

from handoff.contracts import FlagReason, KnownArticle
from kit.contracts import Language
from staff.contracts import Role
from tests.support.console import ConsoleHouse

RETURN = KnownArticle(
    id="returns",
    title="七天无理由退货",
    language=Language.ZH,
    answer="签收**七天**内可以退货。<script>alert(1)</script>",
    text="签收七天内可以退货。",
    confidence=0.912,
    staff_only=True,
)


async def test_what_is_looked_up_comes_safe_to_show_and_plain_to_send(console: ConsoleHouse) -> None:
    await console.agent("mei")
    console.desk.articles.library["退"] = RETURN
    async with console.signed_in("mei") as client:
        [item] = (await client.get("/desk/articles", params={"q": " 退货 ", "language": "zh"})).json()["items"]
        assert "<strong>七天</strong>" in item["html"]
        assert "<script" not in item["html"]
        assert (item["text"], item["confidence"], item["staff_only"]) == (RETURN.text, 0.91, True)
        assert (await client.get("/desk/articles", params={"q": " ", "language": "zh"})).json() == {"items": []}
        assert (await client.get("/desk/articles", params={"q": "x"})).status_code == 422


async def test_a_flag_names_article_side_reason_and_who(console: ConsoleHouse) -> None:
    await console.agent("mei")
    console.desk.articles.library["退"] = RETURN
    body = {"reason": "out_of_date", "words": "现在是十四天。", "language": "zh"}
    async with console.signed_in("mei") as client:
        assert (await client.post("/desk/articles/returns/flag", json=body)).json() == {"flagged": True}
        assert (await client.post("/desk/articles/other/flag", json=body)).status_code == 404
        assert (await client.post("/desk/articles/returns/flag", json={**body, "reason": "bad"})).status_code == 422
    assert console.desk.articles.flagged == [
        ("returns", "Mei", Language.ZH, FlagReason.OUT_OF_DATE, "现在是十四天。"),
    ]


async def test_only_who_works_at_the_desk_looks_things_up_there(console: ConsoleHouse) -> None:
    await console.agent("ed", Role.EDITOR)
    async with console.signed_in("ed") as client:
        assert (await client.get("/desk/articles", params={"q": "退货", "language": "zh"})).status_code == 403
