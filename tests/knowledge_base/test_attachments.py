"""Promises about attachments: part of every version, given to customers, never lost while a version names them."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.refusals import FileTooLarge, FileUnknown, NotAllowed, NotFound
from kit.sql import Database
from kit.texts import Texts
from knowledge_base.attached_files import LIMIT_MIB, id_of
from knowledge_base.contracts import Attachment, Draft
from knowledge_base.contracts.imports import ImportState, Verdict
from knowledge_base.differences import compare_drafts, merge_drafts, pieces_text
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.exchange.tables import FileKind
from knowledge_base.exchanging import ImportFile
from knowledge_base.refusals import ArticleInvalid
from knowledge_base.unsaved import KEPT
from tests.support.articles import ANN, MEI, REFUND, SmallBase, take_in
from tests.support.clock import MovableClock
from tests.support.pictures import picture

PDF = b"%PDF-1.7 warranty"


@pytest.fixture
def base(database: Database, clock: MovableClock, tmp_path: Path) -> SmallBase:
    return SmallBase(database, clock=clock, folder=tmp_path)


@pytest.fixture
def desk(base: SmallBase, texts: Texts) -> EditorsDesk:
    return base.desk(texts)


def with_files(draft: Draft, *attachments: Attachment) -> Draft:
    """`draft` with files on its first side."""
    first, *others = draft.texts
    return replace(draft, texts=(replace(first, attachments=attachments), *others))


async def test_a_file_is_kept_once_and_called_by_what_it_is(desk: EditorsDesk) -> None:
    kept = await desk.attachments.add(MEI, "../保修卡.exe", PDF)
    assert kept == Attachment(id=id_of(PDF), name="保修卡.pdf")
    assert await desk.attachments.add(MEI, "other.pdf", PDF) == replace(kept, name="other.pdf")
    file = await desk.attachments.load(kept.id, kept.name)
    assert (file.name, file.media_type, file.content) == ("保修卡.pdf", "application/pdf", PDF)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileUnknown),
        (b"MZ\x90\x00 a program", FileUnknown),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", FileUnknown),
        (b"%PDF-" + b"x" * (LIMIT_MIB * 2**20), FileTooLarge),
    ],
    ids=["nothing", "a program", "svg", "too large"],
)
async def test_what_is_no_safe_kind_or_too_large_is_refused(
    desk: EditorsDesk, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await desk.attachments.add(MEI, "a.pdf", content)


async def test_agents_attach_nothing_and_unknown_files_are_not_found(desk: EditorsDesk) -> None:
    with pytest.raises(NotAllowed):
        await desk.attachments.add(ANN, "a.pdf", PDF)
    with pytest.raises(NotFound):
        await desk.attachments.load("0" * 64, "a.pdf")


async def test_customers_get_the_files_of_the_published_version(base: SmallBase, desk: EditorsDesk) -> None:
    one = await desk.attachments.add(MEI, "one.pdf", PDF)
    made = await base.editing.create(MEI, with_files(REFUND, one))
    shown = await base.editing.publish(MEI, made.id, expected_version=made.version)
    two = await desk.attachments.add(MEI, "two.png", picture())
    await base.editing.save(MEI, made.id, with_files(REFUND, two), expected_version=shown.version)
    await base.parts.search.open()
    result = await base.parts.search.search(await base.reader.read("When do I get my refund?"))
    assert result.matches[0].attachments == (one,)


async def test_an_old_version_comes_back_with_its_files(base: SmallBase, desk: EditorsDesk) -> None:
    one = await desk.attachments.add(MEI, "one.pdf", PDF)
    made = await base.editing.create(MEI, with_files(REFUND, one))
    bare = await base.editing.save(MEI, made.id, REFUND, expected_version=1)
    assert bare.texts[0].attachments == ()
    back = await base.editing.restore(MEI, made.id, 1, expected_version=2)
    assert back.texts[0].attachments == (one,)


async def test_a_file_that_is_not_there_is_refused_at_its_field(base: SmallBase) -> None:
    for attachment, fault in (
        (Attachment(id="0" * 64, name="a.pdf"), "attachments_gone"),
        (Attachment(id="0" * 64, name="a/b.pdf"), "attachments_file"),
        (Attachment(id="../etc", name="a.pdf"), "attachments_file"),
        (Attachment(id="0" * 64, name="a.exe"), "attachments_file"),
    ):
        with pytest.raises(ArticleInvalid) as refused:
            await base.editing.create(MEI, with_files(REFUND, attachment))
        assert refused.value.details == {"en.attachments": f"knowledge_base.fault.{fault}"}
    many = (Attachment(id=f"{number:064}", name="a.pdf") for number in range(11))
    with pytest.raises(ArticleInvalid) as refused:
        await base.editing.create(MEI, with_files(REFUND, *many))
    assert refused.value.details == {"en.attachments": "knowledge_base.fault.attachments_many"}


def test_a_comparison_shows_which_file_came_and_went() -> None:
    old, new = Attachment(id="a" * 64, name="terms.pdf"), Attachment(id="b" * 64, name="terms.pdf")
    (change,) = compare_drafts(with_files(REFUND, old), with_files(REFUND, new))
    assert (change.name, change.language) == ("attachments", Language.EN)
    assert (pieces_text(change.before), pieces_text(change.after)) == ("terms.pdf (aaaaaaaa)", "terms.pdf (bbbbbbbb)")


def test_what_two_editors_attach_is_joined() -> None:
    mine, theirs = Attachment(id="a" * 64, name="mine.pdf"), Attachment(id="b" * 64, name="theirs.pdf")
    joined = merge_drafts(base=REFUND, theirs=with_files(REFUND, theirs), mine=with_files(REFUND, mine))
    assert joined.conflicts == ()
    assert joined.content.texts[0].attachments == (mine, theirs)


async def test_only_what_no_version_ever_named_goes_after_a_while(
    base: SmallBase, desk: EditorsDesk, clock: MovableClock
) -> None:
    held = await desk.attachments.add(MEI, "held.pdf", PDF)
    loose = await desk.attachments.add(MEI, "loose.png", picture())
    made = await base.editing.create(MEI, with_files(REFUND, held))
    await base.editing.save(MEI, made.id, REFUND, expected_version=1)
    clock.forward(days=2 * KEPT.days, hours=-1)
    await desk.attachments.run(clock())
    assert (await desk.attachments.load(loose.id)).content == picture()
    clock.forward(hours=2)
    await desk.attachments.run(clock())
    assert (await desk.attachments.load(held.id, held.name)).content == PDF
    with pytest.raises(NotFound):
        await desk.attachments.load(loose.id)


async def test_a_package_brings_its_files_along_and_changes_nothing_where_they_are(
    base: SmallBase, desk: EditorsDesk, clock: MovableClock, tmp_path: Path, texts: Texts
) -> None:
    attachment = await desk.attachments.add(MEI, "保修卡.pdf", PDF)
    await base.editing.create(MEI, with_files(REFUND, attachment))
    package = await desk.exchange.export(MEI, FileKind.MARKDOWN)
    assert f"files/{attachment.id}/保修卡.pdf" in zipfile.ZipFile(BytesIO(package)).namelist()
    plan = await desk.exchange.plan(MEI, ImportFile(name="articles.zip", content=package))
    assert [row.verdict for row in plan.rows] == [Verdict.SAME]

    elsewhere = Database(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    await elsewhere.open()
    await elsewhere.create_schema()
    try:
        other = SmallBase(elsewhere, clock=clock, folder=tmp_path / "elsewhere").desk(texts)
        table = await desk.exchange.export(MEI, FileKind.CSV)
        (row,) = (await other.exchange.plan(MEI, ImportFile(name="articles.csv", content=table))).rows
        assert row.faults == {"en.attachments": "knowledge_base.fault.attachments_gone"}, "a table brings no files"
        assert (await take_in(other, MEI, ImportFile(name="articles.zip", content=package))).state is ImportState.DONE
        article = await other.editing.find(REFUND.key)
        assert article is not None
        assert article.texts[0].attachments == (attachment,)
        assert (await other.attachments.load(attachment.id)).content == PDF
    finally:
        await elsewhere.close()


async def test_a_package_with_a_file_of_no_safe_kind_is_refused_by_its_name(desk: EditorsDesk) -> None:
    package = BytesIO()
    with zipfile.ZipFile(package, "w") as packed:
        packed.writestr(
            "en/refund.md", "---\nkey: refund\ntitle: Refunds?\nattachments: [../files/run.exe]\n---\n\nYes.\n"
        )
        packed.writestr("files/run.exe", b"MZ\x90\x00")
    job = await take_in(desk, MEI, ImportFile(name="a.zip", content=package.getvalue()))
    assert job.state is ImportState.REFUSED
    assert job.refusal is not None
    assert (job.refusal["code"], job.refusal["slots"]) == (
        "attachment_refused",
        {"where": "files/run.exe", "limit": LIMIT_MIB},
    )
