"""The web process opens its doors before the encoder is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.late import LateEncoder, StillLoading
from kit.ids import new_id, now
from kit.signals import MemorySignals
from kit.sql import Database
from knowledge_base.adapters.build import build_knowledge_base
from knowledge_base.settings import KnowledgeBaseSettings
from nlu.normalise import fold
from nlu.ports import Encoder


def never() -> Encoder:
    raise AssertionError


async def test_the_base_is_built_before_the_encoder_is_there(sqlite_database: Database, tmp_path: Path) -> None:
    parts = build_knowledge_base(
        settings=KnowledgeBaseSettings(),
        database=sqlite_database,
        encoder=LateEncoder(never),
        normalise=fold,
        signals=MemorySignals(),
        clock=now,
        new_id=new_id,
        data_dir=tmp_path,
        fits=False,
        vector_cache=tmp_path / "vectors.sqlite",
    )
    with pytest.raises(StillLoading):
        await parts.search.open()
    await parts.search.close()
