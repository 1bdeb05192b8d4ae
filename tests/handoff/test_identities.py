"""tests: conversations of one signed identity are one customer's, and of two never."""

from __future__ import annotations

import asyncio

import pytest

from handoff.contracts import EVERYTHING, Proof
from handoff.identities import Identities
from handoff.refusals import IdentityDiffers
from tests.handoff.asking import LIN
from tests.handoff.house import House
from tests.support.identities import build_identities

ZHOU, LI = "10023", "li.mei@example.com"


@pytest.fixture
def identities(house: House) -> Identities:
    """Over the house's own store."""
    return build_identities(house.database, house.signals, house.clock, house.staff)


async def linked(house: House, conversation_id: str) -> list[tuple[Proof, str]]:
    record = await house.records.record(conversation_id, sight=EVERYTHING, in_full=False)
    return [(link.proof, link.reason) for link in record.links]


async def test_two_conversations_of_one_identity_are_joined_once(house: House, identities: Identities) -> None:
    here, there, third = [(await house.ask()).conversation_id for _ in range(3)]
    for conversation in (here, here, there, there, third):
        await identities.identify(conversation, ZHOU)
    for conversation in (here, there, third):
        assert await linked(house, conversation) == [(Proof.SIGNED, ZHOU)] * 2
    assert [record.action for record in house.staff.records].count("handoff.join") == 2
    assert {record.account_id for record in house.staff.records} == {None}


async def test_two_identities_are_two_customers_and_a_conversation_keeps_its_own(
    house: House, identities: Identities
) -> None:
    here, there = [(await house.ask()).conversation_id for _ in range(2)]
    await identities.identify(here, ZHOU)
    await identities.identify(there, LI)
    with pytest.raises(IdentityDiffers):
        await identities.identify(here, LI)
    assert await linked(house, here) == await linked(house, there) == []
    await identities.identify(here, ZHOU)


async def test_what_an_agent_joined_before_stays_joined(house: House, identities: Identities) -> None:
    here, there = [(await house.ask()).conversation_id for _ in range(2)]
    await house.records.join(here, there, "报出了订单号", sight=EVERYTHING, by=LIN)
    await identities.identify(there, ZHOU)
    await identities.identify(here, ZHOU)
    assert [proof for proof, _ in await linked(house, here)] == [Proof.CONFIRMED]


async def test_windows_that_identify_themselves_at_once_end_as_one_customer(
    house: House, identities: Identities
) -> None:
    conversations = [(await house.ask()).conversation_id for _ in range(4)]
    await asyncio.gather(*(identities.identify(each, ZHOU) for each in conversations))
    # Whoever lost a race is settled by the next hello.
    for each in conversations:
        await identities.identify(each, ZHOU)
    assert await linked(house, conversations[0]) == [(Proof.SIGNED, ZHOU)] * 3
