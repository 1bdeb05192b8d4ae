"""bot.run.doctor: the model that Rasa serves."""

from __future__ import annotations

from dataclasses import dataclass

from bot.run.doctor.findings import Finding, fault, good, note


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """What the folder of models says of itself."""

    folder: str
    served: str | None
    """The version that is published; None before the first one."""
    readable: bool = True
    """Whether the list of publications can be read."""
    whole: bool = True
    """Whether the served version's file is there and is what was trained."""
    versions: int = 0


def model_findings(model: ServedModel) -> list[Finding]:
    """Whether the published version can be served."""
    if not model.readable:
        return [fault("model", "unreadable", folder=model.folder, mend=f"rm {model.folder}/served.json")]
    if model.served is None:
        return [note("model", "none", mend=".venv/bin/python -m nlu current")]
    if not model.whole:
        return [fault("model", "damaged", name=model.served, mend=".venv/bin/python -m nlu rollback")]
    return [good("model", name=model.served, count=model.versions)]
