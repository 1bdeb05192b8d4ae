"""knowledge_base: looks into packed files without believing what they say of themselves."""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree

from knowledge_base.exchange.tables import PAGE_LIMIT, UNPACKED_LIMIT
from knowledge_base.refusals import FileDamaged, FileUnpacksTooLarge, PathRefused, TooManyRows

NAMES_IN_UTF_8 = 0x800
LOCKED = 0x1
OWN_TIME = (2000, 1, 1, 0, 0, 0)
"""Of every file that is written: the same articles make the same package."""
DAMAGES = (
    zipfile.BadZipFile,  # no package, or one whose parts contradict each other
    RuntimeError,  # locked, or packed in a way Python does not know (NotImplementedError)
    ValueError,  # a part that lies outside the file, a name that is not the UTF-8 it claims to be
    IndexError,  # a part without a name
    EOFError,  # a part that ends too soon
    zlib.error,  # wrong bits in a deflated part,
    OSError,  # in a part packed by bzip2,
    lzma.LZMAError,  # by LZMA
)
"""What reading a damaged package raises."""
BROKEN_XML = (
    ParseError,
    LookupError,  # an encoding that nobody knows
)
"""What reading its parts as XML raises beside that; a document type, and with it entities, is a ValueError."""


def check_size(content: bytes) -> None:
    """Refuse a package that unfolds too far. Reading stops at the stated sizes, so these may be summed.

    Raises `FileUnpacksTooLarge`, `zipfile.BadZipFile`.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > UNPACKED_LIMIT:
            raise FileUnpacksTooLarge(field="file", limit=UNPACKED_LIMIT // (1024 * 1024))


def unpack(content: bytes) -> dict[str, bytes]:
    """Every file of a package by its name, in their order; what systems leave in packages is left out. Blocking.

    Raises `FileUnpacksTooLarge`, `PathRefused`, `TooManyRows`, `FileDamaged`.
    """
    files: dict[str, bytes] = {}
    try:
        check_size(content)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if len(entries) > PAGE_LIMIT:
                raise TooManyRows(field="file", limit=PAGE_LIMIT)
            for entry in entries:
                name = _name_of(entry)
                _check_path(entry, name)
                if not _is_litter(name):
                    files[name] = packed.read(entry)
    except DAMAGES as error:
        raise FileDamaged(field="file", where=1) from error
    return dict(sorted(files.items()))


def pack(files: Mapping[str, bytes]) -> bytes:
    """A package of these files. Blocking."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, OWN_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def check_document(content: bytes) -> None:
    """Refuse a document that unfolds too far, or whose XML has a document type: entities grow from there.

    Raises `FileUnpacksTooLarge`, `FileDamaged`.
    """
    try:
        check_size(content)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for entry in packed.infolist():
                if entry.filename.lower().endswith((".xml", ".rels")):
                    with packed.open(entry) as part:
                        for _, element in ElementTree.iterparse(part, forbid_dtd=True):
                            element.clear()
    except (*DAMAGES, *BROKEN_XML) as error:
        raise FileDamaged(field="file", where=1) from error


def _name_of(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & NAMES_IN_UTF_8:
        return entry.filename
    # Chinese Windows writes names in its own encoding and does not say so.
    raw = entry.filename.encode("cp437", "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _check_path(entry: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or PureWindowsPath(name).drive
    if outside or stat.S_ISLNK(entry.external_attr >> 16):
        raise PathRefused(field="file", where=name[:120])
    if entry.flag_bits & LOCKED:
        raise FileDamaged(field="file", where=1)


def _is_litter(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
