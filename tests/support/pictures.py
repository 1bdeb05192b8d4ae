"""tests: a small picture that a browser can show."""

from __future__ import annotations

import io

from PIL import Image

WIDTH, HEIGHT = 40, 24


def picture() -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), (32, 144, 112)).save(out, "PNG")
    return out.getvalue()
