"""handoff: the settings of departments and skills: what each is called and which customers it takes."""

from __future__ import annotations

from pydantic import Field, field_validator

from handoff.contracts import HandoffReason
from handoff.settings.hours import WeeklyHours, check_slots, check_zone
from handoff.settings.service_levels import FirstAnswerSettings, Within
from kit.contracts import Language
from kit.settings import Settings

NAME = r"^[a-z][a-z0-9_]{0,39}$"


class Named(Settings):
    """Something with a stable name and what people read."""

    name: str = Field(pattern=NAME, description="Stable name.")
    zh: str = Field(min_length=1, max_length=20, description="Label in Chinese.")
    en: str = Field(min_length=1, max_length=40, description="Label in English.")

    def label(self, language: Language) -> str:
        """What a reader of `language` sees."""
        return self.zh if language is Language.ZH else self.en


class Department(Named):
    """One department, and what brings a customer to it."""

    reasons: tuple[HandoffReason, ...] = Field((), description="Reasons of a handover that lead here.")
    categories: tuple[str, ...] = Field((), description="Complaint categories that lead here.")
    intents: tuple[str, ...] = Field((), description="Intents that lead here.")
    key_accounts: bool = Field(default=False, description="Whether customers marked as key accounts come here.")
    hours: WeeklyHours | None = Field(None, description="Its own hours; empty: those of the desk.")
    time_zone: str | None = Field(None, description="Its own time zone, an IANA name; empty: that of the desk.")

    first_answer: FirstAnswerSettings | None = Field(None, description="Its own first answer; empty: the desk's.")
    next_answer: Within | None = Field(None, description="Its own next answer; empty: the desk's.")
    call_back: Within | None = Field(None, description="Its own call-back; empty: the desk's.")
    resolution: Within | None = Field(None, description="Its own time to the end; empty: the desk's.")

    _check_zone = field_validator("time_zone")(check_zone)


class Shift(Named):
    """When a representative works on one day."""

    slots: tuple[str, ...] = Field(min_length=1, description="Slots, HH:MM-HH:MM; over midnight is allowed.")
    department: str | None = Field(
        None, description="Department whose shift it is, on its clocks; empty: everybody's, on the desk's clocks."
    )

    _check_slots = field_validator("slots")(check_slots)


SHIFTS = (
    Shift(name="early", zh="早班", en="Early", slots=("08:30-12:00", "13:00-16:30")),
    Shift(name="late", zh="晚班", en="Late", slots=("14:00-18:00", "18:30-22:00")),
    Shift(name="night", zh="夜班", en="Night", slots=("22:00-06:00",)),
)


class Skill(Named):
    """Something only some representatives can do well."""

    intents: tuple[str, ...] = Field((), description="Intents that ask for it.")


class Category(Named):
    """What a conversation was about, as it is said when it is resolved."""

    intents: tuple[str, ...] = Field((), description="Intents for which it is proposed.")


CATEGORIES = (
    Category(name="product", zh="商品咨询", en="Products", intents=("ask_product", "ask_stock", "ask_price_promotion")),
    Category(name="order", zh="订单", en="Orders", intents=("order_status", "cancel_order", "change_order")),
    Category(name="delivery", zh="配送", en="Delivery", intents=("delivery_time", "delivery_problem")),
    Category(
        name="returns",
        zh="退换货与退款",
        en="Returns and refunds",
        intents=("return_request", "exchange_request", "refund_progress"),
    ),
    Category(
        name="repairs",
        zh="维修与安装",
        en="Repairs and installation",
        intents=("repair_request", "warranty_question", "installation_booking", "usage_help"),
    ),
    Category(name="payment", zh="支付与发票", en="Payment and invoices", intents=("payment_problem", "ask_invoice")),
    Category(name="account", zh="账号与会员", en="Account", intents=("account_problem", "points_membership")),
    Category(name="complaint", zh="投诉", en="Complaint", intents=("complaint", "complaint_status")),
    Category(name="other", zh="其他", en="Other"),
)
DEPARTMENTS = (
    Department(name="consultation", zh="咨询", en="Consultation"),
    Department(
        name="complaints",
        zh="投诉",
        en="Complaints",
        reasons=(HandoffReason.COMPLAINT, HandoffReason.SAFETY),
        categories=(
            "product_quality",
            "delivery",
            "service_attitude",
            "price_billing",
            "refund_return",
            "privacy_safety",
            "other",
        ),
    ),
    Department(
        name="technical_support",
        zh="技术支持",
        en="Technical support",
        categories=("technical_fault",),
        intents=("usage_help", "account_problem", "payment_problem"),
    ),
    Department(
        name="after_sales",
        zh="售后",
        en="After-sales",
        categories=("repair_warranty",),
        intents=(
            "return_request",
            "exchange_request",
            "refund_progress",
            "repair_request",
            "warranty_question",
            "installation_booking",
        ),
    ),
    Department(name="key_accounts", zh="大客户", en="Key accounts", key_accounts=True, intents=("company_purchase",)),
    Department(name="follow_up", zh="回访", en="Follow-up"),
)
SKILLS = (
    Skill(name="invoices", zh="发票", en="Invoices", intents=("ask_invoice",)),
    Skill(name="installation", zh="安装", en="Installation", intents=("installation_booking",)),
    Skill(name="repairs", zh="维修", en="Repairs", intents=("repair_request", "warranty_question")),
)
