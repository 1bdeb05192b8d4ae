"""knowledge_base: HTTP for open pages: what stands unsaved in them, who else is there, and pictures for answers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from knowledge_base.editing import WRITERS
from knowledge_base.images import Images
from knowledge_base.unsaved import UnsavedTexts
from knowledge_base.web.unsaved_bodies import CompanyBody, ImageBody, KeepBody
from staff.ports import Gate

UPLOADS = "/api/v1/knowledge/images"
FOR_EVER = "public, max-age=31536000, immutable"
"""A picture's address is the hash of its content: it never shows anything else."""


def build_unsaved_router(*, unsaved: UnsavedTexts, gate: Gate) -> APIRouter:
    """`/api/v1/knowledge/unsaved/…`."""
    router = APIRouter(prefix="/api/v1/knowledge/unsaved", include_in_schema=False)

    @router.put("/{name}")
    async def keep_unsaved(request: Request, name: str, body: KeepBody) -> CompanyBody:
        """The page is open and holds this; answers who else has the article open. `name`: article id or `new-…`."""
        person = await gate.require(request, *WRITERS)
        company = await unsaved.keep(
            person,
            name,
            base_version=body.base_version,
            content=body.content.to_draft() if body.content else None,
        )
        return CompanyBody.of(company)

    @router.delete("/{name}", status_code=204)
    async def forget_unsaved(request: Request, name: str) -> None:
        """The text was saved or given up, or the page is closed with nothing unsaved."""
        person = await gate.require(request, *WRITERS)
        await unsaved.forget(person, name)

    return router


def build_images_router(*, images: Images, gate: Gate) -> APIRouter:
    """Uploads for editors; the pictures themselves for everybody, since answers show them."""
    router = APIRouter(tags=["knowledge"])

    @router.post(UPLOADS, status_code=201)
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

    return router
