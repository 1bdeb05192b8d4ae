"""kit: serves the style sheets and browser modules of all rooms below /static/<room>/."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterable
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

mimetypes.add_type("text/javascript", ".js")  # some systems' tables say text/plain, and modules would not load


class _Revalidated(StaticFiles):
    """Browsers keep the files and ask each time whether they changed: modules import each other by plain names."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response


def static_routes(folders: Iterable[Path]) -> list[Mount]:
    """One mount for each room that has a folder of its name in one of `folders`."""
    rooms = sorted(room for folder in folders for room in folder.iterdir() if room.is_dir())
    return [Mount(f"/static/{room.name}", _Revalidated(directory=room), name=f"static-{room.name}") for room in rooms]
