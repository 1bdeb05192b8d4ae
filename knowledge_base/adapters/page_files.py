"""knowledge_base: reads and writes packages of pages: Markdown with front matter, a help centre's HTML, DOCX."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import mammoth

from kit.files import SentFile
from kit.markdown import IMAGE_PATH
from kit.refusals import Refusal
from knowledge_base.adapters.decoding import decode
from knowledge_base.adapters.packages import check_document, pack, unpack
from knowledge_base.attached_files import LIMIT_MIB, attachment_of, check_attachment
from knowledge_base.exchange.attached import attachments_in
from knowledge_base.exchange.front_matter import markdown_of_row, page_of_markdown
from knowledge_base.exchange.help_pages import pages_of_html
from knowledge_base.exchange.pages import PICTURE, Page, table_of_pages
from knowledge_base.exchange.tables import CELL_LIMIT, ROW_LIMIT, FileKind, Table
from knowledge_base.refusals import AttachmentRefused, CellTooLong, FileDamaged, NoRows, TooManyRows, UnknownFileKind

MARKDOWN = (".md", ".markdown")
HTML = (".html", ".htm")
PICTURES = "images"
"""Folder of an export's pictures."""
ATTACHMENTS = "files"
"""Folder of an export's attachments, each in one that is called after its id."""

_SHOWN = re.compile(r"(!\[[^\]\n]*\]\()([^)\s]+)")
_DATA = re.compile(r"data:image/[a-z+.-]+;base64,(.+)", re.DOTALL)
_STORED = re.compile(re.escape(IMAGE_PATH) + r"([0-9a-f]{64}\.(?:png|jpeg))")


class Reading:
    """The files of one package, and the pictures that its pages name."""

    def __init__(self, files: Mapping[str, bytes], encoding: str) -> None:
        self._files, self._encoding, self.names = files, encoding, tuple(files)
        self.pictures: dict[str, bytes] = {}
        self.attachments: dict[str, SentFile] = {}
        self.encodings: dict[str, None] = {}

    def text(self, name: str) -> str:
        """The text of a file."""
        text, used = decode(self._files[name], self._encoding)
        self.encodings[used.removesuffix("-sig")] = None
        return text

    def find_picture(self, page: str, source: str) -> str:
        """What an answer shall name in the place of `source`; empty: nothing can be shown."""
        if data := _DATA.fullmatch(source):
            try:
                return self.keep(base64.b64decode(data.group(1)))
            except (binascii.Error, ValueError):
                return ""
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(source)))
        if place in self._files:
            return self.keep(self._files[place])
        return source if source.startswith(("https://", "http://", IMAGE_PATH)) else ""

    def find_attachments(self, page: str, cell: str) -> str:
        """The files that a page names, one a line, as an article names them; those not in the package as they are."""
        return "\n".join(self._find_attachment(page, line.strip()) for line in cell.split("\n") if line.strip())

    def _find_attachment(self, page: str, source: str) -> str:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page), source))
        if place not in self._files:
            return source
        try:
            file = check_attachment(posixpath.basename(place), self._files[place])
        except Refusal as refused:
            raise AttachmentRefused(field="file", where=place, limit=LIMIT_MIB) from refused
        attachment = attachment_of(file)
        self.attachments[attachment.id] = file
        return attachment.line

    def keep(self, content: bytes) -> str:
        """Take a picture along; how an answer names it."""
        name = hashlib.sha256(content).hexdigest()
        self.pictures[name] = content
        return PICTURE + name


