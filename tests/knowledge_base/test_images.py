"""Promises about pictures: what is kept is the picture alone; what is no picture, or too much of one, is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from kit.refusals import NotAllowed, NotFound
from kit.sql import Database
from knowledge_base.adapters.drawing import draw_anew
from knowledge_base.adapters.image_store import SqlImageStore
from knowledge_base.images import LONGEST_SIDE, SIZE_LIMIT, Images
from knowledge_base.refusals import ImageTooHeavy, ImageTooLarge, NotAnImage
from tests.support.articles import ANN, MEI, TOM
from tests.support.clock import MovableClock

SECRET = "shot at 31.2304 N"


def picture(kind: str, *, size: tuple[int, int] = (40, 30), secret: bool = False) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    if secret:
        exif[0x010E] = SECRET
        exif[0x0112] = 6  # lies on its side
    image.save(out, kind, exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 by 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.fixture
def images(database: Database, clock: MovableClock) -> Images:
    return Images(store=SqlImageStore(database), draw=draw_anew, transactions=database, clock=clock)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_picture_comes_back_and_the_same_one_is_kept_once(images: Images, kind: str) -> None:
    image = await images.add(MEI, picture(kind))
    assert (image.width, image.height) == (40, 30)
    assert image == await images.add(TOM, picture(kind))
    with Image.open(io.BytesIO(await images.load(image.id, image.kind))) as shown:
        assert shown.size == (40, 30)


async def test_metadata_and_whatever_hangs_behind_a_picture_stay_outside(images: Images) -> None:
    image = await images.add(MEI, picture("JPEG", secret=True) + b"<script>alert(1)</script>")
    kept = await images.load(image.id, image.kind)
    assert (image.width, image.height) == (30, 40), "it was turned upright first"
    assert SECRET.encode() not in kept
    assert b"<script>" not in kept


async def test_a_large_picture_is_made_smaller(images: Images) -> None:
    image = await images.add(MEI, picture("PNG", size=(LONGEST_SIDE * 2, 100)))
    assert (image.width, image.height) == (LONGEST_SIDE, 50)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotAnImage),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", NotAnImage),
        (b"GIF89a" + b"\0" * 40, NotAnImage),
        (picture("PNG")[:60], NotAnImage),
        (picture("TIFF"), NotAnImage),
        (bomb(), ImageTooLarge),
        (b"x" * (SIZE_LIMIT + 1), ImageTooHeavy),
    ],
    ids=["nothing", "svg", "broken gif", "half a png", "tiff", "bomb", "heavy"],
)
async def test_what_is_no_picture_or_too_much_is_refused(
    images: Images, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await images.add(MEI, content)


async def test_agents_add_none_and_unknown_ones_are_not_found(images: Images) -> None:
    with pytest.raises(NotAllowed):
        await images.add(ANN, picture("PNG"))
    with pytest.raises(NotFound):
        await images.load("0" * 64, "png")
