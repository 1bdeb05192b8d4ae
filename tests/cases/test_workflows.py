"""tests: workflows as data: what comes with the desk is whole, and every fault of another is named at once."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.settings import DeskSettings
from cases.contracts import Stage
from cases.settings import CaseSettings, Kind, Workflow

STEP: dict[str, object] = {"zh": "步", "en": "Step", "owner": "complaints"}
WHOLE: list[dict[str, object]] = [
    {"name": "registered", "stage": "registered", "next": ["acknowledged"], **STEP},
    {"name": "acknowledged", "stage": "acknowledged", "next": ["working"], **STEP},
    {"name": "working", "stage": "working", "next": ["decided"], **STEP},
    {"name": "decided", "stage": "decided", "next": ["told"], **STEP},
    {"name": "told", "stage": "told", "next": ["closed"], "tells": "decision", **STEP},
    {"name": "closed", "stage": "closed", "next": ["working"], **STEP},
    {"name": "withdrawn", "stage": "withdrawn", "next": ["working"], **STEP},
]


def settings(steps: list[dict[str, object]], kinds: list[dict[str, object]] | None = None) -> CaseSettings:
    return CaseSettings.model_validate(
        {
            "workflows": [{"name": "way", "steps": steps}],
            "kinds": kinds or [{"name": "complaint", "zh": "投诉", "en": "Complaint", "workflow": "way"}],
        }
    )


def changed(name: str, **values: object) -> list[dict[str, object]]:
    return [{**step, **values} if step["name"] == name else step for step in WHOLE]


def test_what_the_desk_comes_with_is_whole_and_a_small_one_is_too() -> None:
    assert {kind.name for kind in CaseSettings().kinds} == {
        "complaint",
        "repair",
        "return_refund",
        "visit",
        "suggestion",
        "call_back",
    }
    assert settings(WHOLE).workflow("complaint").steps[0].stage is Stage.REGISTERED


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        (changed("decided", owner=""), "step decided has no owner"),
        (changed("told", next=["nowhere"]), "step told leads to nowhere, which is no step"),
        (changed("told", next=["working"]), "step decided is a dead end"),
        (changed("told", next=["told", "closed"]), "step told leads to itself"),
        (changed("decided", next=["closed"]), "step decided is a decision and leads to no step that tells it"),
        (changed("told", tells="nothing"), "step told has the stage told and tells nothing"),
        (WHOLE[1:], "begins at acknowledged; the first step has the stage registered"),
        (WHOLE[:-1], "has 0 steps of the stage withdrawn; there is one"),
        ([*WHOLE, {**WHOLE[2], "name": "more"}], "has 2 steps of the stage working"),
        ([*WHOLE, {**WHOLE[3], "name": "island"}], "no step leads to island"),
        ([*WHOLE, WHOLE[3]], "steps: decided stands there twice"),
    ],
)
def test_a_workflow_with_a_fault_is_refused_and_the_fault_named(steps: list[dict[str, object]], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        settings(steps)


def test_all_faults_are_named_at_once() -> None:
    steps = [{**step, "owner": ""} if step["name"] == "told" else step for step in changed("decided", next=["nowhere"])]
    with pytest.raises(ValidationError) as refused:
        settings(steps, [{"name": "complaint", "zh": "投诉", "en": "Complaint", "workflow": "other"}])
    for fault in (
        "kind complaint: there is no workflow other",
        "workflow way: step told has no owner",
        "workflow way: step decided leads to nowhere, which is no step",
        "workflow way: step decided is a dead end",
    ):
        assert fault in str(refused.value)


def test_an_owner_that_is_no_department_of_the_desk_is_refused() -> None:
    ways = [{"name": "full", "steps": changed("told", owner="quality")}]
    kinds = [{"name": "complaint", "zh": "投诉", "en": "Complaint", "workflow": "full"}]
    with pytest.raises(ValidationError, match="quality owns steps and is no department"):
        DeskSettings.model_validate({"cases": {"workflows": ways, "kinds": kinds}})


def test_a_kind_that_is_gone_goes_the_way_of_the_first() -> None:
    known = CaseSettings()
    assert known.workflow("weather") is known.workflow(known.kinds[0].name)
    assert isinstance(known.workflow("repair"), Workflow)
    assert isinstance(known.kinds[0], Kind)


@pytest.mark.parametrize(
    "ladder",
    [
        [],
        [{"after_minutes": 10, "to": "supervisor"}, {"after_minutes": 10, "to": "manager"}],
        [{"after_minutes": 0, "to": "manager"}, {"after_minutes": 10, "to": "supervisor"}],
    ],
)
def test_a_ladder_only_goes_up(ladder: list[dict[str, object]]) -> None:
    with pytest.raises(ValidationError):
        CaseSettings.model_validate({"promises": {"ladder": ladder}})
