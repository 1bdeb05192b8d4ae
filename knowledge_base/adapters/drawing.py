"""knowledge_base: draws pictures anew with Pillow. Fits `knowledge_base.ports.ImageDrawer`."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from knowledge_base.drawings import Drawing, Kind
from knowledge_base.refusals import ImageTooHeavy, ImageTooLarge, NotAnImage

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""Only these decoders of Pillow are ever tried on a stranger's file."""
QUALITY = 86


def draw_anew(content: bytes, *, size_limit: int, pixel_limit: int, longest_side: int) -> Drawing:
    """The picture in `content`, turned upright and without anything else. Blocking.

    Raises `ImageTooHeavy`, `ImageTooLarge`, `NotAnImage`.
    """
    if len(content) > size_limit:
        raise ImageTooHeavy(field="image", limit=size_limit // (1024 * 1024))
    too_large = ImageTooLarge(field="image", limit=pixel_limit // 1_000_000)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > pixel_limit:
                raise too_large
            upright = ImageOps.exif_transpose(opened)
            return _drawn(upright, "jpeg" if opened.format == "JPEG" else "png", longest_side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error  # so large that Pillow itself does not look further
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise NotAnImage(field="image") from error


def _drawn(picture: Image.Image, kind: Kind, longest_side: int) -> Drawing:
    # A fresh canvas takes the pixels only; metadata stays behind.
    clear = picture.convert("RGB" if kind == "jpeg" else "RGBA")
    clear.thumbnail((longest_side, longest_side))
    canvas = Image.new(clear.mode, clear.size)
    canvas.paste(clear)
    out = io.BytesIO()
    if kind == "jpeg":
        canvas.save(out, "JPEG", quality=QUALITY, optimize=True)
    else:
        canvas.save(out, "PNG", optimize=True)
    return Drawing(kind=kind, width=canvas.width, height=canvas.height, content=out.getvalue())
