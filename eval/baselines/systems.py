"""The baselines by name, each built only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from eval.baselines.passages import OVERLAP, SIZE, plain_answer, require, split_sources
from eval.endpoints import FunctionEndpoint

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

BUNDLED = "bundled"
# All these need a document and a measure's label; the recipes know but a file's name.
OUT_OF_REACH = (
    "correct", "sound", "evidence_cited", "label_accuracy", "match_recall", "match_avoid",
    "match_listed",
)  # fmt: skip


def _bm25(sources: Path, encoder: str) -> tuple[BaseRetriever, dict[str, Any]]:
    from eval.baselines.lexical import Bm25Retriever

    return Bm25Retriever.over(split_sources(sources)), {"rank-bm25": version("rank-bm25")}


def _chroma(sources: Path, encoder: str) -> tuple[BaseRetriever, dict[str, Any]]:
    from eval.baselines.dense import chroma_retriever, stock_encoder

    name = encoder or stock_encoder()
    return chroma_retriever(split_sources(sources), name), {"encoder": Path(name).name}


def _chroma_ours(sources: Path, encoder: str) -> tuple[BaseRetriever, dict[str, Any]]:
    return _chroma(sources, BUNDLED)


def _ensemble(sources: Path, encoder: str) -> tuple[BaseRetriever, dict[str, Any]]:
    """Reciprocal rank fusion of both; with our encoder where there is no stock one."""
    require("langchain_classic", "langchain-classic")
    from langchain_classic.retrievers import EnsembleRetriever

    from eval.baselines.dense import chroma_retriever, stock_encoder
    from eval.baselines.lexical import Bm25Retriever
    from eval.baselines.passages import MissingPartError

    try:
        name = encoder or stock_encoder()
    except MissingPartError:
        name = BUNDLED
    pieces = split_sources(sources)
    members: list[Any] = [Bm25Retriever.over(pieces), chroma_retriever(pieces, name)]
    both = EnsembleRetriever(retrievers=members, weights=[0.5, 0.5], id_key="id")
    return both, {"encoder": Path(name).name, "rank-bm25": version("rank-bm25")}


Builder = Callable[[Path, str], "tuple[BaseRetriever, dict[str, Any]]"]
BASELINES: Mapping[str, Builder] = MappingProxyType(
    {
        "langchain-chroma": _chroma,
        "langchain-bm25": _bm25,
        "langchain-ensemble": _ensemble,
        "langchain-chroma-bundled": _chroma_ours,
    }
)


def open_baseline(name: str, sources: Path, encoder: str = "") -> FunctionEndpoint:
    """Build a baseline over the source files.

    Args:
        encoder: hub name or folder of the stock encoder; empty: one in the local cache.

    Raises:
        MissingPartError: a library or the encoder is not installed.
        KeyError: no such baseline.
    """
    retriever, parts = BASELINES[name](sources, encoder)
    description: dict[str, Any] = {
        "splitter": f"RecursiveCharacterTextSplitter {SIZE}/{OVERLAP}",
        "out_of_reach": OUT_OF_REACH,
        **parts,
    }
    return FunctionEndpoint(name, lambda request: plain_answer(retriever, request), description)
