"""tests: what belongs to a case: its product, other conversations, articles, files from the chat; its history stays."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from cases.adapters.tables import case_changes
from cases.contracts import Case, Correction, Editor
from cases.contracts.linked import LinkKind
from cases.products import product_in
from cases.refusals import UnknownProduct
from cases.settings import AfterSalesSettings
from kit.contracts import Language
from kit.files import SentFile
from kit.refusals import NotFound
from kit.sql import connection_of
from staff.contracts.sight import EVERYTHING
from tests.cases.office import Office
from tests.cases.support import COMPLAINT, MEI, Files, a_complaint

PICTURE = SentFile(name="leak.png", media_type="image/png", content=b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("才买三天洗衣机就坏了", "washer"),
        ("Both washers leak", "washer"),
        ("the dishwasher leaks", ""),
        ("洗衣机和冰箱都有问题", ""),
        ("My Fridge hums", "fridge"),
        ("快递一直没到", ""),
    ],
)
def test_a_text_that_names_one_product_is_about_it(text: str, product: str) -> None:
    assert product_in(text, AfterSalesSettings().products) == product


async def test_the_product_is_read_noted_corrected_and_never_one_nobody_sells(files: Files) -> None:
    case = await files.open(a_complaint("silent", what_happened="一直没人回我"))
    assert case.product == ""
    amended = await files.database.write(
        lambda tx: files.cases.amend(tx, case.id, by="customer", at=files.clock(), added="是那台冰箱")
    )
    assert amended.product == "fridge"
    file = await files.cases.load(case.number)
    file = await files.cases.correct(case.number, Correction(product="washer"), by=MEI, version=file.version)
    lines = [(line.before, line.after) for line in file.history if line.what == "product"]
    assert (file.case.product, lines) == ("washer", [("", "fridge"), ("fridge", "washer")])
    with pytest.raises(UnknownProduct):
        await files.cases.correct(case.number, Correction(product="boat"), by=MEI, version=file.version)


async def test_lines_of_a_history_can_neither_be_changed_nor_taken_away(files: Files) -> None:
    case = await files.open()
    for statement in (update(case_changes).values(after="nothing"), delete(case_changes)):
        with pytest.raises(DBAPIError, match="only ever added to"):
            await files.database.write(lambda tx, asked=statement: connection_of(tx).execute(asked))  # type: ignore[misc]
    assert [line.after for line in (await files.cases.load(case.number)).history] == [COMPLAINT.what_happened]


async def test_what_the_customer_had_been_answered_is_linked_when_the_case_opens(files: Files) -> None:
    case = await files.open(a_complaint("answered", articles=(("art-1", "洗衣机漏水怎么办"),)))
    around = await files.linking.of(case, sight=EVERYTHING)
    assert [(each.target, each.label, each.by) for each in around.articles] == [("art-1", "洗衣机漏水怎么办", "bot")]


async def test_a_colleague_links_conversations_and_articles_once_and_takes_them_off(files: Files) -> None:
    case = await files.open()
    files.around.conversations, files.around.own = {"talk-2": "Telegram · 周先生"}, ["talk-2"]
    files.around.titles = {"art-1": "洗衣机漏水怎么办"}
    assert (await files.linking.of(case, sight=EVERYTHING)).offered_conversations == (("talk-2", "Telegram · 周先生"),)
    assert await files.linking.find_articles(case, "漏水", Language.ZH) == (("art-1", "洗衣机漏水怎么办"),)
    for kind, target in ((LinkKind.CONVERSATION, "talk-2"), (LinkKind.ARTICLE, "art-1"), (LinkKind.ARTICLE, "art-1")):
        await files.linking.link(case.number, kind, target, by=MEI, language=Language.ZH)
    around = await files.linking.of(case, sight=EVERYTHING)
    assert around.offered_conversations == ()
    assert await files.linking.find_articles(case, "漏水", Language.ZH) == ()
    await files.linking.take_off(case.number, around.articles[0].id, by=MEI)
    history = (await files.cases.load(case.number)).history
    assert [(line.what, line.after) for line in history[1:]] == [
        ("linked", "Telegram · 周先生"),
        ("linked", "洗衣机漏水怎么办"),
        ("unlinked", "洗衣机漏水怎么办"),
    ]
    assert {record.action for record in files.trail.records} >= {"cases.linked", "cases.unlinked"}


@pytest.mark.parametrize(("kind", "target"), [("conversation", "talk-9"), ("article", "art-9"), ("file", "talk-1:3")])
async def test_what_is_not_there_or_came_from_nowhere_is_not_linked(files: Files, kind: str, target: str) -> None:
    case = await files.open()
    with pytest.raises(NotFound):
        await files.linking.link(case.number, LinkKind(kind), target, by=MEI, language=Language.ZH)


async def test_a_file_from_the_chat_is_evidence_of_the_open_case_once(files: Files) -> None:
    async def sent(seq: int) -> Case | None:
        return await files.database.write(
            lambda tx: files.chat_evidence.keep(tx, "talk-1", seq, "leak.png", at=files.clock())
        )

    assert await sent(3) is None
    case = await files.open()
    kept = [await sent(3), await sent(3)]
    assert [each.number for each in kept if each] == [case.number] * 2
    [linked] = await files.linking.files(case.id)
    assert (linked.target, linked.by) == ("talk-1:3", "customer")
    assert [line.after for line in (await files.cases.load(case.number)).history if line.what == "evidence"] == [
        "leak.png"
    ]
    files.around.files["talk-1", 3] = PICTURE
    assert (await files.linking.load_file(case.id, linked.id))[1] == PICTURE
    other = await files.open(a_complaint("other", conversation_id="talk-2"))
    with pytest.raises(NotFound):
        await files.linking.load_file(other.id, linked.id)


@pytest.mark.parametrize("language", list(Language))
async def test_a_colleague_works_with_all_of_it_on_the_page(office: Office, language: Language) -> None:
    files = office.files
    case = await files.open(a_complaint("page", articles=(("art-1", "Leaks"),)))
    await files.database.write(lambda tx: files.chat_evidence.keep(tx, "talk-1", 3, "leak.png", at=files.clock()))
    files.around.files["talk-1", 3] = PICTURE
    files.around.titles = {"art-2": "Noise"}
    where = f"/cases/{case.number}"
    async with office.signed_in(language=language) as client:
        page = (await client.get(where, params={"articles": "Noi"})).text
        assert all(word in page for word in ("leak.png", "Leaks", "Noise", "washer"))
        [linked] = await files.linking.files(case.id)
        sent = await client.get(f"{where}/files/{linked.id}")
        assert (sent.content, "attachment" in sent.headers["content-disposition"]) == (PICTURE.content, True)
        assert (await client.get(f"{where}/files/none")).status_code == 404
        form = {"kind": "article", "target": "art-2"}
        assert "Noise" in (await client.post(f"{where}/links", data=form, follow_redirects=True)).text
        version = (await files.cases.load(case.number)).version
        given = {"version": version, "department": "technical_support", "person": "nobody"}
        assert (await client.post(f"{where}/responsible", data=given)).status_code == 422
        there = await client.post(f"{where}/responsible", data={**given, "person": "agent-qin"}, follow_redirects=True)
        assert "小秦" in there.text


async def test_a_case_is_given_to_a_person_of_another_department(office: Office) -> None:
    case = await office.files.open()
    qin = Editor(id="agent-qin", name="小秦")
    file = await office.files.handling.give(case.number, department="technical_support", to=qin, by=MEI, version=1)
    assert (file.case.department, file.case.assignee_id) == ("technical_support", "agent-qin")
    again = await office.files.handling.give(
        case.number, department="complaints", to=None, by=MEI, version=file.version
    )
    assert (again.case.department, again.case.assignee_id, again.case.assignee_name) == ("complaints", None, "")
