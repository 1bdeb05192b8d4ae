"""nlu: the complaint classifier learns what people corrected, once it was approved, and never what makes it worse."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.ids import new_id
from kit.sql import Database
from nlu.adapters.complaint_folder import complaint_folder
from nlu.adapters.complaint_versions import ComplaintVersions
from nlu.adapters.complaints import (
    ComplaintClassifier,
    FollowingClassifier,
    starter_model,
    training_rows,
)
from nlu.adapters.evaluation import read_all
from nlu.adapters.teaching import build_teaching
from nlu.complaint.model import MOST_ROWS, MOST_TAUGHT, kept_rows
from nlu.complaint.rows import ComplaintRow, held_out_rows, rows_of_corrections
from nlu.contracts import ComplaintReading, Correction, ExampleState, Severity
from nlu.ports import Encoder
from nlu.refusals import HeldOutText
from nlu.settings import CATEGORIES, ComplaintSettings
from nlu.teaching import Reviewed, Teaching
from nlu.versions import Refused
from tests.support.clock import MovableClock
from tests.support.wait import until

SETTINGS = ComplaintSettings()
STARTER = training_rows()[::4]
"""A part of the rows: the fit is the real one and takes seconds."""
AT = datetime(2026, 11, 22, tzinfo=UTC)
SAID = "预约好的师傅又放鸽子，我请假白等了一天"
OTHER = "天天半夜给我发促销短信，退订了三次还在发"


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fitted")


@pytest.fixture
def approved() -> list[Correction]:
    return []


@pytest.fixture
def versions(encoder: Encoder, tmp_path: Path, fitted: Path, approved: list[Correction]) -> ComplaintVersions:
    return ComplaintVersions(encoder, SETTINGS, tmp_path, fitted=fitted, approved=lambda: approved, starter=STARTER)


@pytest.fixture
def reader(encoder: Encoder, tmp_path: Path, fitted: Path, versions: ComplaintVersions) -> FollowingClassifier:
    """What a desk over the same folder reads with."""
    first = ComplaintClassifier(starter_model(encoder, SETTINGS, fitted, STARTER), SETTINGS, name="starter")
    return FollowingClassifier(first, complaint_folder(tmp_path), encoder)


@pytest.fixture
def teaching(sqlite_database: Database, clock: MovableClock) -> Teaching:
    return build_teaching(sqlite_database, clock=clock, new_id=new_id)


def correction(text: str, *, intent: str = "complaint", heard: str = "small_talk", **more: object) -> Correction:
    return replace(
        Correction(
            id=new_id(),
            text=text,
            language=Language.ZH,
            heard=heard,
            intent=intent,
            category="",
            state=ExampleState.APPROVED,
            proposed_by="ann",
            proposed_at=AT,
        ),
        **more,  # type: ignore[arg-type]
    )


def read(reader: FollowingClassifier | ComplaintClassifier, encoder: Encoder, text: str) -> ComplaintReading:
    return reader.read(read_all(encoder, [text])[0])


async def test_what_was_corrected_and_approved_is_read_so_from_then_on(
    versions: ComplaintVersions,
    reader: FollowingClassifier,
    encoder: Encoder,
    approved: list[Correction],
    teaching: Teaching,
) -> None:
    before = read(reader, encoder, SAID)
    taught = next(name for name in CATEGORIES if name != before.categories[0].name and name == "technical_fault")
    wrong = Severity.CRITICAL if before.severity is not Severity.CRITICAL else Severity.NORMAL
    proposed = await teaching.propose(SAID, heard="small_talk", intent="complaint", category="other", by="ann")
    assert await teaching.state_of_approved() == ""
    approved[:] = await teaching.approved_corrections()
    assert await asyncio.to_thread(versions.refit) == "nothing was taught yet; the starter's classifier is served"
    reviewed = Reviewed(text=SAID, intent="complaint", category=taught, severity=wrong)
    await teaching.approve(proposed.id, by="ed", reviewed=reviewed)
    assert await teaching.state_of_approved() != ""
    approved[:] = await teaching.approved_corrections()
    assert "is served from now on" in await asyncio.to_thread(versions.refit)

    await until(lambda: read(reader, encoder, SAID).model == versions.folder.served())
    after = read(reader, encoder, SAID)
    assert (after.is_complaint, after.categories[0].name, after.severity) == (True, taught, wrong)
    card = versions.folder.card(after.model)
    assert card is not None
    assert (card.approved, card.left_out) == (1, 0)
    assert (await asyncio.to_thread(versions.refit)).endswith("is served already")


async def test_what_is_no_complaint_is_learned_too(
    versions: ComplaintVersions, reader: FollowingClassifier, encoder: Encoder, approved: list[Correction]
) -> None:
    assert read(reader, encoder, OTHER).is_complaint
    approved.append(correction(OTHER, intent="account_problem", heard="complaint"))
    await asyncio.to_thread(versions.refit)
    await until(lambda: read(reader, encoder, OTHER).model != "starter")
    assert not read(reader, encoder, OTHER).is_complaint


def test_a_version_that_is_worse_is_refused_with_the_table_and_the_present_one_stays(
    versions: ComplaintVersions, reader: FollowingClassifier, encoder: Encoder, approved: list[Correction]
) -> None:
    approved.append(correction(SAID, category="service_attitude"))
    versions.refit()
    served = versions.folder.served()
    approved += _nonsense(STARTER)
    with pytest.raises(Refused, match="is worse than") as refused:
        versions.refit()
    assert "category_zh" in str(refused.value)
    assert "  worse" in str(refused.value)
    assert versions.folder.served() == served
    assert len(versions.folder.names()) == 3, "the starter's, the first taught one, and the refused one"
    versions.folder.roll_back(at="2026-11-22T00:00:00+00:00")
    assert versions.folder.card(str(versions.folder.served())).approved == 0  # type: ignore[union-attr]


def _nonsense(rows: Sequence[ComplaintRow]) -> list[Correction]:
    """Complaints with the labels of another category."""
    known = [row for row in rows if row.category][::3]
    after = dict(zip(CATEGORIES, (*CATEGORIES[1:], CATEGORIES[0]), strict=True))
    return [correction(f"{row.text} 唉", category=after[row.category]) for row in known]


def test_a_file_that_cannot_be_read_leaves_the_present_classifier_where_it_is(
    versions: ComplaintVersions,
    reader: FollowingClassifier,
    encoder: Encoder,
    approved: list[Correction],
    tmp_path: Path,
) -> None:
    approved.append(correction(SAID, category="service_attitude"))
    versions.refit()
    served = versions.folder.served()
    assert served is not None
    versions.folder.path(served).write_bytes(b"torn")
    first = ComplaintClassifier(starter_model(encoder, SETTINGS, tmp_path, STARTER[:200]), SETTINGS, name="starter")
    assert read(FollowingClassifier(first, complaint_folder(tmp_path), encoder), encoder, SAID).model == "starter"


def test_corrections_are_never_the_part_that_is_left_out_of_a_large_fit() -> None:
    plain = ComplaintRow(text="", language=Language.ZH, complaint=True)
    taught = replace(plain, taught=True)
    rows = [plain] * (MOST_ROWS - 100) + [taught] * 300
    kept = kept_rows(rows)
    assert len(kept) == MOST_ROWS
    assert sum(rows[at].taught for at in kept) == 300
    many = [taught] * (MOST_TAUGHT + 10) + [plain] * MOST_ROWS
    kept = kept_rows(many)
    assert sum(many[at].taught for at in kept) == MOST_TAUGHT
    assert min(kept) == 10, "the oldest ones go"
    assert kept_rows(rows[:50]) == list(range(50))


def test_what_a_correction_says_of_complaints() -> None:
    found = rows_of_corrections(
        [
            correction("慢", category="delivery", severity=Severity.SERIOUS),
            correction("几点开门", intent="store_hours"),
            correction("退款到哪了", intent="refund_progress", heard="complaint"),
            correction("退款到哪", intent="refund_progress"),
            correction("转人工", intent="talk_to_person"),
        ]
    )
    told = [(row.text, row.complaint, row.category, row.topic, row.severity) for row in found]
    assert told == [
        ("慢", True, "delivery", "", Severity.SERIOUS),
        ("几点开门", False, "", "other", None),
        ("退款到哪了", False, "", "refund_return", None),
        ("退款到哪", None, "", "refund_return", None),
    ]
    assert all(row.taught and not row.test for row in found)


async def test_a_text_the_classifier_is_measured_with_is_never_learned(
    versions: ComplaintVersions, approved: list[Correction], teaching: Teaching
) -> None:
    measured = held_out_rows()[0].text
    proposed = await teaching.propose(measured, heard="", intent="complaint", by="ann")
    with pytest.raises(HeldOutText):
        await teaching.approve(proposed.id, by="ed")
    approved.append(correction(f"{measured}！"))
    assert versions.learnable() == ()
