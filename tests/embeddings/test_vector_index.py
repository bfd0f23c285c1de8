"""The vector index: Chroma and the exact search agree, and nothing foreign gets out of it."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from embeddings.vector_index import ExactIndex, VectorIndex, VectorIndexError, _bounded

IDS = [f"文件#第{n}条@0" for n in range(300)]


def unit(rows: int, dimension: int = 16, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chroma")
    assert VectorIndex.build(path, IDS, unit(300)) == 300
    return path


def test_exact_search_is_a_sorted_product() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
    found = ExactIndex(["a", "b", "c"], vectors).query(np.array([0, 1], np.float32), 2)
    assert [(id_, round(score, 6)) for id_, score in found] == [("b", 1.0), ("c", 0.8)]


def test_exact_search_breaks_ties_by_id() -> None:
    same = np.array([[1, 0]] * 4, np.float32)
    found = ExactIndex(["d", "b", "c", "a"], same).query(same[0], 2)
    assert [id_ for id_, _ in found] == ["a", "b"]


def test_chroma_finds_what_the_exact_search_finds(folder: Path) -> None:
    vectors = unit(300)
    chroma, exact = VectorIndex.open(folder, IDS, vectors), ExactIndex(IDS, vectors)
    for question in unit(20, seed=1):
        one, other = chroma.query(question, 10), exact.query(question, 10)
        assert [id_ for id_, _ in one] == [id_ for id_, _ in other]
        assert np.allclose([s for _, s in one], [s for _, s in other], atol=1e-5)
    assert len(chroma.query(vectors[0], 1000)) == 300
    assert chroma.query(vectors[0], 0) == []
    chroma.close()


def test_text_without_a_known_word(folder: Path) -> None:
    chroma = VectorIndex.open(folder, IDS, unit(300))
    assert {score for _, score in chroma.query(np.zeros(16, np.float32), 5)} == {0.0}
    chroma.close()


@pytest.mark.parametrize(
    "vector",
    [np.ones(3, np.float32), np.full(16, np.nan, np.float32), np.ones((1, 16), np.float32)],
)
def test_unusable_question_vectors(folder: Path, vector: np.ndarray) -> None:
    chroma = VectorIndex.open(folder, IDS, unit(300))
    for index in (chroma, ExactIndex(IDS, unit(300))):
        with pytest.raises(VectorIndexError):
            index.query(vector, 5)
    chroma.close()


def test_other_vectors_than_it_was_built_from(folder: Path) -> None:
    with pytest.raises(VectorIndexError, match="300 vectors instead of 299"):
        VectorIndex.open(folder, IDS[:-1], unit(299))
    with pytest.raises(VectorIndexError, match="cannot be reached"):
        VectorIndex.open(folder, IDS, unit(300, seed=5))


def test_unusable_input_to_build(tmp_path: Path) -> None:
    with pytest.raises(VectorIndexError):
        VectorIndex.build(tmp_path / "a", ["a"], unit(2))
    with pytest.raises(VectorIndexError, match="NaN"):
        VectorIndex.build(tmp_path / "b", ["a"], np.full((1, 4), np.nan, np.float32))
    with pytest.raises(VectorIndexError):  # ids twice: Chroma refuses
        VectorIndex.build(tmp_path / "c", ["a", "a"], unit(2))
    with pytest.raises(VectorIndexError, match="missing"):
        VectorIndex.open(tmp_path / "d", ["a"], unit(1))


def test_a_call_that_does_not_return_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(VectorIndexError, match="did not return"):
        _bounded(lambda: never.wait(30), 0.05, "query")
    never.set()


def test_a_panic_is_an_error_like_any_other() -> None:
    class Panic(BaseException):
        pass

    def call() -> None:
        raise Panic("at the disco")

    with pytest.raises(VectorIndexError, match="Panic: at the disco"):
        _bounded(call, 1, "open")
