"""knowledge_base: what may be attached to an article, and what it is called. Pure."""

from __future__ import annotations

import hashlib

from kit.files import SentFile, check_file
from knowledge_base.contracts import Attachment

LIMIT_MIB = 10
"""Of one file; as much as a conversation takes at first."""


def check_attachment(name: str, content: bytes) -> SentFile:
    """The file as it is kept. Raises `FileTooLarge`, `FileUnknown`."""
    return check_file(name, content, limit_mib=LIMIT_MIB)


def id_of(content: bytes) -> str:
    """The id of a file."""
    return hashlib.sha256(content).hexdigest()


def attachment_of(file: SentFile) -> Attachment:
    """How an article names `file`."""
    return Attachment(id=id_of(file.content), name=file.name)
