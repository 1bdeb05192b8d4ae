"""tests: two reports of one matter: offered, merged by a person, found under both numbers, taken apart again."""

from __future__ import annotations

import pytest

from cases.contracts import Case, CaseStatus, Closure, Correction
from cases.contracts.clocks import ClockKind
from cases.contracts.merging import Same
from cases.likeness import may_be_one, reads_alike
from cases.refusals import CaseChanged, IsMerged, MergeEnded, MergeHasOthers, MergeItself, MergeOwes, NotMerged
from kit.contracts import Language
from kit.refusals import NotFound
from nlu.contracts import Severity
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint
from tests.cases.test_scopes import editor

FEW = "洗衣机脱水时响声很大"


async def two(files: Files, **other: object) -> tuple[Case, Case]:
    """A report, and an hour later another one with the same order number."""
    first = await files.open(
        a_complaint("a", severity=Severity.NORMAL, order_number="CJ2511-0042", contact="138 0000 6620")
    )
    files.clock.forward(hours=1)
    values = {"conversation_id": "talk-2", "customer_name": "周太太", "order_number": "cj25110042"} | other
    return first, await files.open(a_complaint("b", severity=Severity.NORMAL, **values))


async def same(files: Files, case: Case) -> dict[str, tuple[Same, ...]]:
    found = await files.merging.alike(await files.cases.load(case.number), sight=MEI.sight)
    return {each.case.number: each.same for each in found}


def test_a_text_is_alike_when_it_is_nearer_than_nearly_all_unrelated_ones() -> None:
    others = [0.80 + step / 1000 for step in range(40)]
    assert reads_alike(0.84, others)
    assert not reads_alike(0.82, others)
    assert not reads_alike(0.99, others[:9])  # too few to know


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ((Same.ORDER,), True),
        ((Same.CONTACT,), True),
        ((Same.NAME,), False),
        ((Same.NAME, Same.PRODUCT), True),
        ((Same.NAME, Same.MEANING), True),
        ((Same.PRODUCT, Same.MEANING), False),
    ],
)
def test_a_common_name_alone_says_nothing(found: tuple[Same, ...], asked: bool) -> None:  # noqa: FBT001 - a case
    assert may_be_one(found) is asked


async def test_open_files_of_one_order_customer_or_conversation_are_offered(files: Files) -> None:
    first, second = await two(files, contact="+86 13800006620")
    await files.open(a_complaint("else", conversation_id="talk-3", customer_name="李女士", order_number="CJ2511-0043"))
    assert await same(files, first) == {second.number: (Same.ORDER, Same.CONTACT, Same.PRODUCT)}
    assert await same(files, second) == {first.number: (Same.ORDER, Same.CONTACT, Same.PRODUCT)}
    stranger = editor("consultation", account="agent-wu")
    assert await files.merging.alike(await files.cases.load(first.number), sight=stranger.sight) == ()
    files.clock.forward(minutes=60 * 24 * 31)
    late = await files.open(a_complaint("late", conversation_id="talk-4", order_number="CJ2511-0042"))
    assert await same(files, late) == {}


async def test_namesakes_are_offered_when_they_tell_the_same(files: Files) -> None:
    for number in range(12):
        other = {"customer_name": f"客户{number}", "what_happened": f"{number} 号包裹没有送到门口"}
        await files.open(a_complaint(f"n{number}", conversation_id=None, **other))
    told = FEW.replace("洗衣机", "机器")  # with the same product the name would be enough
    first = await files.open(a_complaint("a", conversation_id=None, what_happened=told))
    second = await files.open(a_complaint("b", conversation_id=None, what_happened=f"{told}，吵死了"))
    assert await same(files, second) == {first.number: (Same.NAME, Same.MEANING)}
    files.meaning.silent = True
    assert await same(files, second) == {}


async def test_the_older_number_goes_on_and_both_customers_hear_of_it_under_either(files: Files) -> None:
    first, second = await two(files, contact="139 1111 2222")
    assert await files.merging.merge(second.number, first.number, by=MEI, version=1) == first.number
    gone = await files.cases.load(second.number)
    assert (gone.case.merged_into, gone.case.closure, gone.case.status) == (
        first.number,
        Closure.MERGED,
        CaseStatus.WITHDRAWN,
    )
    assert all(clock.end is not None for clock in gone.clocks)
    assert [line.what for line in gone.history][:2] == ["opened", "merged_into"]
    assert (await files.cases.load(first.number)).history[-1].after == second.number
    [mapped] = await files.cases.of_conversation("talk-2")
    assert mapped.number == first.number
    proven = await files.cases.proven(second.number, ["13911112222"])
    assert proven is not None
    assert proven.number == first.number
    assert await files.cases.proven(second.number, ["13800000000"]) is None
    assert await files.cases.proven(first.number, ["13911112222"]) is None  # the other's proof is the other's
    files.letters.woken.clear()
    await files.go(first, "confirmed", "assigned", "working", "decided", "told")
    assert {talk for talk, _ in files.letters.woken} >= {"talk-1", "talk-2"}
    with pytest.raises(IsMerged):
        await files.cases.correct(second.number, Correction(comment="x"), by=MEI, version=gone.version)


