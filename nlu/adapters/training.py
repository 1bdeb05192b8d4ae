"""nlu: trains a Rasa model in a child process. A model file is immutable and named after all that went into it."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.adapters.encoder_service import Progress, encoder_service
from nlu.adapters.rasa_process import (
    RASA_ROOM,
    VERSION,
    RasaFault,
    check_version,
    child_environment,
    rasa_python,
    train_command,
)
from nlu.adapters.vectors import content_hash, write_whole
from nlu.ports import Encoder
from nlu.starter_content import Labelled, fault_examples

TRAIN_SECONDS = 1_800
FAULT = "fault"
"""Entity kind of what is wrong with a thing."""
CLASSIFIER = "components.intents.IntentModel"
SHOWN_OF_LOG = 1_500
BESIDE_THE_MODEL = frozenset({"channel.py", "following.py"})
"""Parts of the server that no model is made of or loaded by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model that can be served."""

    model: Path
    seconds: float
    fresh: bool
    """False when the same model was there already."""


def starter_files(approved: Sequence[Labelled] = ()) -> dict[str, str]:
    """Rasa's training files by name: as they stand in the repository, the marked faults, people's approved examples."""
    data = RASA_ROOM / "data"
    files = {str(p.relative_to(data)): p.read_text(encoding="utf-8") for p in sorted(data.rglob("*.yml"))}
    files["faults.json"] = _faults()
    return files | ({"approved.json": _as_json(approved)} if approved else {})


def _as_json(rows: Sequence[Labelled]) -> str:
    """Plain rows as Rasa reads them. JSON, in which brackets of a text are text."""
    return _common([{"text": row.text, "intent": row.label, "entities": []} for row in rows])


def _faults() -> str:
    """The marked faults. They have no intent: only the extractor learns from them."""
    return _common(
        [
            {
                "text": row.text,
                "entities": [
                    {"start": start, "end": end, "value": row.text[start:end], "entity": FAULT}
                    for start, end in row.spans
                ],
            }
            for row in fault_examples()
        ]
    )


def _common(examples: Sequence[object]) -> str:
    return json.dumps({"rasa_nlu_data": {"common_examples": examples}}, ensure_ascii=False)


def files_of(rows: Sequence[Labelled]) -> dict[str, str]:
    """Rasa training files of plain rows; patterns as in production."""
    data = RASA_ROOM / "data"
    return {
        "rows.json": _as_json(rows),
        **{name: (data / name).read_text(encoding="utf-8") for name in ("regexes.yml", "lookups.yml")},
    }


def config_text(*, outlier: str | None = None) -> str:
    """The pipeline; `outlier` replaces the name of the out-of-scope intent ("" for none)."""
    text = (RASA_ROOM / "config.yml").read_text(encoding="utf-8")
    if outlier is None:
        return text
    config = yaml.safe_load(text)
    for component in config["pipeline"]:
        if component["name"] == CLASSIFIER:
            component["outlier"] = outlier
    return yaml.safe_dump(config, allow_unicode=True, sort_keys=False)


def code_hash() -> str:
    """Names Rasa's version and the components a model is loaded by."""
    loaded = [p for p in sorted((RASA_ROOM / "components").glob("*.py")) if p.name not in BESIDE_THE_MODEL]
    return content_hash(VERSION, {p.name: p.read_text(encoding="utf-8") for p in loaded})


def model_path(models: Path, encoder: Encoder, files: dict[str, str], config: str) -> Path:
    """Where the model of this content is or will be."""
    return models / f"nlu-{content_hash(code_hash(), encoder.fingerprint, files, config)}.tar.gz"


def train(
    encoder: Encoder, models: Path, *, files: dict[str, str], config: str, progress: Progress | None = None
) -> Trained:
    """Train, or find the same model already there. Blocking. Raises `RasaFault` with Rasa's own words."""
    wanted = model_path(models, encoder, files, config)
    if wanted.exists():
        return Trained(model=wanted, seconds=0.0, fresh=False)
    python = rasa_python()
    check_version(python)
    models.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    work = Path(tempfile.mkdtemp(prefix=".training-", dir=models))
    try:
        for name, text in files.items():
            path = work / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (work / "config.yml").write_text(config, encoding="utf-8")
        command = train_command(python, data=work / "data", config=work / "config.yml", out=work, name="made")
        secret = secrets.token_hex(16)
        with encoder_service(encoder, secret, progress) as url:
            done = subprocess.run(
                command, env=child_environment(secret, DESK_ENCODER_URL=url), cwd=work, capture_output=True, text=True,
                errors="replace", check=False, timeout=TRAIN_SECONDS,
            )  # fmt: skip
        made = work / "made.tar.gz"
        if done.returncode != 0 or not made.exists():
            raise RasaFault(f"Rasa could not train; its last words:\n{(done.stdout + done.stderr)[-SHOWN_OF_LOG:]}")
        write_whole(wanted, made)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Trained(model=wanted, seconds=time.monotonic() - began, fresh=True)
