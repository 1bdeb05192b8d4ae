"""tests: tags of conversations."""

from __future__ import annotations

import pytest

from handoff.refusals import NotHandedOver, TitleNeeded, TooLong, TooManyTags
from handoff.tagging import MOST, clean_tag
from tests.handoff.house import House


@pytest.mark.parametrize(("typed", "kept"), [(" #退款 ", "退款"), ("ＶＩＰ  客户", "vip 客户"), ("Fragile", "fragile")])
def test_the_same_tag_is_stored_in_one_form(typed: str, kept: str) -> None:
    assert clean_tag(typed) == kept


@pytest.mark.parametrize(("typed", "refusal"), [(" # ", TitleNeeded), ("很长" * 11, TooLong)])
def test_what_is_no_tag_is_refused(typed: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        clean_tag(typed)


async def test_tags_stay_with_the_conversation_and_the_most_used_come_first(house: House) -> None:
    first, second = await house.ask(), await house.ask()
    for where, tag in ((first, "发票"), (first, "#退款"), (first, "退款"), (second, "退款")):
        await house.tagging.add(where.conversation_id, tag)
    both = [first.conversation_id, second.conversation_id, "nobody"]
    assert await house.tagging.of(both) == {both[0]: ("发票", "退款"), both[1]: ("退款",)}
    assert await house.tagging.known() == ("退款", "发票")
    await house.tagging.remove(both[0], "退款")
    await house.tagging.remove(both[0], "退款")
    assert await house.tagging.of(both[:1]) == {both[0]: ("发票",)}


async def test_one_too_many_and_one_on_a_conversation_that_is_not_the_desks_are_refused(small_house: House) -> None:
    where = (await small_house.ask()).conversation_id
    for number in range(MOST):
        await small_house.tagging.add(where, f"t{number}")
    await small_house.tagging.add(where, "t0")
    with pytest.raises(TooManyTags):
        await small_house.tagging.add(where, "another")
    assert len((await small_house.tagging.of([where]))[where]) == MOST
    with pytest.raises(NotHandedOver):
        await small_house.tagging.add("private", "退款")