async def test_a_merged_file_goes_on_where_it_stood_when_it_is_taken_out(files: Files) -> None:
    first, second = await two(files)
    await files.go(second, "confirmed", "assigned")
    before = await files.cases.load(second.number)
    await files.merging.merge(second.number, first.number, by=MEI, version=before.version)
    files.clock.forward(hours=2)
    await files.merging.part(second.number, by=MEI)
    after = await files.cases.load(second.number)
    assert (after.case.step, after.case.closure, after.case.merged_into, after.case.reopened) == (
        "assigned",
        None,
        None,
        0,
    )
    owed = {(clock.kind, clock.due_at) for clock in before.clocks if clock.end is None}
    assert {(clock.kind, clock.due_at) for clock in after.clocks if clock.end is None} == owed
    assert after.case.promised_at == before.case.promised_at
    assert {clock for clock in after.clocks if clock.end is not None} >= {
        clock for clock in before.clocks if clock.end is not None
    }
    [again] = await files.cases.of_conversation("talk-2")
    assert again.number == second.number
    assert files.letters.codes()[-1] == "parted"
    with pytest.raises(NotMerged):
        await files.merging.part(second.number, by=MEI)


async def test_what_cannot_be_merged_is_said(files: Files) -> None:
    first, second = await two(files)
    third = await files.open(a_complaint("c", order_number="CJ2511-0042", severity=Severity.NORMAL))
    with pytest.raises(MergeItself):
        await files.merging.merge(first.number, first.number, by=MEI, version=1)
    with pytest.raises(CaseChanged):
        await files.merging.merge(second.number, first.number, by=MEI, version=7)
    with pytest.raises(NotFound):
        await files.merging.merge(second.number, "TS2611-999999", by=MEI, version=1)
    due = files.clock().replace(year=2027)
    await files.handling.promise(second.number, text="回电", due_at=due, by=MEI, version=1)
    with pytest.raises(MergeOwes):
        await files.merging.merge(first.number, second.number, by=MEI, version=1)
    [promise] = [clock for clock in (await files.cases.load(second.number)).clocks if clock.kind is ClockKind.CALL_BACK]
    await files.handling.end_promise(second.number, promise.id, kept=True, by=MEI)
    version = (await files.cases.load(second.number)).version
    await files.merging.merge(second.number, third.number, by=MEI, version=version)
    with pytest.raises(MergeHasOthers):
        await files.merging.merge(first.number, second.number, by=MEI, version=1)
    await files.database.write(lambda tx: files.cases.withdraw(tx, second.id, by="customer", at=files.clock()))
    with pytest.raises(MergeEnded):
        await files.merging.part(third.number, by=MEI)


@pytest.mark.parametrize("language", list(Language))
async def test_a_colleague_decides_on_the_page_of_the_file(office: Office, language: Language) -> None:
    files = office.files
    first, second = await two(files)
    async with office.signed_in(language=language) as client:
        page = (await client.get(f"/cases/{second.number}")).text
        assert first.number in page
        assert {"zh": "同一订单", "en": "same order"}[language.value] in page
        form = {"other": first.number, "version": 1}
        apart = await client.post(f"/cases/{second.number}/apart", data=form)
        assert apart.status_code == 303
        assert f'value="{first.number}"' not in (await client.get(f"/cases/{second.number}")).text
        merged = await client.post(f"/cases/{second.number}/merge", data={**form, "version": 2})
        assert merged.headers["location"] == f"/cases/{first.number}?saved"
        assert second.number in (await client.get(f"/cases/{first.number}")).text
        gone = (await client.get(f"/cases/{second.number}")).text
        assert f'href="/cases/{first.number}"' in gone
        assert f'action="/cases/{second.number}/step"' not in gone
        refused = await client.post(f"/cases/{second.number}/step", data={"version": 5, "to": "working"})
        assert refused.status_code == 409
    async with office.house.client(language=language) as customer:
        assert first.number in (await customer.get(files.links.path(second.number))).text
    async with office.signed_in(name="li") as client:
        assert (await client.post(f"/cases/{second.number}/part")).status_code == 303
        assert (await client.post(f"/cases/{second.number}/part")).status_code == 409
