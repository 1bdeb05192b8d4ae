"""knowledge_base: its section of config.yml."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from kit.settings import Settings


class IndexSettings(Settings):
    """The nearest-neighbour index."""

    exact_up_to: int = Field(
        default=10_000, ge=0, description="wordings up to which every one is compared (exact search); default 10000"
    )
    graph_up_to: int = Field(
        default=50_000,
        ge=0,
        description="wordings up to which a graph (HNSW) is used, compressed lists (IVF-PQ) beyond; default 50000",
    )
    threads: int = Field(default=1, ge=1, le=64, description="threads that build and search the index; default 1")
    rebuild_after: int = Field(
        default=1_000,
        ge=1,
        description="changed wordings after which the index is rebuilt in the background, or a hundredth of it where"
        " that is more; default 1000",
    )
    bulk: int = Field(
        default=300,
        ge=0,
        description="articles published at once (an import) above which customers get them after the rebuild in the"
        " background instead of from the next question on; default 300",
    )


class Publishing(StrEnum):
    """Who may give customers an article; supervisors and admins always may."""

    EDITORS = "editors"
    SECOND_PERSON = "second_person"
    SUPERVISORS = "supervisors"


class EffectSettings(Settings):
    """What a publication changed."""

    days: int = Field(
        default=14, ge=1, le=180, description="days before and after a publication that are compared; default 14"
    )
    questions: int = Field(
        default=20,
        ge=1,
        description="questions on each side below which nothing is concluded; default 20",
    )
    shown: int = Field(default=5, ge=1, le=50, description="publications of an article that are compared; default 5")


class KnowledgeBaseSettings(Settings):
    """Section `knowledge_base`."""

    publishing: Publishing = Field(
        default=Publishing.EDITORS,
        description="who may publish: editors, second_person (an editor who did not write the version) or supervisors;"
        " default editors",
    )

    answer_precision: float = Field(
        default=0.95,
        gt=0.5,
        lt=1,
        description="wanted share of right answers among the answers given without asking back, 0.5 to 1; default 0.95",
    )
    clarify_precision: float = Field(
        default=0.2,
        gt=0,
        lt=1,
        description="least chance that offered choices hold the right article; below it the bot says it does not know;"
        " 0 to 1, default 0.2",
    )
    unknown_share: float = Field(
        default=0.2,
        ge=0,
        lt=1,
        description="expected share of questions that the base cannot answer, 0 to 1; default 0.2",
    )
    refit_after: int = Field(
        default=20,
        ge=1,
        description="published changes after which the confidence is fitted again in the background; default 20",
    )
    keep_days: int = Field(
        default=365,
        ge=7,
        description="days after which customers' questions, answered or not, are forgotten; default 365",
    )
    effect: EffectSettings = EffectSettings()
    index: IndexSettings = IndexSettings()
