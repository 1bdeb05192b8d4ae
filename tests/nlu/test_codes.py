"""nlu: models and error codes in a text."""

from __future__ import annotations

import pytest

from nlu.codes import is_code, names_code, without_codes


@pytest.mark.parametrize("word", ["e1", "V8", "ro-600", "J5Pro", "ps5"])
def test_letters_before_digits_are_a_code(word: str) -> None:
    assert is_code(word)


@pytest.mark.parametrize("word", ["10kg", "299", "65", "m2", "filter", "4k", "三匹"])
def test_numbers_units_and_words_are_none(word: str) -> None:
    assert not is_code(word)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("洗衣机显示E1怎么办", "洗衣机显示怎么办"),
        ("the RO-600 or the RO-1000", "the  or the "),
        ("满299包邮吗，20m2的房间", "满299包邮吗，20m2的房间"),
    ],
)
def test_codes_are_found_in_a_text_of_either_script(text: str, rest: str) -> None:
    assert without_codes(text) == rest
    assert names_code(text) == (rest != text)
