"""nlu: slang becomes the plain word, once and for all."""

from __future__ import annotations

import pytest
import yaml

from nlu.normalise import fold
from nlu.slang import WORDS, replace_slang

TABLE: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["words"]


@pytest.mark.parametrize(("slang", "plain"), TABLE.items())
def test_every_slang_word_folds_like_its_plain_word(slang: str, plain: str) -> None:
    assert fold(f"这个{slang}了") == fold(f"这个{plain}了")


@pytest.mark.parametrize("plain", TABLE.values())
def test_a_plain_word_holds_no_slang(plain: str) -> None:
    assert replace_slang(plain) == plain


def test_the_longest_word_is_replaced_first() -> None:
    assert replace_slang("肿么办，木有发票票") == "怎么办，没有发发票"
