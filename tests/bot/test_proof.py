"""tests: a file that was opened elsewhere is shown to who proves that it is theirs, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.decide import decide
from bot.decisions import Decision
from bot.policy.status import MOST_PROOFS
from bot.state import DialogueState, Expects
from tests.bot.support.complaints import case_file
from tests.bot.support.desk import Parts
from tests.bot.support.policy import POLICY, keys, situation
from tests.bot.support.scripted import UNKNOWN, understood
from tests.bot.support.talk import Talk

NUMBER, PHONE = "TS2611-000001", "13800006620"


def asked(text: str, state: DialogueState | None = None, *, proven: bool = False, **entities: str) -> Decision:
    """The bot's word on a message of somebody who has no file in this conversation."""
    seen = situation(
        text,
        state=state or DialogueState(),
        understanding=understood(text, **entities),  # type: ignore[arg-type]
        result=UNKNOWN,
        cases=(),
        proven=case_file(NUMBER) if proven else None,
    )
    return decide(seen, POLICY)


def test_a_number_that_is_not_of_this_conversation_is_asked_for_proof_and_the_next_message_may_give_it() -> None:
    first = asked(NUMBER)
    assert (keys(first), first.state.expects, first.state.proof_for) == (
        ["bot.status.not_found"],
        Expects.PROOF,
        NUMBER,
    )
    shown = asked(PHONE, first.state, proven=True, phone=PHONE)
    assert shown.rule == "status.one"
    assert shown.state.expects is Expects.NOTHING


def test_wrong_proof_gets_the_words_of_a_number_that_does_not_exist_until_it_was_too_often() -> None:
    state = asked(NUMBER).state
    rules = []
    for _ in range(MOST_PROOFS):
        decision = asked(PHONE, state, phone=PHONE)
        rules.append(decision.rule)
        state = decision.state
    assert rules == ["status.not_found", "status.not_found", "status.not_proven"]
    again = asked(f"{NUMBER} {PHONE}", state, phone=PHONE)
    assert again.rule == "status.not_proven"


@pytest.mark.parametrize("text", ["好的", "没有", "yes", "是的"])
def test_a_yes_or_no_is_no_proof_and_calls_nobody(text: str) -> None:
    decision = asked(text, asked(NUMBER).state)
    assert decision.rule not in {"person.accepted", "status.one", "status.not_found"}


async def test_a_file_of_another_channel_is_shown_for_the_whole_telephone_number_only(parts: Parts) -> None:
    talk = Talk(parts=parts)
    other = replace(case_file(NUMBER), conversation_id="in-telegram", contact=PHONE)
    talk.cases.files[other.id] = other
    said = {
        "wrong": f"{NUMBER} 13900000000",
        "none": f"TS2611-999999 {PHONE}",
        "right": f"{NUMBER} {PHONE}",
    }
    for text in said.values():
        talk.understand.script[text] = understood(text, phone=text.rpartition(" ")[2])
    wrong, none, right = [(await talk.say(text))[0].text for text in said.values()]
    assert wrong.replace(NUMBER, "") == none.replace("TS2611-999999", "")
    assert "商品" not in wrong + none
    assert "已受理" in right
