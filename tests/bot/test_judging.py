"""tests: a customer's word on a decision: only on their own files, only while it means something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.contracts import InboundKind
from bot.decide import decide
from bot.decisions import AmendCase, Decision, JudgeCase
from bot.policy.situation import Situation
from bot.state import Field
from cases.contracts import Stage
from tests.bot.support.complaints import case_file
from tests.bot.support.policy import POLICY, keys, situation
from tests.bot.support.scripted import understood

NUMBER = "TS2611-000001"


def pressed(choice: str, stage: Stage = Stage.TOLD) -> Situation:
    """A press on a letter's button, with one file of the conversation at `stage`."""
    own = replace(case_file(NUMBER), stage=stage)
    return situation(kind=InboundKind.PRESS, choice=choice, cases=(own,))


def judged(decision: Decision) -> list[bool]:
    return [action.settled for action in decision.actions if isinstance(action, JudgeCase)]


@pytest.mark.parametrize("stage", [Stage.TOLD, Stage.FOLLOW_UP])
def test_a_yes_closes_the_file(stage: Stage) -> None:
    decision = decide(pressed(f"case:confirm:{NUMBER}", stage), POLICY)
    assert (judged(decision), keys(decision)) == ([True], ["bot.judge.confirmed"])


@pytest.mark.parametrize("stage", [Stage.TOLD, Stage.FOLLOW_UP, Stage.CLOSED])
def test_a_no_takes_it_up_again_and_what_is_said_next_goes_into_the_file(stage: Stage) -> None:
    decision = decide(pressed(f"case:object:{NUMBER}", stage), POLICY)
    assert (judged(decision), keys(decision)) == ([False], ["bot.judge.objected"])
    assert decision.state.form is not None
    assert decision.state.form.asking is Field.WHAT_HAPPENED
    more = "水管还是漏，换的新机也一样"
    said = decide(situation(more, understanding=understood(more), state=decision.state), POLICY)
    assert next(action.added for action in said.actions if isinstance(action, AmendCase)) == more
    assert said.state.form is None


def test_a_second_yes_changes_nothing_and_is_thanked_all_the_same() -> None:
    decision = decide(pressed(f"case:confirm:{NUMBER}", Stage.CLOSED), POLICY)
    assert (judged(decision), keys(decision)) == ([], ["bot.judge.confirmed"])


@pytest.mark.parametrize(
    ("choice", "stage"),
    [
        ("case:confirm:TS2611-000002", Stage.TOLD),
        ("case:object:TS2611-000002", Stage.TOLD),
        (f"case:confirm:{NUMBER}", Stage.WORKING),
        (f"case:object:{NUMBER}", Stage.WORKING),
        (f"case:delete:{NUMBER}", Stage.TOLD),
        ("case:confirm:", Stage.TOLD),
    ],
)
def test_a_button_of_somebody_elses_file_or_of_what_is_over_does_nothing(choice: str, stage: Stage) -> None:
    decision = decide(pressed(choice, stage), POLICY)
    assert (judged(decision), decision.rule) == ([], "press.gone")


def test_when_nobody_can_look_nothing_is_judged() -> None:
    decision = decide(replace(pressed(f"case:confirm:{NUMBER}"), cases=None), POLICY)
    assert (judged(decision), decision.rule) == ([], "judge.unavailable")
