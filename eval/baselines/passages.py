"""Source files cut by LangChain's splitter, and the answer that a plain recipe gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, BadInputError

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever

SIZE, OVERLAP = 500, 50  # characters
SHOWN = 10
CITED = 3


class MissingPartError(AssistantError):
    """A baseline's library or model is not installed; the message says which."""


def require(module: str, package: str) -> None:
    """Raise :class:`MissingPartError` unless ``module`` can be imported."""
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise MissingPartError(f"没有安装 {package}", f"pip install {package}")


def split_sources(folder: Path) -> list[Document]:
    """The text files of ``folder`` in pieces, with the file's name as their only metadata."""
    require("langchain_text_splitters", "langchain-text-splitters")
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    files = sorted(folder.glob("*.txt"))
    if not files:
        raise BadInputError(f"{folder} 里没有 .txt 原文")
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=SIZE,
        chunk_overlap=OVERLAP,
        separators=["\n\n", "\n", "。", "！", "？", "；", "，", ""],
    )
    documents = [
        Document(path.read_text(encoding="utf-8"), metadata={"source": path.name}) for path in files
    ]
    pieces = splitter.split_documents(documents)
    for number, piece in enumerate(pieces):
        piece.metadata["id"] = str(number)
    return pieces


def question_text(request: Mapping[str, Any]) -> str:
    """What is searched for: all turns of a conversation together."""
    return " ".join(request.get("turns") or [request["question"]])


def plain_answer(retriever: BaseRetriever, request: Mapping[str, Any]) -> dict[str, Any]:
    """Retrieve, then quote the best piece and cite the first three."""
    found: Sequence[Document] = retriever.invoke(question_text(request))[:SHOWN]
    retrieved = [
        {"title": piece.metadata["source"], "text": piece.page_content, "score": 1 / place}
        for place, piece in enumerate(found, 1)
    ]
    cited = [{"n": n, "quote": row["text"], **row} for n, row in enumerate(retrieved[:CITED], 1)]
    quoted = " ".join(found[0].page_content.split()) + " [1]" if found else "没有找到相关内容。"
    return {
        "answer": quoted,
        "refused": not found,
        "citations": cited,
        "retrieved": retrieved,
    }
