"""tests: a customer's word on a decision: only on their own files, only while it means something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.contracts import InboundKind, Owner
from bot.decide import decide
from bot.decisions import AmendCase, Decision, JudgeCase
from bot.policy.situation import Situation
from bot.state import Field
from cases.contracts import Stage
from tests.bot.support.complaints import case_file
from tests.bot.support.desk import Parts
from tests.bot.support.policy import POLICY, keys, situation
from tests.bot.support.scripted import understood
from tests.bot.support.talk import Talk

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


@pytest.mark.parametrize(("choice", "settled"), [("confirm", [True]), ("object", [False])])
def test_the_word_counts_while_a_colleague_speaks_and_the_bot_says_nothing(choice: str, settled: list[bool]) -> None:
    decision = decide(replace(pressed(f"case:{choice}:{NUMBER}"), owner=Owner.AGENT), POLICY)
    assert (judged(decision), keys(decision), decision.state.form) == (settled, [], None)


@pytest.mark.parametrize("choice", ["human", "case:new", "case:confirm:TS2611-000002", "helped:yes"])
def test_other_buttons_are_the_colleagues_business(choice: str) -> None:
    decision = decide(replace(pressed(choice), owner=Owner.AGENT), POLICY)
    assert decision.name == "silence"


async def test_a_press_to_a_colleague_is_carried_out_and_dealt_with(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    await talk.say("你好")
    case = replace(case_file(NUMBER), conversation_id=talk.conversation_id, stage=Stage.TOLD)
    talk.cases.files[case.id] = case
    store, at = sqlite_parts.store, sqlite_parts.clock()
    await sqlite_parts.database.write(
        lambda tx: store.set_owner(tx, talk.conversation_id, owner=Owner.AGENT, agent_id="a", at=at)
    )
    assert await talk.press(f"case:confirm:{NUMBER}") == []
    assert talk.cases.files[case.id].stage is Stage.CLOSED
    assert not await talk.is_due()
