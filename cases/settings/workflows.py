"""cases: the settings of kinds and workflows, and what makes a workflow whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from pydantic import Field

from cases.contracts import Stage
from cases.settings.fields import KindField, field_faults
from cases.settings.named import NAME, Named
from kit.settings import Settings

RESPONSIBLE = "responsible"
"""Owner of a step that belongs to the department the file's category leads to."""


class Tells(StrEnum):
    """What the customer hears when a file comes to a step."""

    NOTHING = "nothing"
    NUMBER = "number"
    """Number and promised time, by itself."""
    WORDS = "words"
    """What whoever makes the step writes."""
    DECISION = "decision"
    """The decision (or other words for it), with the buttons to confirm and to object."""


class Step(Named):
    """One step of a workflow."""

    stage: Stage = Field(description="What the house understands by the step.")
    owner: str = Field("", max_length=40, description="Department that has the next thing to do, or `responsible`.")
    next: tuple[str, ...] = Field((), description="Steps it may lead to.")
    tells: Tells = Field(Tells.NOTHING, description="What the customer hears on coming here.")


class Workflow(Settings):
    """The way of a kind of file from its beginning to its end."""

    name: str = Field(pattern=NAME, description="Stable name.")
    steps: tuple[Step, ...] = Field(min_length=1, description="Its steps; files begin at the first.")

    def step(self, name: str) -> Step | None:
        """The step called `name`."""
        return next((step for step in self.steps if step.name == name), None)

    def at(self, stage: Stage) -> Step | None:
        """The first step of a stage."""
        return next((step for step in self.steps if step.stage is stage), None)


class Kind(Named):
    """One kind of file."""

    workflow: str = Field(description="Name of the workflow its files go through.")
    fields: tuple[KindField, ...] = Field((), description="What it asks for beside what every file has.")


def faults_of(workflows: Sequence[Workflow], kinds: Sequence[Kind]) -> list[str]:
    """Everything that is wrong, one sentence each."""
    names = [workflow.name for workflow in workflows]
    faults = [
        *_twice("workflows", names),
        *_twice("kinds", [kind.name for kind in kinds]),
        *(
            f"kind {kind.name}: there is no workflow {kind.workflow}"
            for kind in kinds
            if kind.workflow not in set(names)
        ),
    ]
    faults += [fault for kind in kinds for fault in field_faults(kind.name, kind.fields)]
    return faults + [f"workflow {workflow.name}: {fault}" for workflow in workflows for fault in _faults(workflow)]


def _faults(workflow: Workflow) -> Iterator[str]:
    steps = {step.name: step for step in workflow.steps}
    yield from _twice("steps", [step.name for step in workflow.steps])
    yield from (f"step {step.name} has no owner" for step in workflow.steps if not step.owner)
    for step in workflow.steps:
        yield from (f"step {step.name} leads to {to}, which is no step" for to in step.next if to not in steps)
        if step.name in step.next:
            yield f"step {step.name} leads to itself"
    if workflow.steps[0].stage is not Stage.REGISTERED:
        yield f"begins at {workflow.steps[0].name}; the first step has the stage registered"
    for stage in (Stage.ACKNOWLEDGED, Stage.WORKING, Stage.CLOSED, Stage.WITHDRAWN):
        count = sum(step.stage is stage for step in workflow.steps)
        if count != 1:
            yield f"has {count} steps of the stage {stage}; there is one"
    yield from (
        f"step {step.name} is a decision and leads to no step that tells it"
        for step in workflow.steps
        if step.stage is Stage.DECIDED and not any(steps[to].stage is Stage.TOLD for to in step.next if to in steps)
    )
    yield from (
        f"step {step.name} has the stage told and tells nothing"
        for step in workflow.steps
        if step.stage is Stage.TOLD and step.tells is Tells.NOTHING
    )
    reached = _from(workflow.steps[0].name, steps)
    # Files come back to work after their end, and customers withdraw from anywhere: no step needs to lead there.
    everywhere = {Stage.ACKNOWLEDGED, Stage.WORKING, Stage.WITHDRAWN}
    yield from (
        f"no step leads to {step.name}"
        for step in workflow.steps
        if step.name not in reached and step.stage not in everywhere
    )
    ends = {step.name for step in workflow.steps if step.stage is Stage.CLOSED}
    yield from (
        f"step {step.name} is a dead end: nothing leads from it to a step of the stage closed"
        for step in workflow.steps
        if ends and not ends & _from(step.name, steps)
    )


def _from(name: str, steps: dict[str, Step]) -> set[str]:
    reached: set[str] = set()
    ahead = [name]
    while ahead:
        here = ahead.pop()
        if here in reached or here not in steps:
            continue
        reached.add(here)
        ahead += steps[here].next
    return reached


def _twice(what: str, names: Iterable[str]) -> list[str]:
    seen = list(names)
    twice = sorted({name for name in seen if seen.count(name) > 1})
    return [f"{what}: {', '.join(twice)} stands there twice"] if twice else []
