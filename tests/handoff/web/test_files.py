"""tests: files in the console, over HTTP: who may see them, who may send them."""

from __future__ import annotations

from kit.files import SentFile
from tests.support.console import ConsoleHouse

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def test_who_holds_the_conversation_sends_a_file_once_and_a_late_sender_does_not(console: ConsoleHouse) -> None:
    mei = await console.agent("mei")
    await console.agent("lin")
    held = await console.desk.claimed(mei)
    path = f"/desk-files/{held.conversation_id}"
    asked: dict[str, str | int] = {"key": "f1", "name": "../说明.png", "epoch": held.epoch}
    async with console.signed_in("mei") as client:
        first = await client.post(path, params=asked, content=PNG)
        assert (await client.post(path, params=asked, content=PNG)).json() == first.json()
        late = await client.post(path, params={**asked, "key": "f2", "epoch": held.epoch - 1}, content=PNG)
        assert (late.status_code, late.json()["error"]["code"]) == (409, "conversation_moved")
        bad = await client.post(path, params={**asked, "key": "f3"}, content=b"MZ a program")
        assert (bad.status_code, bad.json()["error"]["code"]) == (422, "attachment_unknown")
    async with console.signed_in("lin") as client:
        assert (await client.post(path, params={**asked, "key": "f4"}, content=PNG)).status_code == 409
    sent = [
        line.payload["file"]
        for line in await console.desk.conversations.lines(held.conversation_id)
        if line.payload.get("file")
    ]
    assert sent == [{"name": "说明.png", "kind": "photo", "media_type": "image/png", "size": len(PNG)}]


async def test_a_picture_is_shown_and_everything_else_is_a_download(console: ConsoleHouse) -> None:
    mei = await console.agent("mei")
    held = await console.desk.claimed(mei)
    kept = console.desk.attachments.kept
    kept[held.conversation_id, 1] = SentFile(name="照片.png", media_type="image/png", content=PNG)
    kept[held.conversation_id, 2] = SentFile(name="发票.pdf", media_type="application/pdf", content=b"%PDF-1.7 ")
    path = f"/desk-files/{held.conversation_id}"
    async with console.signed_in("mei") as client:
        shown, paper = await client.get(f"{path}/1"), await client.get(f"{path}/2")
        assert shown.headers["content-disposition"].startswith("inline")
        assert paper.headers["content-disposition"].startswith("attachment")
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert (await client.get(f"{path}/3")).status_code == 404
        assert (await client.get("/desk-files/nobody/1")).status_code == 404
    async with console.web.client(html=False) as client:
        assert (await client.get(f"{path}/1")).status_code == 401
