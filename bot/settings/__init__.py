"""bot: config.yml as one typed value, composed of every room's section."""

from __future__ import annotations

from pydantic import Field, model_validator

from bot.settings.channels import TelegramSettings, WeChatSettings, WidgetSettings
from bot.settings.conversation import BotSettings, ShopSettings
from bot.settings.programs import RestSettings, WebhookSettings
from cases.settings import CaseSettings
from handoff.settings import HandoffSettings
from kit.settings import Settings
from kit.web.settings import WebSettings
from knowledge_base.settings import KnowledgeBaseSettings
from nlu.settings import NluSettings
from staff.settings import StaffSettings

OTHER = "other"
"""The complaint category that takes what no other one takes."""


class DeskSettings(Settings):
    """The whole of config.yml."""

    data_dir: str = Field(
        default="var",
        min_length=1,
        description="Folder of everything a run makes (database, models, index, logs); relative to config.yml.",
    )
    shop: ShopSettings = ShopSettings()
    web: WebSettings = WebSettings()
    widget: WidgetSettings = WidgetSettings()
    telegram: TelegramSettings = TelegramSettings()
    wechat: WeChatSettings = WeChatSettings()
    rest: RestSettings = RestSettings()
    webhooks: WebhookSettings = WebhookSettings()
    bot: BotSettings = BotSettings()
    nlu: NluSettings = NluSettings()
    knowledge_base: KnowledgeBaseSettings = KnowledgeBaseSettings()
    handoff: HandoffSettings = HandoffSettings()
    cases: CaseSettings = CaseSettings()
    staff: StaffSettings = StaffSettings()

    @model_validator(mode="after")
    def _check_categories(self) -> DeskSettings:
        labelled = {category.name for category in self.cases.categories}
        missing = sorted(({*self.nlu.complaint.categories} | {OTHER}) - labelled)
        if missing:
            message = (
                f"`cases.categories` has no labels for {', '.join(missing)}; the classifier or the form needs them"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _check_owners(self) -> DeskSettings:
        unknown = sorted(self.cases.owners() - {department.name for department in self.handoff.departments})
        if unknown:
            message = (
                f"`cases.workflows`: {', '.join(unknown)} owns steps and is no department of `handoff.departments`"
            )
            raise ValueError(message)
        return self
