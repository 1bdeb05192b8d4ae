"""cases: the section `cases` of config.yml."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from cases.settings.after_sales import AfterSalesSettings
from cases.settings.defaults import KINDS, WORKFLOWS
from cases.settings.digest import DigestSettings
from cases.settings.evidence import EvidenceSettings
from cases.settings.fields import FieldForm, KindField
from cases.settings.follow_ups import FollowUpSettings, follow_up_faults
from cases.settings.named import Named
from cases.settings.promises import Promised, PromiseSettings, Rung
from cases.settings.reports import ReportSettings
from cases.settings.surveys import Questionnaire, SurveySettings
from cases.settings.workflows import RESPONSIBLE, Kind, Step, Tells, Workflow, faults_of
from kit.contracts import Language
from kit.settings import Settings

__all__ = [
    "RESPONSIBLE",
    "AfterSalesSettings",
    "CaseSettings",
    "Category",
    "DigestSettings",
    "EvidenceSettings",
    "FieldForm",
    "FollowUpSettings",
    "Kind",
    "KindField",
    "PromiseSettings",
    "Promised",
    "Questionnaire",
    "ReportSettings",
    "Rung",
    "Step",
    "SurveySettings",
    "Tells",
    "Workflow",
]


class Category(Named):
    """One complaint category: its stable name (as the classifier gives it) and what people read."""


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
    workflows: tuple[Workflow, ...] = Field(
        WORKFLOWS, min_length=1, description="Ways from a file's beginning to its end, step by step."
    )
    kinds: tuple[Kind, ...] = Field(KINDS, min_length=1, description="Kinds of file; the bot opens the first.")
    promises: PromiseSettings = PromiseSettings()
    after_sales: AfterSalesSettings = AfterSalesSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    surveys: SurveySettings = SurveySettings()
    reports: ReportSettings = ReportSettings()
    digest: DigestSettings = DigestSettings()
    follow_ups: FollowUpSettings = FollowUpSettings()
    managers: tuple[str, ...] = Field(
        (), description="Sign-in names of the managers, who hear of critical files; empty: every supervisor does."
    )
    prefix: str = Field("TS", pattern=r"^[A-Z]{1,4}$", description="Letters a file number begins with: TS2611-000042.")
    time_zone: str = Field("Asia/Shanghai", description="IANA time zone that decides the month in a file number.")
    same_matter_days: int = Field(
        30, ge=1, le=365, description="Open files begun within so many days of each other may be about one matter."
    )
    customer_opens_a_day: int = Field(
        5, ge=1, le=100, description="Cases a customer can open in a day from the page the widget leads to."
    )
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

    @model_validator(mode="after")
    def _check_workflows(self) -> CaseSettings:
        faults = faults_of(self.workflows, self.kinds)
        faults += follow_up_faults(self.follow_ups, frozenset(kind.name for kind in self.kinds))
        faults += self._survey_faults()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _survey_faults(self) -> list[str]:
        known = {kind.name for kind in self.kinds}
        # What we come with may name a kind the operator has dropped; that is no fault of theirs.
        named = []
        if "kind" in self.surveys.follow_up.model_fields_set:
            named.append(("surveys.follow_up", self.surveys.follow_up.kind))
        if "questionnaires" in self.surveys.model_fields_set:
            named += [(f"survey {each.name}", kind) for each in self.surveys.questionnaires for kind in each.kinds]
        return [f"{where}: there is no kind {kind}" for where, kind in named if kind not in known]

    def owners(self) -> frozenset[str]:
        """The departments that workflows and follow-ups name."""
        owners = {step.owner for way in self.workflows for step in way.steps} - {RESPONSIBLE}
        return frozenset(owners | {self.follow_ups.department})

    def workflow(self, kind: str) -> Workflow:
        """The way of a kind; of one that is not configured any more, that of the first."""
        found = next((each for each in self.kinds if each.name == kind), self.kinds[0])
        return next(way for way in self.workflows if way.name == found.workflow)

    def fields(self, kind: str) -> tuple[KindField, ...]:
        """What a kind asks for; nothing for one that is not configured any more."""
        return next((each.fields for each in self.kinds if each.name == kind), ())

    def label(self, name: str, language: Language) -> str:
        """What people read for a category; the name itself for one that is not configured any more."""
        return _label(self.categories, name, language)

    def kind_label(self, name: str, language: Language) -> str:
        """What people read for a kind."""
        return _label(self.kinds, name, language)

    def step_label(self, kind: str, name: str, language: Language) -> str:
        """What people read for a step of a kind."""
        return _label(self.workflow(kind).steps, name, language)


def _label(named: Sequence[Named], name: str, language: Language) -> str:
    return next((each.label(language) for each in named if each.name == name), name)
