"""bot.app: what nlu's pages of corrections need of other rooms: who may, and how things are called."""

from __future__ import annotations

from bot.app.ground import Ground
from handoff.web.labels import Labels
from kit.contracts import Language
from kit.web.pages import NavItem
from nlu.web.corrections import PATH, Names
from staff.contracts import Role
from staff.ports import Gate, WebRequest

NAV = NavItem(href=PATH, text="nlu.corrections.nav", icon="edit", roles=frozenset({Role.EDITOR, Role.ADMIN}))


class Colleagues:
    """Fits `nlu.ports.Corrector`: who works with customers or articles proposes, editors decide."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def proposer(self, request: WebRequest) -> str:
        return (await self._gate.require(request, Role.AGENT, Role.SUPERVISOR, Role.EDITOR)).id

    async def reviewer(self, request: WebRequest) -> str:
        return (await self._gate.require(request, Role.EDITOR)).id


def names_of(ground: Ground) -> Names:
    """Categories as configured, intents as the console calls them."""
    cases, handoff = ground.settings.cases, ground.settings.handoff

    def severity(name: str, language: Language) -> str:
        return Labels(ground.texts, language, category_label=cases.label, settings=handoff).severity(name)

    def intent(name: str, language: Language) -> str:
        return Labels(ground.texts, language, category_label=cases.label, settings=handoff).intent(name)

    categories = [category.name for category in cases.categories]
    return Names(categories=categories, category=cases.label, severity=severity, intent=intent)
