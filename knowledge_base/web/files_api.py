"""knowledge_base: HTTP for what answers show and bring along: pictures and attachments; everybody gets them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from kit.web.sent_files import sent_file
from knowledge_base.attachments import Attachments
from knowledge_base.contracts import ATTACHMENT_PATH
from knowledge_base.editing import WRITERS
from knowledge_base.images import Images
from staff.ports import Gate

IMAGES = "/api/v1/knowledge/images"
ATTACHMENTS = "/api/v1/knowledge/attachments"
FOR_EVER = "public, max-age=31536000, immutable"
"""A picture's address is the hash of its content: it never shows anything else."""
NAME_LIMIT = 255


class ImageBody(BaseModel):
    """A picture that answers may show, as `![words](address)`."""

    address: str
    width: int
    height: int


class KeptFileBody(BaseModel):
    """A file that was kept, as a side of an article names it, and where it can be had."""

    id: str
    name: str
    address: str


def build_files_router(*, images: Images, attachments: Attachments, gate: Gate) -> APIRouter:
    """Uploads for editors; the files themselves for everybody, since answers show them."""
    router = APIRouter(tags=["knowledge"])

    @router.post(IMAGES, status_code=201)
    async def add_image(request: Request) -> ImageBody:
        """Take a picture (the request's body as it is: PNG, JPEG, WebP or GIF) and say where it can be seen."""
        person = await gate.require(request, *WRITERS)
        image = await images.add(person, await request.body())
        return ImageBody(address=image.address, width=image.width, height=image.height)

    @router.get("/knowledge/images/{image_id}.{kind}")
    async def show_image(image_id: str, kind: str) -> Response:
        """The picture."""
        content = await images.load(image_id, kind)
        return Response(
            content,
            media_type=f"image/{kind}",
            headers={"Cache-Control": FOR_EVER, "Content-Security-Policy": "default-src 'none'; sandbox"},
        )

    @router.post(ATTACHMENTS, status_code=201)
    async def add_attachment(
        request: Request, name: Annotated[str, Query(max_length=NAME_LIMIT, description="The file's name.")] = ""
    ) -> KeptFileBody:
        """Take a file (the request's body as it is: picture, PDF or MP4) that answers may bring along."""
        person = await gate.require(request, *WRITERS)
        kept = await attachments.add(person, name, await request.body())
        return KeptFileBody(id=kept.id, name=kept.name, address=kept.address)

    @router.get(ATTACHMENT_PATH + "{attachment_id}/{name}")
    async def show_attachment(attachment_id: Annotated[str, Path(max_length=64)], name: str) -> Response:
        """The file; a picture to look at, everything else to keep."""
        return sent_file(await attachments.load(attachment_id, name), shown=True)

    return router
