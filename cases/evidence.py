"""cases: what a file that somebody sends is, by its content, and what it may be called. Pure."""

from __future__ import annotations

import unicodedata

NAME_LIMIT = 80
UNFIT = frozenset('\\/:*?"<>|%;')
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
    (b"%PDF-", "application/pdf", "pdf"),
)
ENDING = {media_type: ending for _, media_type, ending in SIGNATURES} | {
    "image/webp": "webp",
    "video/mp4": "mp4",
}
FOURCC = 12
"""Bytes that name the container of WebP and MP4."""


def media_type_of(content: bytes) -> str | None:
    """The media type of a picture, paper or film that is taken; None for everything else."""
    for signature, media_type, _ in SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:FOURCC] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:FOURCC] in {b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  "}:
        return "video/mp4"
    return None


def file_name(name: str, media_type: str) -> str:
    """`name` made fit for a header and a disk, with the ending of what the file really is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable() and c not in UNFIT)
    stem = plain.rpartition(".")[0] or plain
    return f"{stem.strip(' .')[:NAME_LIMIT] or 'file'}.{ENDING[media_type]}"