def read_pages(content: bytes, name: str, kind: FileKind, *, encoding: str = "") -> Table:
    """The articles of a package, a page or a document. Blocking.

    Raises `FileUnpacksTooLarge`, `PathRefused`, `PageDamaged`, `PagesDisagree`, `FileDamaged`, `UnknownEncoding`,
    `UnknownFileKind`, `TooManyRows`, `CellTooLong`, `NoRows`, `AttachmentRefused`.
    """
    packed = content.startswith(b"PK\x03\x04")
    reading = Reading(unpack(content) if packed and kind is not FileKind.DOCX else {name: content}, encoding)
    if kind is FileKind.DOCX:
        pages = _pages_of_document(content, name, reading)
    else:
        names = [each for each in reading.names if each.lower().endswith((*MARKDOWN, *HTML))]
        if not names:
            raise UnknownFileKind(field="file")
        pages = [page for each in names for page in _pages_of(each, reading, alone=len(names) == 1)]
    headings, rows = table_of_pages(pages)
    if not rows:
        raise NoRows(field="file")
    if len(rows) > ROW_LIMIT:
        raise TooManyRows(field="file", limit=ROW_LIMIT)
    for row in rows:
        if any(len(cell or "") > CELL_LIMIT for cell in row.cells):
            raise CellTooLong(field="file", where=row.name, limit=CELL_LIMIT)
    used = next((each for each in reading.encodings if each != "utf-8"), next(iter(reading.encodings), ""))
    return Table(
        kind=kind,
        encoding=used,
        headings=headings,
        rows=tuple(rows),
        pictures=reading.pictures,
        attachments=reading.attachments,
    )


def write_markdown(
    rows: Sequence[Mapping[str, str]], pictures: Mapping[str, bytes], attachments: Mapping[str, bytes]
) -> bytes:
    """The package of these rows; `pictures` by the last part of their address, `attachments` by id. Blocking."""
    files: dict[str, bytes] = {}
    for row in rows:
        beside = {field: _attached(cell, attachments, files) for field, cell in row.items() if _names_files(field)}
        for name, text in markdown_of_row({**row, **beside}).items():
            files[name] = _STORED.sub(lambda found: _beside(found, pictures), text).encode()
    files |= {f"{PICTURES}/{name}": content for name, content in pictures.items()}
    return pack(files)


def _names_files(field: str) -> bool:
    return field.endswith(".attachments")


def _attached(cell: str, attachments: Mapping[str, bytes], files: dict[str, bytes]) -> str:
    """The cell with the attachments' places in the package, where they are put."""
    lines = []
    for each in attachments_in(cell)[0]:
        place = f"{ATTACHMENTS}/{each.id}/{each.name}"
        if each.id in attachments:
            files[place] = attachments[each.id]
        lines.append(f"../{place}" if each.id in attachments else each.line)
    return "\n".join(lines)


def pictures_named(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The last parts of the addresses of all pictures that these rows' answers show."""
    found = (each for row in rows for cell in row.values() for each in _STORED.findall(cell))
    return list(dict.fromkeys(found))


def _beside(found: re.Match[str], pictures: Mapping[str, bytes]) -> str:
    name = found.group(1)
    return f"../{PICTURES}/{name}" if name in pictures else found.group()


def _pages_of(name: str, reading: Reading, *, alone: bool) -> list[Page]:
    if PurePosixPath(name).suffix.lower() in HTML:
        return pages_of_html(name, reading.text(name), alone=alone, find_picture=reading.find_picture)

    def shown(found: re.Match[str]) -> str:
        return found.group(1) + (reading.find_picture(name, found.group(2)) or found.group(2))

    page = page_of_markdown(name, _SHOWN.sub(shown, reading.text(name)))
    if attached := page.cells.get("attachments"):
        page = replace(page, cells={**page.cells, "attachments": reading.find_attachments(name, attached)})
    return [page]


def _pages_of_document(content: bytes, name: str, reading: Reading) -> list[Page]:
    check_document(content)

    def picture(image: Any) -> dict[str, str]:
        with image.open() as opened:
            return {"src": reading.keep(opened.read())}

    try:
        done = mammoth.convert_to_html(
            io.BytesIO(content), convert_image=mammoth.images.img_element(picture), external_file_access=False
        )
    except Exception as error:  # mammoth names no faults of its own: whatever breaks is the document
        raise FileDamaged(field="file", where=1) from error
    return pages_of_html(name, done.value, alone=True, find_picture=_as_kept)


def _as_kept(_page: str, source: str) -> str:
    return source if source.startswith((PICTURE, "https://", "http://")) else ""
