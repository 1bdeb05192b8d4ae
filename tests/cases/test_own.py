"""tests: what customers see of their own cases: their words and files under their own number, and nobody else's."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.refusals import FileAway
from cases.contracts import Case
from kit.contracts import Language
from kit.files import SentFile
from kit.refusals import NotFound, Refusal
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint
from tests.cases.test_evidence import PNG
from tests.cases.test_merging import two

LEAK = SentFile(name="leak.png", media_type="image/png", content=b"\x89PNG of talk-1")
BILL = SentFile(name="bill.pdf", media_type="application/pdf", content=b"%PDF of talk-2")


async def sent(files: Files, conversation: str, seq: int, file: SentFile | Refusal, name: str = "") -> Case | None:
    """The customer of a conversation sends a file in it."""
    files.around.files[conversation, seq] = file
    name = name or getattr(file, "name", "")
    return await files.database.write(
        lambda tx: files.chat_evidence.keep(tx, conversation, seq, name, at=files.clock())
    )


async def said(files: Files, conversation: str, words: str) -> None:
    """The customer of a conversation says more in it."""
    [case] = await files.cases.of_conversation(conversation)
    await files.database.write(
        lambda tx: files.cases.amend(
            tx, case.id, by="customer", at=files.clock(), added=words, conversation_id=conversation
        )
    )


async def file_links(client: httpx.AsyncClient, path: str) -> list[str]:
    """Where a page hands files out."""
    page = await client.get(path)
    assert page.status_code == 200
    return re.findall(r'href="(/c/[^"]+/files/[^"]+)"', page.text)


@pytest.mark.parametrize("language", list(Language))
async def test_a_customer_gets_back_what_they_sent_in_the_chat_from_both_of_their_pages(
    office: Office, language: Language
) -> None:
    files = office.files
    case = await files.open()
    await sent(files, "talk-1", 3, LEAK)
    async with office.house.client(language=language) as customer:
        for page in (files.links.path(case.number), files.links.home_path("talk-1")):
            [there] = await file_links(customer, page)
            given = await customer.get(there)
            assert (given.status_code, given.content) == (200, LEAK.content)
            assert given.headers["content-type"] == "image/png"
            assert given.headers["content-disposition"].startswith("attachment")
            assert given.headers["content-security-policy"] == "sandbox; default-src 'none'"
            assert given.headers["cache-control"] == "private, no-store"


async def test_a_file_is_given_to_nobody_who_cannot_prove_that_the_case_is_theirs(office: Office) -> None:
    files = office.files
    case = await files.open()
    await sent(files, "talk-1", 3, LEAK)
    other = await files.open(a_complaint("other", conversation_id="talk-2"))
    own = files.links.path(case.number)
    async with office.house.client() as stranger:
        [there] = await file_links(stranger, own)
        link_id = there.rpartition("/")[2]
        for path in (
            files.links.path(other.number),  # another customer, with a link of their own
            f"/c/{case.number}",  # no proof
            own[:-1],
            own.replace(case.number, other.number),
            files.links.home_path("talk-1"),  # proof of something else
        ):
            refused = await stranger.get(f"{path}/files/{link_id}")
            assert refused.status_code == 404, path
            assert LEAK.content not in refused.content
        assert (await stranger.get(f"{own}/files/none")).status_code == 404
        assert await file_links(stranger, files.links.home_path("talk-2")) == []
        files.clock.forward(days=31)
        assert (await stranger.get(there)).status_code == 404  # proof is for a time


async def test_a_file_the_channel_has_not_at_hand_is_a_word_on_the_page_and_not_a_dead_end(office: Office) -> None:
    files = office.files
    case = await files.open()
    await sent(files, "talk-1", 3, FileAway(), name="leak.png")
    async with office.house.client(language=Language.EN) as customer:
        [there] = await file_links(customer, files.links.path(case.number))
        refused = await customer.get(there)
        assert refused.status_code == 503
        assert case.number in refused.text
        assert "Please try again later" in refused.text


async def test_customers_of_merged_reports_see_their_own_words_and_files_only(office: Office) -> None:
    files = office.files
    first, second = await two(files, what_happened="我家的漏了")
    await files.merging.merge(second.number, first.number, by=MEI, version=1)
    await said(files, "talk-1", "说的是第一家")
    await said(files, "talk-2", "说的是第二家")
    await sent(files, "talk-1", 3, LEAK)
    await sent(files, "talk-2", 4, BILL)
    theirs = {first.number: ("说的是第一家", LEAK), second.number: ("说的是第二家", BILL)}
    async with office.house.client(language=Language.EN) as customer:
        for number in theirs:
            upload = {"file": (f"{number}.png", PNG + number.encode())}
            assert (await customer.post(f"{files.links.path(number)}/evidence", files=upload)).status_code == 303
            written = await customer.post(f"{files.links.path(number)}/words", data={"words": f"written {number}"})
            assert written.status_code == 303
        for number, (words, file) in theirs.items():
            [other] = set(theirs) - {number}
            page = (await customer.get(files.links.path(number))).text
            assert all(each in page for each in (words, f"written {number}", f"{number}.png", file.name))
            for strange in (theirs[other][0], f"written {other}", f"{other}.png", theirs[other][1].name):
                assert strange not in page
            [there] = await file_links(customer, files.links.path(number))
            assert (await customer.get(there)).content == file.content
            link_id = there.rpartition("/")[2]
            assert (await customer.get(f"{files.links.path(other)}/files/{link_id}")).status_code == 404
            [evidence] = (await files.own.load(number)).evidence
            assert (await customer.get(f"{files.links.path(number)}/evidence/{evidence.id}")).status_code == 200
            assert (await customer.get(f"{files.links.path(other)}/evidence/{evidence.id}")).status_code == 404
        home = (await customer.get(files.links.home_path("talk-2"))).text
        assert (second.number in home, first.number in home) == (True, False)
    async with office.signed_in() as client:
        page = (await client.get(f"/cases/{first.number}")).text
        assert all(each in page for each in ("说的是第二家", "bill.pdf", f"{second.number}.png"))
        assert f"Customer {second.number}" in page
    await files.merging.part(second.number, by=MEI)
    apart = await files.own.load(second.number)
    assert [line.after for line in apart.added] == ["说的是第二家", f"written {second.number}"]
    assert [each.label for each in apart.files] == ["bill.pdf"]


async def test_what_one_customer_sent_from_two_places_is_theirs_under_either_number_once_that_is_proven(
    files: Files,
) -> None:
    first, second = await two(files)
    await files.merging.merge(second.number, first.number, by=MEI, version=1)
    await sent(files, "talk-2", 4, BILL)
    assert (await files.own.load(first.number)).files == ()
    files.around.proven = frozenset({"talk-1", "talk-2"})
    [linked] = (await files.own.load(first.number)).files
    assert await files.own.load_file(first.number, linked.id) == BILL
    files.around.proven = frozenset()  # the join was a mistake and is taken back
    with pytest.raises(NotFound):
        await files.own.load_file(first.number, linked.id)


async def test_a_customer_asks_with_the_number_they_were_given_where_they_were_given_it(files: Files) -> None:
    first, second = await two(files)
    await files.merging.merge(second.number, first.number, by=MEI, version=1)
    own = await files.cases.proven(second.number, (), conversation_id="talk-2")
    assert own is not None
    assert own.number == first.number
    for number, elsewhere in ((second.number, "talk-1"), (first.number, "talk-2"), ("TS2611-999999", "talk-2")):
        assert await files.cases.proven(number, (), conversation_id=elsewhere) is None


async def test_there_is_no_page_of_a_case_that_does_not_exist(files: Files) -> None:
    with pytest.raises(NotFound):
        await files.own.load("TS2611-999999")
    assert await files.own.of_conversation("talk-1") == ()


@pytest.mark.parametrize(
    ("language", "until", "late"),
    [(Language.ZH, "前答复您。", "现在晚了"), (Language.EN, "You will hear from us by", "are late")],
)
async def test_a_time_that_has_passed_is_not_promised_again(
    office: Office, language: Language, until: str, late: str
) -> None:
    path = office.files.links.path((await office.files.open()).number)
    async with office.house.client(language=language) as customer:
        before = (await customer.get(path)).text
        office.files.clock.forward(days=7)
        after = (await customer.get(path)).text
    assert (until in before, late in before) == (True, False)
    assert (until in after, late in after) == (False, True)


async def test_a_merged_case_offers_its_colleague_nothing_that_would_be_refused(office: Office) -> None:
    first, second = await two(office.files)
    await office.files.merging.merge(second.number, first.number, by=MEI, version=1)
    async with office.signed_in() as client:
        for number, forms in ((first.number, True), (second.number, False)):
            page = (await client.get(f"/cases/{number}")).text
            assert (f'action="/case-evidence/{number}"' in page) is forms
            assert (f'action="/cases/{number}#linked"' in page) is forms
