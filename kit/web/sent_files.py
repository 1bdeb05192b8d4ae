"""kit: a file that somebody sent, given out again: never run, never shown as a page of ours."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response

from kit.files import PICTURES, SentFile


def sent_file(file: SentFile, *, shown: bool = False) -> Response:
    """A download; with `shown`, a picture may also stand in a page of ours."""
    where = "inline" if shown and file.media_type in PICTURES else "attachment"
    headers = {
        "Content-Disposition": f"{where}; filename*=UTF-8''{quote(file.name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
