"""kit: what a file that somebody sends is, by its content, what it may be called, and whether it is taken. Pure.

The one check for everything people send each other: files in a conversation and evidence of a case.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from kit.contracts import JsonValue
from kit.refusals import FileTooLarge, FileUnknown

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
BY_ENDING = {ending: media_type for media_type, ending in ENDING.items()}
FOURCC = 12
"""Bytes that name the container of WebP and MP4."""
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show as it is: no kind that can hold a script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that was looked at and may be kept."""

    name: str
    media_type: str
    """By its content, never by its name."""
    content: bytes

    @property
    def facts(self) -> dict[str, JsonValue]:
        """What people see of it before they open it."""
        kind = "photo" if self.media_type in PICTURES else "document"
        return {"name": self.name, "kind": kind, "media_type": self.media_type, "size": len(self.content)}


def check_file(name: str, content: bytes, *, limit_mib: int) -> SentFile:
    """The file as it is kept. Raises FileTooLarge, FileUnknown."""
    if len(content) > limit_mib * 1024 * 1024:
        raise FileTooLarge(field="file", limit=limit_mib)
    media_type = media_type_of(content)
    if media_type is None:
        raise FileUnknown(field="file")
    return SentFile(name=file_name(name, media_type), media_type=media_type, content=content)


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


def media_type_of_name(name: str) -> str | None:
    """What a file that was kept under `name` is: its ending says so."""
    return BY_ENDING.get(name.rpartition(".")[2])


def file_name(name: str, media_type: str) -> str:
    """`name` made fit for a header and a disk, with the ending of what the file really is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable() and c not in UNFIT)
    stem = plain.rpartition(".")[0] or plain
    return f"{stem.strip(' .')[:NAME_LIMIT] or 'file'}.{ENDING[media_type]}"
