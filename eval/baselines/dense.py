"""LangChain's Chroma store with a stock encoder, or with ours for comparison."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

from eval.baselines.passages import SHOWN, MissingPartError, require

STOCK = (
    "BAAI/bge-small-zh-v1.5",
    "shibing624/text2vec-base-chinese",
    "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    "sentence-transformers/all-MiniLM-L6-v2",
)
_BATCH = 500


class _Encoder(Embeddings):
    """Our encoder protocol as LangChain's."""

    def __init__(self, name: str) -> None:
        from embeddings.encoder import EncoderError, load_encoder

        try:
            self._encoder = load_encoder(name)
        except EncoderError as error:
            raise MissingPartError(str(error)) from error

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.encode_documents(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._encoder.encode_queries([text])[0].tolist()


def stock_encoder() -> str:
    """The first stock encoder in the local model cache; nothing is downloaded.

    Raises:
        MissingPartError: there is none.
    """
    require("huggingface_hub", "huggingface-hub")
    from huggingface_hub import try_to_load_from_cache

    for name in STOCK:
        found = try_to_load_from_cache(name, "config.json")
        if isinstance(found, str):
            return str(Path(found).parent)
    raise MissingPartError(
        "本机没有现成的通用编码器", f"可先下载其一：{'、'.join(STOCK)}，或用 --encoder 指定目录"
    )


def chroma_retriever(pieces: Sequence[Document], encoder: str) -> BaseRetriever:
    """Pieces in an in-memory Chroma collection, the ``k`` nearest by cosine."""
    require("langchain_chroma", "langchain-chroma")
    import chromadb
    from langchain_chroma import Chroma

    store = Chroma(
        collection_name="baseline",
        embedding_function=_Encoder(encoder),
        client=chromadb.EphemeralClient(
            chromadb.config.Settings(anonymized_telemetry=False, allow_reset=True)
        ),
        collection_configuration={"hnsw": {"space": "cosine"}},
    )
    store.reset_collection()
    for start in range(0, len(pieces), _BATCH):
        store.add_documents(list(pieces[start : start + _BATCH]))
    return store.as_retriever(search_kwargs={"k": SHOWN})
