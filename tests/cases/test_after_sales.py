"""tests: repairs: warranty by rule, parts from a ledger, visits without double booking, costs."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from cases.contracts import Case, Stage
from cases.contracts.after_sales import NeedState, Warranty
from cases.refusals import NotInTheFuture, NotOpen, OutOfRange, SlotTaken, StockTooLow, UnknownProduct
from cases.settings.after_sales import AfterSalesSettings
from cases.warranty import months_later, warranty_of
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint

SETTINGS = AfterSalesSettings()


def test_a_warranty_ends_with_its_last_day_and_is_unknown_without_product_or_day() -> None:
    bought = date(2024, 2, 29)
    assert months_later(bought, 12) == date(2025, 2, 28)
    last = date(2025, 2, 28)
    assert warranty_of(SETTINGS, "vacuum", bought, last) == (Warranty.COVERED, last)
    assert warranty_of(SETTINGS, "vacuum", bought, last + timedelta(days=1)) == (Warranty.OVER, last)
    assert warranty_of(SETTINGS, "vacuum", None, last) == (Warranty.UNKNOWN, None)
    assert warranty_of(SETTINGS, "spaceship", bought, last) == (Warranty.UNKNOWN, None)


async def a_repair(files: Files, key: str = "repair") -> Case:
    case = await files.open(a_complaint(key, kind="repair", category="repair_warranty", conversation_id=key))
    return (await files.go(case, "confirmed", "working")).case


async def step(files: Files, case: Case) -> str:
    return (await files.cases.load(case.number)).case.step


async def states(files: Files, case: Case) -> list[NeedState]:
    return [need.state for need in (await files.after_sales.repair(case)).needs]


async def arrive(files: Files, pieces: int, key: str = "stock:1") -> None:
    await files.after_sales.move_stock("drain_pump", pieces, "供应商", key=key, by=MEI)


async def test_a_part_out_of_stock_lets_the_repair_wait_and_its_arrival_wakes_it(files: Files) -> None:
    case = await a_repair(files)
    await files.after_sales.need(case.number, "drain_pump", 2, by=MEI)
    assert (await step(files, case), await states(files, case)) == ("waiting_parts", [NeedState.WAITING])
    assert "缺货" in str(list(files.letters.letters.values())[-1].slots["words"])
    await arrive(files, 1)
    assert await step(files, case) == "waiting_parts"  # one of two
    await arrive(files, 1)  # the same key again: sent twice
    assert await step(files, case) == "waiting_parts"
    await arrive(files, 1, "stock:2")
    file = await files.cases.load(case.number)
    assert (file.case.stage, await states(files, case)) == (Stage.WORKING, [NeedState.RESERVED])
    assert "part_arrived" in {line.what for line in file.history}
    [need] = (await files.after_sales.repair(case)).needs
    await files.after_sales.end_need(case.number, need.id, used=True, by=MEI)
    with pytest.raises(NotOpen):
        await files.after_sales.end_need(case.number, need.id, used=True, by=MEI)
    stocks, movements = await files.after_sales.ledger()
    pump = next(stock for stock in stocks if stock.part == "drain_pump")
    assert (pump.on_hand, pump.reserved, sum(each.pieces for each in movements)) == (0, 0, 0)


async def test_the_last_part_goes_to_one_repair_and_a_dropped_one_to_the_next_that_waits(files: Files) -> None:
    await arrive(files, 1)
    first, second = await a_repair(files, "a"), await a_repair(files, "b")
    needs = [files.after_sales.need(case.number, "drain_pump", 1, by=MEI) for case in (first, second)]
    await asyncio.gather(*needs)
    got = sorted([(await states(files, case))[0] for case in (first, second)])
    assert got == [NeedState.RESERVED, NeedState.WAITING]
    with pytest.raises(StockTooLow):
        await files.after_sales.move_stock("drain_pump", -1, "盘亏", key="stock:3", by=MEI)
    winner, loser = (first, second) if (await states(files, first)) == [NeedState.RESERVED] else (second, first)
    [need] = (await files.after_sales.repair(winner)).needs
    await files.after_sales.end_need(winner.number, need.id, used=False, by=MEI)
    assert (await states(files, loser), await step(files, loser)) == ([NeedState.RESERVED], "working")


async def test_two_colleagues_never_book_the_same_technician(files: Files) -> None:
    cases = [await a_repair(files, name) for name in "abc"]
    begins = (await files.after_sales.free_visits(cases[0]))[0][0]
    results = await asyncio.gather(
        *(files.after_sales.book(case.number, begins, by=MEI) for case in cases), return_exceptions=True
    )
    assert [type(each) for each in results if each is not None] == [SlotTaken]  # two technicians, three bookings
    booked = [case for case, result in zip(cases, results, strict=True) if result is None]
    with pytest.raises(SlotTaken):
        await files.after_sales.book(booked[0].number, begins, by=MEI)  # once a case
    assert begins not in {slot[0] for slot in await files.after_sales.free_visits(cases[0])}
    [visit] = (await files.after_sales.repair(booked[0])).visits
    await files.after_sales.call_off(booked[0].number, visit.id, by=MEI)
    assert begins in {slot[0] for slot in await files.after_sales.free_visits(cases[0])}
    with pytest.raises(NotInTheFuture):
        await files.after_sales.book(booked[0].number, begins + timedelta(minutes=1), by=MEI)


async def test_what_makes_no_sense_is_refused(files: Files) -> None:
    case = await a_repair(files)
    with pytest.raises(UnknownProduct):
        await files.after_sales.need(case.number, "flux_capacitor", 1, by=MEI)
    with pytest.raises(UnknownProduct):
        await files.after_sales.set_product(case.number, "spaceship", None, by=MEI)
    for pieces in (0, -1, 10**9):
        with pytest.raises(OutOfRange):
            await files.after_sales.need(case.number, "drain_pump", pieces, by=MEI)
    with pytest.raises(OutOfRange):
        await files.after_sales.add_cost(case.number, "上门费", 0, by_customer=True, by=MEI)


async def test_a_repair_is_carried_on_its_page(office: Office) -> None:
    case = await a_repair(office.files)
    path = f"/cases/{case.number}"
    async with office.signed_in() as client:
        page = (await client.get(path)).text
        assert "Not known" in page
        for where, form in (
            ("product", {"product": "washer", "bought_on": "2025-01-31"}),
            ("needs", {"part": "door_seal", "pieces": "1"}),
            ("costs", {"what": "上门费", "amount": "88.50", "payer": "customer"}),
        ):
            assert (await client.post(f"{path}/{where}", data=form)).status_code == 303
        [slot, *_] = await office.files.after_sales.free_visits(case)
        booked = await client.post(f"{path}/visits", data={"begins_at": slot[0].isoformat()})
        assert booked.status_code == 303
        again = await client.post(f"{path}/visits", data={"begins_at": slot[0].isoformat()})
        assert (again.status_code, "taken that time" in again.text) == (409, True)
        page = (await client.get(path)).text
        for seen in ("Under warranty", "2028-01-31", "Door seal × 1", "88.50", "Visit booked:"):
            assert seen in page
        assert "the customer 88.50" in page
        assert "door_seal ×" not in page
        stock = {"part": "door_seal", "pieces": "3", "key": "stock:01ABC", "note": "到货"}
        assert (await client.post("/cases/parts", data=stock)).status_code == 303
        assert "到货" in (await client.get("/cases/parts")).text
        for bad in ({**stock, "pieces": "-9", "key": "stock:02ABC"},):
            refused = await client.post("/cases/parts", data=bad)
            assert (refused.status_code, "are free" in refused.text) == (409, True)
        for where, form in (("visits", {"begins_at": "soon"}), ("product", {"product": "washer", "bought_on": "x"})):
            assert (await client.post(f"{path}/{where}", data=form)).status_code == 422
    complaint = await office.files.open(a_complaint("c"))
    async with office.signed_in(name="other") as client:
        assert "Not known" not in (await client.get(f"/cases/{complaint.number}")).text
