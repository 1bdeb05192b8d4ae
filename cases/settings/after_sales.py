"""cases: the settings of repairs: products with their warranty, parts, and when technicians come."""

from __future__ import annotations

from pydantic import Field

from cases.settings.named import Named
from kit.settings import Settings


class Product(Named):
    """A product and how long it is under warranty."""

    warranty_months: int = Field(ge=0, le=240, description="Months from the day of purchase.")
    words: tuple[str, ...] = Field(
        (),
        max_length=30,
        description="What customers call it beside its labels; cases that name just one are about it.",
    )

    def called(self) -> tuple[str, ...]:
        """Every word that means it."""
        return (self.zh, self.en, *self.words)


class AfterSalesSettings(Settings):
    """Repairs and visits."""

    products: tuple[Product, ...] = Field(
        (
            Product(name="washer", zh="洗衣机", en="Washing machine", warranty_months=36, words=("washer",)),
            Product(name="fridge", zh="冰箱", en="Fridge", warranty_months=36, words=("refrigerator",)),
            Product(name="air_conditioner", zh="空调", en="Air conditioner", warranty_months=72, words=("aircon",)),
            Product(name="vacuum", zh="吸尘器", en="Vacuum cleaner", warranty_months=12, words=("vacuum", "hoover")),
        ),
        description="Products cases are about, with the months of their warranty.",
    )
    parts: tuple[Named, ...] = Field(
        (
            Named(name="drain_pump", zh="排水泵", en="Drain pump"),
            Named(name="door_seal", zh="门封圈", en="Door seal"),
            Named(name="main_board", zh="主板", en="Main board"),
            Named(name="battery", zh="电池", en="Battery"),
        ),
        description="Parts that are kept in stock.",
    )
    waiting_step: str = Field(
        "waiting_parts", description="Step a case comes to when a part is out of stock, where its workflow has it."
    )
    visit_slots: tuple[str, ...] = Field(
        ("09:00-12:00", "14:00-17:00"), min_length=1, description="When technicians come, HH:MM-HH:MM."
    )
    technicians: int = Field(2, ge=1, le=500, description="Visits at the same time.")
    visit_days: int = Field(14, ge=1, le=60, description="Days ahead for which visits are booked.")
