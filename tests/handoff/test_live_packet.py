"""tests: the context packet goes on while a person holds the conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handoff.adapters.rows import packet_of, packet_to_json
from handoff.contracts import HeardLater, LaterWish, Outcome
from handoff.live_packet import MOODS, WISHES, with_heard
from kit.contracts import Language
from tests.handoff.asking import MEI, a_packet
from tests.handoff.house import House
from tests.support.clock import START


def wish(line: str, at: datetime = START) -> LaterWish:
    return LaterWish(at=at, line=line, intent="exchange_request", intent_confidence=0.9)


def test_what_is_heard_later_joins_the_packet_once() -> None:
    heard = HeardLater(
        language=Language.EN, entities=(("order_number", "CJ1"),), mood="angry", wish=wish("Rather an exchange, please")
    )
    once = with_heard(replace(a_packet(), moods=()), heard, at=START)
    assert once.language is Language.EN
    assert ("order_number", "CJ1") in once.entities
    assert once.moods == ((START, "angry"),)
    assert once.later == (wish("Rather an exchange, please"),)
    assert with_heard(once, heard, at=START + timedelta(minutes=1)) == once
    assert packet_of(packet_to_json(once)) == once


def test_the_newest_wishes_and_moods_are_kept() -> None:
    packet = replace(a_packet(), moods=())
    for number in range(20):
        heard = HeardLater(language=Language.ZH, mood=f"mood {number % 2}", wish=wish(f"wish {number}"))
        packet = with_heard(packet, heard, at=START + timedelta(minutes=number))
    assert [one.line for one in packet.later] == [f"wish {number}" for number in range(20 - WISHES, 20)]
    assert len(packet.moods) == MOODS
    assert packet.moods[-1] == (START + timedelta(minutes=19), "mood 1")


async def test_only_a_conversation_that_somebody_holds_hears_more(house: House) -> None:
    heard = HeardLater(language=Language.ZH, entities=(("product", "S11"),))
    held = await house.claimed(MEI)

    async def hear() -> bool:
        return await house.database.write(lambda tx: house.desk.hear(tx, held.conversation_id, heard, at=house.clock()))

    version = await house.agents.version()
    assert await hear()
    assert ("product", "S11") in (await house.agents.load(held.id)).packet.entities
    assert not await hear(), "nothing new"
    assert await house.agents.version() == version, "no list looks different"
    await house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED)
    assert not await hear(), "nobody holds it"
