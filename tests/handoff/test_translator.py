"""tests: the translator behind the console, against a server that speaks LibreTranslate's interface."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.adapters.translator import LibreTranslate
from handoff.refusals import TranslatorAway
from handoff.settings import TranslatorSettings
from kit.contracts import Language
from tests.support.serving import serving


def service(answer: Response, asked: list[object]) -> Starlette:
    """A translator that notes what it is asked and always answers the same."""

    async def translate(request: Request) -> Response:
        asked.append(await request.json())
        return answer

    return Starlette(routes=[Route("/translate", translate, methods=["POST"])])


async def test_words_are_sent_as_they_are_and_come_back_in_the_readers_language() -> None:
    asked: list[object] = []
    async with serving(service(JSONResponse({"translatedText": "发票开错了"}), asked)) as url:
        translator = LibreTranslate(TranslatorSettings(url=f"{url}/"), key="k")
        try:
            assert await translator.translate("The invoice is wrong", Language.ZH) == "发票开错了"
        finally:
            await translator.close()
    assert asked == [{"q": "The invoice is wrong", "source": "auto", "target": "zh", "format": "text", "api_key": "k"}]


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"error": "slow down"}, status_code=429),
        JSONResponse({"translatedText": ""}),
        JSONResponse(["?"]),
        Response("<html>"),
    ],
)
async def test_whatever_is_no_translation_is_a_refusal_and_nothing_else(answer: Response) -> None:
    async with serving(service(answer, [])) as url:
        translator = LibreTranslate(TranslatorSettings(url=url))
        try:
            with pytest.raises(TranslatorAway):
                await translator.translate("hello", Language.ZH)
        finally:
            await translator.close()


async def test_a_translator_that_is_not_there_is_a_refusal() -> None:
    translator = LibreTranslate(TranslatorSettings(url="http://127.0.0.1:9"))
    try:
        with pytest.raises(TranslatorAway):
            await translator.translate("hello", Language.ZH)
    finally:
        await translator.close()
