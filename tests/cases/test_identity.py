"""tests: who may hear of a file that was opened elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.identity import proves
from tests.bot.support.complaints import case_file
from tests.cases.support import Files, a_complaint

ON_FILE = replace(case_file(), contact="138 0000 6620，或 Ann.Zhou@example.com", order_number="CJ2611-088213")


@pytest.mark.parametrize(
    "known",
    [
        "13800006620",
        "138-0000-6620",
        "１３８００００６６２０",
        "+86 138 0000 6620",
        "ann.zhou@example.com",
        "CJ2611-088213",
        "cj2611088213",
    ],
)
def test_whoever_knows_what_stands_on_the_file_has_proved_it(known: str) -> None:
    assert proves(ON_FILE, [known])


@pytest.mark.parametrize(
    "known",
    ["", "6620", "0000 6620", "13800006621", "ann.zhou@example.org", "zhou@example.com", "088213", "CJ2611", "@"],
)
def test_a_part_of_it_or_something_like_it_proves_nothing(known: str) -> None:
    assert not proves(ON_FILE, [known])


def test_a_file_on_which_nothing_stands_is_proved_by_nothing() -> None:
    bare = replace(ON_FILE, contact=None, order_number=None)
    assert not any(proves(bare, [known]) for known in ("", "13800006620", "None"))


async def test_somebody_elses_number_gives_exactly_what_no_number_gives(files: Files) -> None:
    case = await files.open(a_complaint("a", contact="13800006620"))
    found = await files.cases.proven(case.number, ["13800006620"])
    assert found is not None
    assert found.id == case.id
    assert await files.cases.proven(case.number, ["13900000000"]) is None
    assert await files.cases.proven("TS2611-999999", ["13800006620"]) is None
    assert await files.cases.proven(case.number, []) is None
