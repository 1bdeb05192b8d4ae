"""tests: situations to decide on."""

from __future__ import annotations

from pathlib import Path

from bot.contracts import InboundKind, Owner
from bot.decisions import Action, Decision, Line, Option
from bot.policy.situation import How, Looked, Policy, Situation
from bot.settings.conversation import ComplaintSettings, DialogueSettings
from bot.state import CaseRef, ComplaintForm, DialogueState, Field
from bot.words import load_words
from kit.contracts import Language
from kit.rooms import HOUSE
from knowledge_base.contracts import SearchResult
from nlu.contracts import Severity
from tests.support.clock import START

CATEGORIES = {
    "product_quality": {Language.ZH: "商品质量问题", Language.EN: "product quality"},
    "delivery": {Language.ZH: "配送问题", Language.EN: "delivery"},
    "repair_warranty": {Language.ZH: "维修保修问题", Language.EN: "repair and warranty"},
    "privacy_safety": {Language.ZH: "隐私与安全问题", Language.EN: "privacy and safety"},
    "other": {Language.ZH: "其他问题", Language.EN: "other"},
}
WORDS = load_words(HOUSE / "bot/words.yml", Path(HOUSE / "nlu/starter/person_words.yml"))
POLICY = Policy(
    dialogue=DialogueSettings(),
    complaint=ComplaintSettings(),
    words=WORDS,
    shop={Language.ZH: "澄家电器", Language.EN: "Clearhome"},
    categories=CATEGORIES,
)
CASE = CaseRef(
    id="case-1", number="TS2611-000001", category="product_quality", severity=Severity.NORMAL, opened_at=START
)


def situation(text: str = "", **changes: object) -> Situation:
    """A situation with the bot in charge."""
    values: dict[str, object] = {
        "kind": InboundKind.TEXT,
        "state": DialogueState(),
        "owner": Owner.BOT,
        "language": Language.ZH,
        "now": START,
        "turn_id": "turn-1",
        "text": text,
        **changes,
    }
    result = values.pop("result", None)
    if isinstance(result, SearchResult):
        values["looked"] = looked(result, text)
    return Situation(**values)  # type: ignore[arg-type]


def looked(result: SearchResult, text: str = "", *, how: How = How.ALONE) -> Looked:
    """A text searched."""
    return Looked(how=how, text=text, result=result)


def pressed(choice: str, **changes: object) -> Situation:
    """A button was pressed."""
    return situation("", kind=InboundKind.PRESS, choice=choice, **changes)


def filling(asking: Field, *given: Field, **changes: object) -> DialogueState:
    """The state while the form asks."""
    return DialogueState(form=ComplaintForm(asking=asking, given=given), case=CASE, **changes)  # type: ignore[arg-type]


def kinds(decision: Decision) -> list[str]:
    """Names of the actions, in order."""
    return [type(action).__name__ for action in decision.actions]


def keys(decision: Decision) -> list[str]:
    """Keys of everything that is said, in order."""
    return [line.key for action in decision.actions for line in lines_of(action)]


def lines_of(action: Action) -> tuple[Line, ...]:
    """The sentences of an action."""
    line = getattr(action, "line", None)
    return (line,) if isinstance(line, Line) else getattr(action, "lines", ())


def options(decision: Decision) -> list[str]:
    """Ids of all buttons, in order."""
    found: list[Option] = [option for action in decision.actions for option in getattr(action, "options", ())]
    return [option.id for option in found]
