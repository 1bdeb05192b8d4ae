"""nlu.rasa: the service follows what is published: `served.json` of the models' folder names the model to serve.

The new model is loaded in a thread beside the old one, which answers meanwhile; then one attribute changes. A file that
cannot be loaded leaves the old model where it is.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
FOLDER_VARIABLE = "DESK_RASA_MODELS"
SERVED = "served.json"
LOOK_SECONDS = 1.0
NAME = re.compile(r"nlu-[0-9a-f]{16}")


def published(folder: Path) -> Path | None:
    """The file of the published model; None where nothing (or nothing readable) is published."""
    try:
        name = json.loads((folder / SERVED).read_text(encoding="utf-8"))["served"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    path = folder / f"{name}.tar.gz"
    return path if isinstance(name, str) and NAME.fullmatch(name) and path.is_file() else None


async def follow(app: Any) -> None:
    """Until the service ends: load whatever is published and not served. Does nothing without a folder to watch."""
    folder = os.environ.get(FOLDER_VARIABLE)
    given_up: Path | None = None
    while folder:
        await asyncio.sleep(LOOK_SECONDS)
        wanted, agent = published(Path(folder)), app.ctx.agent
        if wanted is None or agent is None or agent.processor is None or wanted == given_up:
            continue
        if wanted.name == agent.processor.model_filename:
            given_up = None
            continue
        try:
            await asyncio.get_running_loop().run_in_executor(None, agent.load_model, wanted)
            given_up = None
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the file, the old model still answers
            given_up = wanted
            logger.error("model %s cannot be loaded: %s", wanted.name, type(error).__name__)  # noqa: TRY400 - as said
