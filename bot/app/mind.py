"""bot.app: what understands and finds: the encoder, nlu, the knowledge base. Loading takes seconds: once a process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bot.app.ground import Ground
from kit.contracts import Language
from kit.sql import Database
from knowledge_base.adapters.build import KnowledgeBaseParts, build_knowledge_base
from knowledge_base.departments import Departments
from nlu.adapters.build import build_encoder, build_nlu, build_rasa_client
from nlu.adapters.rasa_client import RasaClient
from nlu.ports import Encoder
from nlu.service import Nlu, fold

THREADS = 2
"""For the encoder and the complaint classifier, off the event loop."""

LOOKS = (250, 2, 4_000)
"""For `gc.set_threshold`: small looks at what is new, about one a second; a look at everything after three million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """Meaning and matches."""

    understand: Nlu
    base: KnowledgeBaseParts


@contextlib.asynccontextmanager
async def open_mind(
    ground: Ground, *, encoder: Encoder | None = None, vectors: Path | None = None
) -> AsyncIterator[Mind]:
    """Load the models and open the base. `encoder` and `vectors` (its cache of encoded texts) are for tests."""
    settings = ground.settings.nlu
    known = await asyncio.to_thread(build_encoder, settings.encoder) if encoder is None else encoder
    async with contextlib.AsyncExitStack() as stack:
        executor = stack.enter_context(ThreadPoolExecutor(THREADS, thread_name_prefix="nlu"))
        rasa = build_rasa(ground)
        if rasa is not None:
            stack.push_async_callback(rasa.aclose)
        understand = await asyncio.to_thread(
            lambda: build_nlu(settings, encoder=known, executor=executor, rasa=rasa, data_dir=ground.data_dir)
        )
        base = build_base(ground, encoder=known, fits=True, vectors=vectors)
        await base.search.open()
        stack.push_async_callback(base.search.close)
        yield Mind(understand=understand, base=base)


def look_briefly() -> None:
    """Let the collector look often at little and seldom at everything. Nearly all goes by itself once nothing names it.

    Every message stands still while it looks. A look at everything takes half a second where thousands of windows are
    open, and would come whenever the process has grown by a quarter. But a look at what is new takes long as well where
    it is put off: it comes after so many objects more than went, and where windows give signs of life what waits in
    them is renewed all the time without being more: tens of thousands of objects were "new" then (0069).
    """
    gc.set_threshold(*LOOKS)


def set_aside() -> None:
    """Spare the collector what lives as long as the process (models, base, code): a million objects at every look."""
    gc.collect()
    gc.freeze()


def build_rasa(ground: Ground) -> RasaClient | None:
    """The client of the Rasa service; None where it is off. Nothing is asked yet."""
    settings = ground.settings.nlu.rasa
    if not settings.enabled:
        return None
    if ground.secrets.rasa_url and not settings.url:
        settings = settings.model_copy(update={"url": ground.secrets.rasa_url})
    return build_rasa_client(settings, ground.secrets.rasa)


def build_base(
    ground: Ground, *, encoder: Encoder, fits: bool, database: Database | None = None, vectors: Path | None = None
) -> KnowledgeBaseParts:
    """The knowledge base over the desk's store. `fits` for the one process that fits the confidence."""
    return build_knowledge_base(
        settings=ground.settings.knowledge_base,
        database=database or ground.database,
        encoder=encoder,
        normalise=fold,
        signals=ground.signals,
        clock=ground.clock,
        new_id=ground.new_id,
        data_dir=ground.data_dir,
        fits=fits,
        vector_cache=vectors,
        departments=Departments(
            {
                one.name: {language: one.label(language) for language in Language}
                for one in ground.settings.handoff.departments
            }
        ),
    )
