"""contracts: what every sentence encoder promises, the real one and the stand-in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nlu.contracts import TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.ports import Encoder

TEXTS = ["我的退款什么时候到", "where is my refund", "a", "！", "😀", "长" * 3_000, "mixed 中英 text", " "]


@pytest.fixture(params=["real", "hashing"])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "hashing":
        return HashingEncoder()
    encoder: Encoder = request.getfixturevalue("encoder")
    return encoder


@pytest.mark.parametrize("role", TextRole)
def test_vectors_have_length_one_and_the_promised_shape(any_encoder: Encoder, role: TextRole) -> None:
    vectors = any_encoder.encode(TEXTS, role)
    assert vectors.shape == (len(TEXTS), any_encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_no_texts_give_no_vectors(any_encoder: Encoder) -> None:
    assert any_encoder.encode([], TextRole.QUERY).shape == (0, any_encoder.dimensions)


def test_a_text_has_the_same_vector_alone_and_in_company(any_encoder: Encoder) -> None:
    together = any_encoder.encode(TEXTS, TextRole.QUERY)
    for text, row in zip(TEXTS, together, strict=True):
        alone = any_encoder.encode([text], TextRole.QUERY)[0]
        # In eight bits the neighbours in a batch share one scale: docs/decisions/0009-eight-bits.md.
        assert float(alone @ row) == pytest.approx(1, abs=1e-2)


def test_the_same_text_again_has_the_same_vector(any_encoder: Encoder) -> None:
    first = any_encoder.encode(["退款"], TextRole.QUERY).copy()
    assert (any_encoder.encode(["退款"], TextRole.QUERY) == first).all()


@pytest.mark.parametrize("text", ["", "\u0000", "\ud800 lone", "a\u0000b", "\u202e"])
def test_what_is_hardly_a_text_is_encoded_too(any_encoder: Encoder, text: str) -> None:
    vector = any_encoder.encode([text], TextRole.QUERY)[0]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_like_texts_are_nearer_than_unlike_ones(any_encoder: Encoder) -> None:
    one, like, other = any_encoder.encode(
        ["how do i return a kettle", "how do i return the kettle", "明天会下雨吗"], TextRole.QUERY
    )
    assert float(one @ like) > float(one @ other)


def test_many_threads_get_the_vectors_of_their_own_texts(any_encoder: Encoder) -> None:
    texts = [f"question number {n}" for n in range(24)]
    expected = any_encoder.encode(texts, TextRole.QUERY)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda text: any_encoder.encode([text], TextRole.QUERY)[0], texts))
    assert all(float(a @ b) > 0.99 for a, b in zip(found, expected, strict=True))


def test_the_fingerprint_names_the_encoder(any_encoder: Encoder) -> None:
    assert any_encoder.fingerprint
    assert any_encoder.fingerprint == any_encoder.fingerprint.strip()


def test_the_two_encoders_are_never_mistaken_for_each_other(encoder: Encoder) -> None:
    assert encoder.fingerprint != HashingEncoder().fingerprint


def test_the_real_encoder_knows_that_two_languages_mean_the_same(encoder: Encoder) -> None:
    refund, same, other = encoder.encode(
        ["我的退款什么时候到账", "when will my refund arrive", "how do i pair the earbuds"], TextRole.QUERY
    )
    assert float(refund @ same) > float(refund @ other) + 0.02


def test_ways_of_writing_do_not_matter_to_the_real_encoder(encoder: Encoder) -> None:
    for one, other in (
        ("退款", "tuikuan"),
        ("訂單", "订单"),
        ("WHERE IS MY ORDER", "where is my order"),
        ("CJ2611-088213到哪了", "CJ2609-111111到哪了"),
    ):
        a, b = encoder.encode([one, other], TextRole.QUERY)
        assert float(a @ b) > 0.995
