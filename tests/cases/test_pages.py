from __future__ import annotations

import pytest

from cases.contracts import Correction
from cases.web.marking import marked_parts
from kit.contracts import Language
from nlu.contracts import Severity
from staff.contracts import Role
from tests.cases.office import Office
from tests.cases.support import MEI, a_complaint


async def test_only_agents_and_supervisors_see_files(office: Office) -> None:
    case = await office.files.open()
    async with office.house.client() as nobody:
        assert (await nobody.get("/cases")).headers["location"].startswith("/sign-in")
    for role, status in ((Role.EDITOR, 403), (Role.SUPERVISOR, 200), (Role.AGENT, 200), (Role.ADMIN, 200)):
        async with office.signed_in(role, name=role.value) as client:
            assert (await client.get("/cases")).status_code == status
            page = await client.get(f"/cases/{case.number}")
            assert page.status_code == status
            assert ("周先生" in page.text) is (status == 200)


@pytest.mark.parametrize("language", list(Language))
async def test_a_file_shows_what_happened_why_it_was_read_so_and_its_history(
    office: Office, language: Language
) -> None:
    case = await office.files.open()
    async with office.signed_in(language=language) as client:
        page = (await client.get(f"/cases/{case.number}")).text
    assert "才买三天</mark>洗衣机就坏了" in page
    assert "repeated_failure" in page
    assert "0.91" in page
    assert {"zh": "机器人", "en": "Bot"}[language.value] in page
    assert f"/desk?c={case.conversation_id}" in page
    assert "style=" not in page


async def test_a_correction_is_saved_and_shown_beside_what_was_read(office: Office) -> None:
    case = await office.files.open()
    async with office.signed_in() as client:
        form = {"version": 1, "category": "delivery", "severity": "critical", "comment": "催"}
        answer = await client.post(f"/cases/{case.number}", data=form)
        assert answer.status_code == 303
        page = (await client.get(answer.headers["location"])).text
    assert "Saved" in page
    assert page.count("Corrected") == 2
    assert "Product quality → Delivery" in page
    assert "Mei" in page


async def test_the_second_of_two_people_sees_what_changed_and_keeps_what_was_typed(office: Office) -> None:
    case = await office.files.open()
    await office.files.cases.correct(case.number, Correction(severity=Severity.CRITICAL), by=MEI, version=1)
    async with office.signed_in() as client:
        form = {"version": 1, "severity": "normal", "comment": "我写了很久的备注"}
        answer = await client.post(f"/cases/{case.number}", data=form)
    assert answer.status_code == 409
    assert "小梅 changed: Severity, Watched by. It is now: Product quality, Critical, Acknowledged." in answer.text
    assert "我写了很久的备注" in answer.text
    assert (await office.files.cases.load(case.number)).case.severity is Severity.CRITICAL


async def test_a_way_that_is_not_allowed_is_neither_offered_nor_taken(office: Office) -> None:
    case = await office.files.open()
    async with office.signed_in() as client:
        page = (await client.get(f"/cases/{case.number}")).text
        assert 'name="to" value="confirmed"' in page
        assert 'name="to" value="decided"' not in page
        answer = await client.post(f"/cases/{case.number}/step", data={"version": 1, "to": "decided"})
    assert answer.status_code == 409
    assert "cannot go to that step" in answer.text


async def test_a_change_needs_the_sessions_token(office: Office) -> None:
    case = await office.files.open()
    async with office.signed_in() as client:
        del client.headers["X-CSRF-Token"]
        answer = await client.post(f"/cases/{case.number}", data={"version": 1, "severity": "normal"})
    assert answer.status_code == 403
    assert (await office.files.cases.load(case.number)).version == 1


async def test_the_list_is_filtered_by_its_address_and_by_the_search_box(office: Office) -> None:
    await office.files.open(a_complaint("a", severity=Severity.CRITICAL))
    await office.files.open(a_complaint("b", category="delivery", order_number="CJ2611-000042"))
    async with office.signed_in() as client:
        for params, found in (
            ({}, 2),
            ({"severity": "critical"}, 1),
            ({"category": "delivery", "status": "open"}, 1),
            ({"status": "resolved"}, 0),
            ({"q": "cj2611-000042"}, 1),
            ({"q": "\x00"}, 2),
            ({"status": "nonsense", "page": "99"}, 2),
            ({"kind": "repair"}, 0),
            ({"kind": "complaint", "department": "complaints", "level": "manager"}, 1),
        ):
            page = (await client.get("/cases", params=params)).text
            assert page.count('href="/cases/TS2611-') == found, params
        part = await client.get("/cases", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith("<section")


async def test_pages_keep_the_filters(office: Office) -> None:
    for number in range(12):
        await office.files.open(a_complaint(f"k{number}", customer_name="周 & 王"))
    async with office.signed_in() as client:
        page = (await client.get("/cases", params={"status": "open", "q": "周 &"})).text
        assert "/cases?status=open&amp;q=%E5%91%A8+%26&amp;page=2" in page
        second = (await client.get("/cases?status=open&q=%E5%91%A8+%26&page=2")).text
    assert second.count('href="/cases/TS2611-') == 2


async def test_nothing_a_customer_wrote_becomes_markup(office: Office) -> None:
    evil = "<script>alert(1)</script>坏了"
    case = await office.files.open(
        a_complaint("x", what_happened=evil, words=("坏了", "<script>"), customer_name=evil, wanted=evil)
    )
    async with office.signed_in() as client:
        pages = [(await client.get(path)).text for path in ("/cases", f"/cases/{case.number}")]
    assert not any("<script>alert" in page for page in pages)


async def test_a_number_nobody_has_is_not_found(office: Office) -> None:
    async with office.signed_in() as client:
        for path in ("/cases/TS2611-999999", "/cases/%00", "/cases/x'y"):
            assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("才买三天，没解决", ("三天", "没解决"), ["三天", "没解决"]),
        ("It BROKE twice, broke!", ("broke",), ["BROKE", "broke"]),
        ("冒烟冒烟", ("冒烟",), ["冒烟冒烟"]),
        ("太太太慢", ("太太", "太慢"), ["太太太慢"]),
        ("没有", ("坏了", ""), []),
        ("", ("x",), []),
        ("İstanbul broke", ("broke",), ["broke"]),
    ],
)
def test_the_words_that_spoke_for_it_are_marked_where_they_stand(
    text: str, words: tuple[str, ...], marked: list[str]
) -> None:
    parts = marked_parts(text, words)
    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.marked] == marked
