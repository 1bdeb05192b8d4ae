"""tests: what the person at the terminal reads."""

from __future__ import annotations

import pytest

from bot.run.part import Happening, PartNews
from bot.run.program import PartState, PartStatus
from bot.run.voice import Voice, terminal_language
from kit.contracts import Language
from kit.texts import Texts


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, Language.EN),
        ({"LC_ALL": "", "LANG": "ZH_TW"}, Language.ZH),
        ({"LANG": "C.UTF-8"}, Language.EN),
        ({}, Language.EN),
    ],
)
def test_the_terminal_s_language_is_followed(environment: dict[str, str], language: Language) -> None:
    assert terminal_language(environment) is language


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("happening", list(Happening))
@pytest.mark.parametrize("part", ["web", "worker", "valkey", "rasa"])
def test_every_happening_to_every_part_is_one_line(
    texts: Texts, language: Language, happening: Happening, part: str
) -> None:
    lines: list[str] = []
    voice = Voice(texts, language, out=lines.append)
    slots: dict[str, str | int] = {"seconds": 3, "signal": 9, "status": 1, "log": "web.log", "fault": "no memory"}
    if happening is Happening.ABSENT:
        slots |= {"reason": "no_rasa"}
    voice.tell(PartNews(status=PartStatus(name=part, state=PartState.DOWN), happening=happening, slots=slots))
    [line] = lines
    assert "{" not in line
    assert "\n" not in line
    assert texts(f"run.name.{part}", language) in line


@pytest.mark.parametrize("language", list(Language))
def test_the_banner_tells_address_and_sign_in_in_both_languages(texts: Texts, language: Language) -> None:
    said: list[str] = []
    Voice(texts, language, out=said.append).banner("http://127.0.0.1:8080", sign_in=("admin", "Xy7-pq"))
    [banner] = said
    for part in ("http://127.0.0.1:8080/desk", "Ready at", "已就绪", "password Xy7-pq", "密码 Xy7-pq"):
        assert part in banner


def test_the_banner_of_a_later_start_holds_no_password(texts: Texts) -> None:
    said: list[str] = []
    Voice(texts, Language.EN, out=said.append).banner("http://127.0.0.1:8080", sign_in=None)
    assert "First sign-in" not in said[0]
