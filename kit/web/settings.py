"""kit: what an operator may set about the web side."""

from __future__ import annotations

from pydantic import Field

from kit.contracts import Language
from kit.settings import Settings


class WebSettings(Settings):
    """Section `web` of config.yml."""

    host: str = Field("127.0.0.1", description="Address the web process listens on; 0.0.0.0 for every network.")
    port: int = Field(8080, ge=1, le=65535, description="Port the web process listens on.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Address people use, such as https://help.example.com; empty: the one in the browser's request.",
    )
    language: Language = Field(
        Language.ZH, description="Language of pages for browsers that ask for neither Chinese nor English: zh or en."
    )
    body_limit_kib: int = Field(1024, ge=16, le=65536, description="Largest request body, in KiB.")
