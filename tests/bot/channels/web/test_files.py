"""tests: files in the visitor's own conversation, over HTTP."""

from __future__ import annotations

import httpx

from tests.bot.channels.web.desk import WebDesk

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def visitor(client: httpx.AsyncClient) -> dict[str, str]:
    token = (await client.post("/api/visitor")).json()["token"]
    return {"Authorization": f"Bearer {token}"}


async def test_a_visitor_sends_a_picture_and_sees_it_again_and_nobody_else_does(desk: WebDesk) -> None:
    async with httpx.AsyncClient(base_url=desk.url) as client:
        mine, other = await visitor(client), await visitor(client)
        address = "/api/files?key=f1&name=%E7%85%A7%E7%89%87.exe"
        stored = (await client.post(address, headers=mine, content=PNG)).json()
        assert stored["duplicate"] is False
        assert (await client.post(address, headers=mine, content=PNG)).json()["seq"] == stored["seq"]
        [entry] = (await client.get("/api/conversation", headers=mine)).json()["entries"][-1:]
        assert entry["payload"]["file"]["media_type"] == "image/png"
        picture = await client.get(f"/api/files/{stored['seq']}", headers=mine)
        assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
        assert picture.headers["content-disposition"].startswith("inline")
        assert "sandbox" in picture.headers["content-security-policy"]
        assert (await client.get(f"/api/files/{stored['seq']}", headers=other)).status_code == 404
        assert (await client.get(f"/api/files/{stored['seq']}")).status_code == 401


async def test_what_is_no_picture_paper_or_film_is_refused_with_what_is_allowed(desk: WebDesk) -> None:
    async with httpx.AsyncClient(base_url=desk.url) as client:
        mine = await visitor(client)
        refused = await client.post("/api/files?key=f1&name=a.png", headers=mine, content=b"<svg onload=alert(1)>")
        error = refused.json()["error"]
        assert (refused.status_code, error["code"]) == (422, "attachment_unknown")
        assert "PDF" in error["text"]
        assert (await client.get("/api/conversation", headers=mine)).json()["entries"] == []
