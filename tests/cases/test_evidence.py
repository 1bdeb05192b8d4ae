"""tests: evidence of a case, and the page a customer opens by a signed link."""

from __future__ import annotations

import asyncio

import pytest

from cases.contracts import Closure, Editor, Stage
from cases.customer import CUSTOMER
from cases.refusals import EvidenceFull, LinkOver, TooMuchAtOnce
from kit.contracts import Language
from kit.refusals import FileTooLarge, FileUnknown, NotFound
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint
from tests.cases.test_handling import TO_TOLD

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def add(files: Files, number: str, content: bytes = PNG, *, by: Editor = MEI) -> str:
    return (await files.attaching.add(number, name="照片.png", content=content, by=by)).id


async def test_evidence_is_kept_as_it_came_once_with_its_line_in_the_history(files: Files) -> None:
    case = await files.open()
    results = await asyncio.gather(*(add(files, case.number) for _ in range(3)))
    [kept] = await files.attaching.of(case.id)
    assert (await files.attaching.load(case.id, kept.id))[1].content == PNG
    assert kept.id in results
    lines = [line for line in (await files.cases.load(case.number)).history if line.what == "evidence"]
    assert [(line.by_name, line.after) for line in lines] == [("小梅", "照片.png")]
    assert "cases.evidence" in {record.action for record in files.trail.records}
    other = await files.open(a_complaint("other"))
    with pytest.raises(NotFound):
        await files.attaching.load(other.id, kept.id)  # another case's file


async def test_what_is_not_taken(files: Files) -> None:
    case = await files.open()
    with pytest.raises(FileUnknown):
        await add(files, case.number, b"#!/bin/sh")
    with pytest.raises(FileTooLarge):
        await add(files, case.number, PNG + bytes(10 * 1024 * 1024))
    with pytest.raises(NotFound):
        await add(files, "TS2611-999999")
    for count in range(20):
        await add(files, case.number, PNG + bytes([count]))
    with pytest.raises(EvidenceFull):
        await add(files, case.number, PNG + b"one more")


async def test_a_customer_adds_only_so_much_in_a_day(files: Files) -> None:
    case = await files.open()
    for count in range(30):
        await files.handling.add_words(case.number, f"{count}", by=CUSTOMER, pace=files.attaching.check_pace)
    with pytest.raises(TooMuchAtOnce):
        await add(files, case.number, by=CUSTOMER)
    files.clock.forward(days=1, minutes=1)
    await add(files, case.number, by=CUSTOMER)


def test_a_link_opens_one_case_for_a_time_and_nothing_else(files: Files) -> None:
    path = files.links.path("TS2611-000001")
    token = path.rpartition("/")[2]
    assert files.links.number(token) == "TS2611-000001"
    for bad in (token[:-1] + "A", token.replace("000001", "000002"), "TS2611-000001", "", "\ud800"):
        with pytest.raises(LinkOver):
            files.links.number(bad)
    files.clock.forward(days=31)
    with pytest.raises(LinkOver):
        files.links.number(token)


async def test_a_customer_sees_their_case_adds_to_it_and_says_that_it_is_settled(office: Office) -> None:
    files = office.files
    case = await files.open()
    path = files.links.path(case.number)
    await files.go(case, *TO_TOLD)
    await add(files, case.number, PNG + b"internal")
    async with office.house.client(language=Language.EN) as customer:
        page = (await customer.get(path)).text
        assert "You have our decision" in page
        assert "换新机" in page
        for internal in ("三天内故障", "小梅", "internal"):
            assert internal not in page
        words = await customer.post(f"{path}/words", data={"words": "地板也泡坏了"})
        assert words.status_code == 303
        assert (await customer.post(f"{path}/words", data={"words": " "})).status_code == 422
        sent = {"file": ("漏水.png", PNG, "text/html")}
        assert (await customer.post(f"{path}/evidence", files=sent)).status_code == 303
        refused = await customer.post(f"{path}/evidence", files={"file": ("a.png", b"no picture")})
        assert refused.status_code == 422
        assert "this file is none of them" in refused.text
        page = (await customer.get(path)).text
        assert "地板也泡坏了" in page
        assert "漏水.png" in page
        own, internal_one = sorted(await files.attaching.of(case.id), key=lambda each: each.by != "customer")
        opened = await customer.get(f"{path}/evidence/{own.id}")
        assert (opened.content, opened.headers["content-type"]) == (PNG, "image/png")
        assert opened.headers["content-disposition"].startswith("attachment")
        assert (await customer.get(f"{path}/evidence/{internal_one.id}")).status_code == 404
        assert (await customer.post(f"{path}/word", data={"settled": "true"})).status_code == 303
        assert (await customer.get("/c/TS2611-000001")).status_code == 404
    closed = (await files.cases.load(case.number)).case
    assert (closed.stage, closed.closure) == (Stage.CLOSED, Closure.CONFIRMED)


async def test_a_colleague_adds_evidence_on_the_page_of_the_case(office: Office) -> None:
    case = await office.files.open()
    async with office.signed_in() as client:
        sent = await client.post(f"/case-evidence/{case.number}", files={"file": ("a.png", PNG)})
        assert sent.status_code == 303
        page = (await client.get(f"/cases/{case.number}")).text
        [kept] = await office.files.attaching.of(case.id)
        assert f"/case-evidence/{case.number}/{kept.id}" in page
        assert "/c/TS" in page
        assert (await client.get(f"/case-evidence/{case.number}/{kept.id}")).content == PNG
        assert (await client.post(f"/case-evidence/{case.number}", files={"file": ("a.png", b"x")})).status_code == 422
    async with office.house.client() as nobody:
        assert (await nobody.get(f"/case-evidence/{case.number}/{kept.id}")).status_code in {303, 401}
