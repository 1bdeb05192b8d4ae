"""cases: the section `cases` of config.yml."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from kit.contracts import Language
from kit.settings import Settings


class Category(Settings):
    """One complaint category: its stable name and what people read."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Stable name, as the classifier gives it.")
    zh: str = Field(min_length=1, max_length=20, description="Label in Chinese.")
    en: str = Field(min_length=1, max_length=40, description="Label in English.")


CATEGORIES = (
    Category(name="product_quality", zh="商品质量", en="Product quality"),
    Category(name="delivery", zh="配送物流", en="Delivery"),
    Category(name="service_attitude", zh="服务态度", en="Service attitude"),
    Category(name="price_billing", zh="价格与账单", en="Price and billing"),
    Category(name="refund_return", zh="退款退货", en="Refund and return"),
    Category(name="repair_warranty", zh="维修保修", en="Repair and warranty"),
    Category(name="technical_fault", zh="技术故障", en="Technical fault"),
    Category(name="privacy_safety", zh="隐私与安全", en="Privacy and safety"),
    Category(name="other", zh="其他", en="Other"),
)


class CaseSettings(Settings):
    """Complaint files."""

    categories: tuple[Category, ...] = Field(
        CATEGORIES, min_length=1, description="Categories people choose from, with their labels in both languages."
    )
    prefix: str = Field("TS", pattern=r"^[A-Z]{1,4}$", description="Letters a file number begins with: TS2611-000042.")
    time_zone: str = Field("Asia/Shanghai", description="IANA time zone that decides the month in a file number.")
    list_limit: int = Field(50, ge=10, le=200, description="Files on one page of the list.")

    @field_validator("categories")
    @classmethod
    def _named_once(cls, categories: tuple[Category, ...]) -> tuple[Category, ...]:
        names = [category.name for category in categories]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"every category once; twice here: {', '.join(twice)}"
            raise ValueError(message)
        return categories

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            message = "not the name of a time zone, such as Asia/Shanghai or Europe/London"
            raise ValueError(message) from error
        return name

    def label(self, name: str, language: Language) -> str:
        """What people read for a category; the name itself for one that is not configured any more."""
        for category in self.categories:
            if category.name == name:
                return category.zh if language is Language.ZH else category.en
        return name
