"""tests: the context packet says all a colleague needs, in the customer's words, once."""

from __future__ import annotations

from dataclasses import replace

from bot.contracts import TurnExit, TurnRecord
from bot.packet import Background, build_packet
from bot.state import DialogueState
from bot.why import why_of
from cases.contracts import CaseStatus
from handoff.contracts import Attempt
from kit.contracts import Language
from nlu.contracts import Scored
from tests.bot.support.complaints import case_file
from tests.bot.support.policy import pressed, situation
from tests.bot.support.scripted import complaint, understood
from tests.support.clock import START


def turn(number: int, rule: str, question: str, **changes: object) -> TurnRecord:
    """A record of an earlier turn."""
    record = TurnRecord(
        id=f"turn-{number}",
        conversation_id="c",
        seq=number,
        reply_seq=number,
        at=START,
        exit=TurnExit.ANSWERED,
        decision="answer",
        rule=rule,
        language=Language.ZH,
        intent="return_request",
        intent_confidence=0.8,
        entities=(("product", "洗衣机"),),
        article_id="id",
        article_title="怎么退货",
        confidence=0.6,
        helped=None,
        why={"question": question},
        faults=(),
        milliseconds=1.0,
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def test_the_packet_tells_what_is_wanted_what_was_tried_and_what_was_given() -> None:
    turns = (
        turn(1, "answering.sure", "怎么退货", helped=False),
        turn(2, "answering.unknown", "送到火星", article_title=None, confidence=0.1),
        turn(3, "greeting.thanks", "谢谢"),
    )
    case = replace(
        case_file(), what_happened="洗衣机\n坏了", order_number="CJ2611-088213", wanted="退款", words=("坏了",)
    )
    heard = understood("转人工", intent="talk_to_person", wants_person=True, phone="13800138000")
    packet = build_packet(situation("转人工", understanding=heard), Background(turns=turns, cases=(case,)))
    assert packet.want == "洗衣机 坏了"
    assert (packet.intent, packet.intent_confidence) == ("return_request", 0.8)
    assert packet.entities == (("product", "洗衣机"), ("phone", "13800138000"))
    assert packet.given == (("order_number", "CJ2611-088213"), ("wanted", "退款"))
    assert packet.complaint is not None
    assert (packet.complaint.number, packet.complaint.words) == ("TS2611-000001", ("坏了",))
    assert packet.attempts == (
        Attempt(question="怎么退货", decision="answer", title="怎么退货", confidence=0.6, helped=False),
        Attempt(question="送到火星", decision="unknown", title=None, confidence=0.1, helped=None),
    )


def test_without_a_complaint_the_last_question_is_what_is_wanted() -> None:
    state = DialogueState(question="怎么退货", order_number="CJ2611-000001")
    packet = build_packet(pressed("human", state=state), Background())
    assert (packet.want, packet.complaint, packet.given) == ("怎么退货", None, (("order_number", "CJ2611-000001"),))
    assert (packet.intent, packet.intent_confidence) == ("unknown", 0.0)


def test_long_words_are_cut_to_one_line_and_a_withdrawn_file_is_an_earlier_contact() -> None:
    gone = replace(case_file(), status=CaseStatus.WITHDRAWN, what_happened="坏了" * 200)
    packet = build_packet(situation("好" * 500, understanding=understood("x")), Background(cases=(gone,)))
    assert len(packet.want) == 140
    assert packet.complaint is None
    [earlier] = packet.earlier
    assert (earlier.kind, earlier.summary[:13]) == ("case", "TS2611-000001")
    assert "\n" not in earlier.summary


def test_the_packet_tells_what_else_a_complaint_says_with_the_words_that_said_so() -> None:
    read = replace(
        complaint(),
        categories=(Scored(name="delivery", confidence=0.6), Scored(name="other", confidence=0.3, words=("拖",))),
        wants=(Scored(name="refund", confidence=0.8, words=("退钱",)),),
        mood=Scored(name="angry", confidence=0.7, words=("到底",)),
    )
    told = situation("拖到现在 到底退不退钱", understanding=understood("x", complaint=read))
    now = build_packet(told, Background(cases=(case_file(),))).complaint
    assert now is not None
    assert [(h.aspect, h.name, h.words) for h in now.heard] == [
        ("also", "other", ("拖",)),
        ("wants", "refund", ("退钱",)),
        ("mood", "angry", ("到底",)),
    ]
    # A later message that is no complaint: the record of the turn that was one says the same.
    turns = (turn(1, "complaint.opened", "拖", why=why_of(told)), turn(2, "greeting.thanks", "谢谢"))
    asked = situation("转人工", understanding=understood("转人工", intent="talk_to_person", wants_person=True))
    later = build_packet(asked, Background(turns=turns, cases=(case_file(),))).complaint
    assert later is not None
    assert later.heard == now.heard
