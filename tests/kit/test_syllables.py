"""kit: sounds of characters, syllables of letters."""

from __future__ import annotations

import pytest

from kit.syllables import sounds_of, syllables_in


@pytest.mark.parametrize(
    ("character", "sounds"), [("票", ("piao",)), ("还", ("hai", "huan")), ("绿", ("lv", "lu")), ("a", ()), ("?", ())]
)
def test_a_character_has_its_usual_readings(character: str, sounds: tuple[str, ...]) -> None:
    assert sounds_of(character) == sounds


@pytest.mark.parametrize(
    ("letters", "count"),
    [
        ("tuikuan", 2),
        ("xian", 1),
        ("zhuangji", 2),
        ("lv", 1),
        ("change", 2),
        ("order", 0),
        ("the", 0),
        ("ng", 0),
        ("", 0),
    ],
)
def test_letters_spell_syllables_or_none(letters: str, count: int) -> None:
    assert syllables_in(letters) == count
