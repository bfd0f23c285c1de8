"""BM25 over jieba words as a LangChain retriever.

``rank_bm25`` is what LangChain's own BM25 retriever wraps; that one stands in a package that is
no longer maintained, hence this adapter of a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from eval.baselines.passages import SHOWN, require


def jieba_words(text: str) -> list[str]:
    """Words of ``text`` by stock jieba, without white space."""
    import jieba

    jieba.setLogLevel("WARNING")
    return [word for word in jieba.lcut_for_search(text.lower()) if word.strip()]


class Bm25Retriever(BaseRetriever):
    """The ``k`` best pieces by Okapi BM25 with the library's defaults."""

    pieces: Sequence[Document]
    words: Callable[[str], list[str]]
    index: Any
    k: int = SHOWN

    @classmethod
    def over(cls, pieces: Sequence[Document]) -> Bm25Retriever:
        require("rank_bm25", "rank-bm25")
        require("jieba", "jieba")
        from rank_bm25 import BM25Okapi

        index = BM25Okapi([jieba_words(piece.page_content) for piece in pieces])
        return cls(pieces=pieces, words=jieba_words, index=index)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        scores = self.index.get_scores(self.words(query))
        best = sorted(range(len(scores)), key=lambda i: (-scores[i], i))[: self.k]
        return [self.pieces[i] for i in best if scores[i] > 0]
