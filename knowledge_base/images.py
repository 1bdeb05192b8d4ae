"""knowledge_base: pictures in answers. What is kept is never what was sent, but the picture drawn anew from it.

Drawing anew leaves out everything that is no picture: places and names in its metadata, scripts, hidden files.
"""

from __future__ import annotations

import asyncio
import hashlib

from kit.contracts import Clock, Transactions
from kit.refusals import NotAllowed, NotFound
from knowledge_base.drawings import StoredImage
from knowledge_base.editing import WRITERS
from knowledge_base.ports import ImageDrawer, ImageStore
from staff.contracts import Person

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes of a file that is taken."""
PIXEL_LIMIT = 40_000_000
"""Pixels of a picture that is opened at all: a small file can unfold into gigabytes."""
LONGEST_SIDE = 1600
"""Larger pictures are made smaller; no chat window shows more."""


class Images:
    """Takes pictures from editors and gives them to everybody."""

    def __init__(self, *, store: ImageStore, draw: ImageDrawer, transactions: Transactions, clock: Clock) -> None:
        self._store, self._draw, self._transactions, self._clock = store, draw, transactions, clock

    async def add(self, by: Person, content: bytes) -> StoredImage:
        """Keep a picture; the same one twice is kept once. Raises what is wrong with it, as `ImageDrawer` does."""
        if not by.may(*WRITERS):
            raise NotAllowed
        drawing = await asyncio.to_thread(
            self._draw, content, size_limit=SIZE_LIMIT, pixel_limit=PIXEL_LIMIT, longest_side=LONGEST_SIDE
        )
        image = StoredImage(id=name_of(drawing.content), kind=drawing.kind, width=drawing.width, height=drawing.height)
        await self._transactions.write(
            lambda tx: self._store.put(tx, image, drawing.content, at=self._clock(), by=by.display_name)
        )
        return image

    async def load(self, image_id: str, kind: str) -> bytes:
        """A picture's bytes. Raises `NotFound`."""
        content = await self._store.content(image_id, kind)
        if content is None:
            raise NotFound
        return content


def name_of(content: bytes) -> str:
    """The id of a picture."""
    return hashlib.sha256(content).hexdigest()
