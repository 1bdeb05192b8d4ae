"""handoff: a translator over LibreTranslate's interface (`POST /translate`); `close` it."""

from __future__ import annotations

import aiohttp

from handoff.refusals import TranslatorAway
from handoff.settings import TranslatorSettings
from kit.contracts import Language

OK = 200


class LibreTranslate:
    """Fits `handoff.ports.Translates`."""

    def __init__(self, settings: TranslatorSettings, *, key: str = "") -> None:
        self._settings, self._key = settings, key
        self._session: aiohttp.ClientSession | None = None

    async def translate(self, text: str, to: Language) -> str:
        """`text` in the language `to`. Raises `TranslatorAway`."""
        asked = {"q": text, "source": "auto", "target": to.value, "format": "text"}
        if self._key:
            asked["api_key"] = self._key
        try:
            async with self._open().post(f"{self._settings.url}/translate", json=asked) as response:
                answer = await response.json(content_type=None) if response.status == OK else None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise TranslatorAway from error
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, str) or not translated:
            raise TranslatorAway
        return translated

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._settings.seconds)
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=False)
        return self._session
