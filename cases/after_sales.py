"""cases: repairs: warranty, parts from a ledger, visits, costs; each with the history line of its case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime

from cases.contracts import Case, Editor, Stage
from cases.contracts.after_sales import Cost, Movement, Need, NeedState, Repair, Stock, Visit
from cases.draft import Draft, Told
from cases.keeper import Keeper, words_of
from cases.ports import AfterSalesStore
from cases.products import check_product
from cases.refusals import NotInTheFuture, NotOpen, OutOfRange, SlotTaken, StockTooLow, UnknownProduct
from cases.service import Cases
from cases.warranty import visit_slots, warranty_of
from kit.contracts import Clock, NewId, Transactions, Tx
from kit.refusals import NotFound
from kit.texts import Texts
from staff.contracts import AuditRecord
from staff.ports import AuditLog

MOST_PIECES = 10_000
MOST_CENTS = 100_000_000
SLOTS_SHOWN = 40


class AfterSales:
    """Repairs."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: AfterSalesStore,
        cases: Cases,
        keeper: Keeper,
        audit: AuditLog,
        texts: Texts,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._cases, self._keeper = transactions, store, cases, keeper
        self._audit, self._texts, self._clock, self._new_id = audit, texts, clock, new_id
        self._settings = keeper.rules.settings.after_sales
        self._parts = {part.name for part in self._settings.parts}

    def repairs(self, case: Case) -> bool:
        """Whether a case goes a way on which parts are waited for."""
        return self._keeper.rules.settings.workflow(case.kind).step(self._settings.waiting_step) is not None

    async def repair(self, case: Case) -> Repair:
        """Everything of a repair, with its warranty as of today."""
        found = await self._store.repair(case.id)
        zone = self._keeper.rules.hours(case.department).zone
        today = self._clock().astimezone(zone).date()
        warranty, until = warranty_of(self._settings, case.product, found.bought_on, today)
        return replace(found, warranty=warranty, warranty_until=until)

    async def set_product(self, number: str, product: str, bought_on: date | None, *, by: Editor) -> None:
        """What is repaired and when it was bought. Raises NotFound, UnknownProduct."""
        check_product(product, self._settings)
        case, at = (await self._cases.load(number, sight=by.sight)).case, self._clock()
        known = (await self._store.repair(case.id)).bought_on

        def draft_it(draft: Draft) -> None:
            draft.update(replace(draft.case, product=product))
            if bought_on != known:
                draft.note("bought_on", f"{bought_on or '-'}", f"{known or ''}")

        async def write(tx: Tx) -> None:
            await self._store.save_purchase(tx, case.id, bought_on)
            await self._keeper.change(tx, case.id, draft_it, by=by, at=at, audited=True)

        await self._transactions.write(write)

    async def need(self, number: str, part: str, pieces: int, *, by: Editor) -> None:
        """A repair needs a part: reserved where there is one, else the case waits. Raises NotFound, UnknownProduct."""
        self._check(part, pieces)

        async def work(tx: Tx, case: Case, at: datetime) -> str:
            stock = await self._store.stock(tx, part)
            free = stock.on_hand - stock.reserved
            state = NeedState.RESERVED if pieces <= free else NeedState.WAITING
            need = Need(
                id=self._new_id(), case_id=case.id, part=part, pieces=pieces, state=state, at=at, by_name=by.name
            )
            await self._store.add_need(tx, need)
            if state is NeedState.RESERVED:
                await self._store.save_stock(tx, replace(stock, reserved=stock.reserved + pieces))
            else:
                await self._wait(tx, case, by=by, at=at)
            return f"{part} × {pieces}"

        await self._change(number, "part", work, by=by)

    async def end_need(self, number: str, need_id: str, *, used: bool, by: Editor) -> None:
        """A reserved part is built in, or a need is dropped. Raises NotFound, NotOpen."""

        async def work(tx: Tx, case: Case, at: datetime) -> str:
            found = await self._store.need(tx, case.id, need_id)
            if found is None:
                raise NotFound
            stock = await self._store.stock(tx, found.part)
            need = await self._store.need(tx, case.id, need_id) or found  # as it is now that the part is held
            if need.state not in {NeedState.WAITING, NeedState.RESERVED} or (used and need.state is NeedState.WAITING):
                raise NotOpen(field="need")
            await self._store.set_need(tx, need, NeedState.USED if used else NeedState.DROPPED)
            if need.state is NeedState.RESERVED:
                stock = replace(stock, reserved=stock.reserved - need.pieces)
            if used:
                stock = replace(stock, on_hand=stock.on_hand - need.pieces)
                out = self._movement(f"need:{need.id}", need.part, -need.pieces, by=by, at=at)
                await self._store.add_movement(tx, replace(out, case_id=case.id))
            await self._store.save_stock(tx, stock)
            if not used:
                await self._serve(tx, stock, by=by, at=at)
            return f"{need.part} × {need.pieces}"

        await self._change(number, "part_used" if used else "part_dropped", work, by=by)

    async def move_stock(self, part: str, pieces: int, note: str, *, key: str, by: Editor) -> Stock:
        """Parts arrive (or a count is put right downwards); repairs that waited go on, the oldest first.

        Raises UnknownProduct, OutOfRange, StockTooLow. The same key twice is one movement.
        """
        self._check(part, abs(pieces))
        said, at = words_of(note, field="note"), self._clock()

        async def write(tx: Tx) -> Stock:
            stock = await self._store.stock(tx, part)
            free = stock.on_hand - stock.reserved
            movement = replace(self._movement(key, part, pieces, by=by, at=at), note=said)
            if not await self._store.add_movement(tx, movement):
                return stock
            if free + pieces < 0:
                raise StockTooLow(field="pieces", free=free)
            stock = replace(stock, on_hand=stock.on_hand + pieces)
            await self._store.save_stock(tx, stock)
            record = AuditRecord(
                at=at, account_id=by.id, action="cases.stock", subject=f"part:{part}", after=f"{pieces:+d} {said}"
            )
            await self._audit.audit(tx, record)
            return await self._serve(tx, stock, by=by, at=at)

        return await self._transactions.write(write)

    async def ledger(self) -> tuple[tuple[Stock, ...], tuple[Movement, ...]]:
        """All parts with what there is of them, and the newest movements."""
        found = await self._store.stocks()
        parts = dict.fromkeys([*(part.name for part in self._settings.parts), *sorted(found)])
        limit = self._keeper.rules.settings.list_limit
        return tuple(found.get(name, Stock(part=name)) for name in parts), await self._store.movements(limit=limit)

    async def free_visits(self, case: Case) -> tuple[tuple[datetime, datetime], ...]:
        """When a technician can come, soonest first."""
        slots = self._slots(case)
        if not slots:
            return ()
        taken = await self._store.taken(slots[0][0], slots[-1][0])
        free = [slot for slot in slots if taken.get(slot[0], 0) < self._settings.technicians]
        return tuple(free[:SLOTS_SHOWN])

    async def book(self, number: str, begins_at: datetime, *, by: Editor) -> None:
        """A technician comes. Raises NotFound, NotInTheFuture, SlotTaken (somebody was faster)."""

        async def work(tx: Tx, case: Case, _: datetime) -> str:
            slot = next((slot for slot in self._slots(case) if slot[0] == begins_at), None)
            if slot is None:
                raise NotInTheFuture(field="begins_at")
            visit = Visit(id=self._new_id(), case_id=case.id, begins_at=slot[0], ends_at=slot[1], by_name=by.name)
            if not await self._store.book(tx, visit, seats=self._settings.technicians):
                raise SlotTaken(field="begins_at")
            return self._when(case, begins_at)

        await self._change(number, "visit", work, by=by)

    async def call_off(self, number: str, visit_id: str, *, by: Editor) -> None:
        """The technician does not come. Raises NotFound."""

        async def work(tx: Tx, case: Case, _: datetime) -> str:
            visit = await self._store.call_off(tx, case.id, visit_id)
            if visit is None:
                raise NotFound
            return self._when(case, visit.begins_at)

        await self._change(number, "visit_off", work, by=by)

    async def add_cost(self, number: str, what: str, cents: int, *, by_customer: bool, by: Editor) -> None:
        """Something cost so much. Raises NotFound, WordsMissing, OutOfRange."""
        said = words_of(what, field="what", required=True)
        if not 0 < cents <= MOST_CENTS:
            raise OutOfRange(field="amount", least=0, most=MOST_CENTS // 100)

        async def work(tx: Tx, case: Case, at: datetime) -> str:
            cost = Cost(
                id=self._new_id(),
                case_id=case.id,
                what=said,
                cents=cents,
                by_customer=by_customer,
                at=at,
                by_name=by.name,
            )
            await self._store.add_cost(tx, cost)
            return f"{said} {cents / 100:.2f}"

        await self._change(number, "cost", work, by=by)

    async def _change(
        self, number: str, what: str, work: Callable[[Tx, Case, datetime], Awaitable[str]], *, by: Editor
    ) -> None:
        """Carry `work` out and note what it returns on the case, in one transaction."""
        case, at = (await self._cases.load(number, sight=by.sight)).case, self._clock()
        by = by.unbounded()  # a missing part may take the case, within this very change, to another department

        async def write(tx: Tx) -> None:
            said = await work(tx, case, at)
            await self._keeper.change(tx, case.id, lambda draft: draft.note(what, said), by=by, at=at, audited=True)

        await self._transactions.write(write)

    async def _serve(self, tx: Tx, stock: Stock, *, by: Editor, at: datetime) -> Stock:
        """Repairs that wait for the part get it, the oldest first; whoever then waits for nothing goes on."""
        for need in await self._store.waiting(tx, stock.part):
            if need.pieces > stock.on_hand - stock.reserved:
                continue
            stock = replace(stock, reserved=stock.reserved + need.pieces)
            await self._store.set_need(tx, need, NeedState.RESERVED)
            waits = await self._store.waits(tx, need.case_id)
            await self._keeper.change(tx, need.case_id, self._wake(need, waits=waits), by=by, at=at)
        await self._store.save_stock(tx, stock)
        return stock

    def _wake(self, need: Need, *, waits: bool) -> Callable[[Draft], None]:
        def work(draft: Draft) -> None:
            draft.note("part_arrived", f"{need.part} × {need.pieces}")
            if not waits and draft.step.name == self._settings.waiting_step:
                draft.enter(self._keeper.rules.step_at(draft.case.kind, Stage.WORKING), Told(silently=True))

        return work

    async def _wait(self, tx: Tx, case: Case, *, by: Editor, at: datetime) -> None:
        """The case waits for the part, where its step may lead there, and the customer is told."""
        words = self._texts("cases.repair.waiting_words", case.language)

        def work(draft: Draft) -> None:
            if self._settings.waiting_step in draft.step.next:
                way = self._keeper.rules.settings.workflow(draft.case.kind)
                step = way.step(self._settings.waiting_step)
                if step is not None:
                    draft.enter(step, Told(words=words))

        await self._keeper.change(tx, case.id, work, by=by, at=at)

    def _movement(self, key: str, part: str, pieces: int, *, by: Editor, at: datetime) -> Movement:
        return Movement(
            id=self._new_id(), key=key, part=part, pieces=pieces, case_id=None, at=at, by=by.id, by_name=by.name
        )

    def _check(self, part: str, pieces: int) -> None:
        if part not in self._parts:
            raise UnknownProduct(field="part")
        if not 0 < pieces <= MOST_PIECES:
            raise OutOfRange(field="pieces", least=1, most=MOST_PIECES)

    def _slots(self, case: Case) -> tuple[tuple[datetime, datetime], ...]:
        hours = self._keeper.rules.hours(case.department)
        return visit_slots(hours, self._settings.visit_slots, self._clock(), days=self._settings.visit_days)

    def _when(self, case: Case, at: datetime) -> str:
        return f"{at.astimezone(self._keeper.rules.hours(case.department).zone):%Y-%m-%d %H:%M}"
