"""The assistant as LangChain sees it: a runnable from question to answer with citations.

The steps are the same functions that :class:`assistant.ask.Assistant` calls; here they are joined
with ``|``, so that each can be traced, replaced, batched or put before a step of one's own::

    chain = policy_chain(Assistant.open())
    chain.invoke({"question": "小微企业第一次贷款有什么支持？", "district": "金山区"})
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document as LangChainDocument
from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from assistant.answer import compose
from assistant.conversation import standalone
from assistant.question import understand
from assistant.records import Answer
from assistant.wire import citation_to_json

if TYPE_CHECKING:
    from assistant.ask import Assistant


def policy_chain(assistant: Assistant) -> Runnable[dict[str, Any], Answer]:
    """question → standalone → understood → passages → :class:`~assistant.records.Answer`.

    The input is a dict with ``question`` (str) or ``turns`` (list of str), and if wanted
    ``district`` and ``as_of`` (ISO date).
    """

    def whole(asked: dict[str, Any]) -> str:
        return standalone(asked.get("turns") or [asked["question"]])

    def understood(state: dict[str, Any]) -> Any:
        return understand(
            state["standalone"],
            district=state.get("district"),
            as_of=state.get("as_of") or date.today().isoformat(),
        )

    def passages(state: dict[str, Any]) -> Any:
        return assistant.search(state["query"])

    def answered(state: dict[str, Any]) -> Answer:
        return compose(
            state["query"],
            state["hits"],
            as_of=state["query"].as_of or state.get("as_of") or date.today().isoformat(),
            corpus=assistant.knowledge,
            similarity=assistant.similarity,
        )

    return (
        RunnablePassthrough.assign(standalone=RunnableLambda(whole).with_config(run_name="rewrite"))
        | RunnablePassthrough.assign(
            query=RunnableLambda(understood).with_config(run_name="understand")
        )
        | RunnablePassthrough.assign(hits=RunnableLambda(passages).with_config(run_name="retrieve"))
        | RunnableLambda(answered).with_config(run_name="answer")
    )


def to_message(answer: Answer) -> AIMessage:
    """The answer as a chat message; the citations are its artifact in ``additional_kwargs``."""
    return AIMessage(
        content=answer.text,
        additional_kwargs={
            "refused": answer.refused,
            "reason": answer.reason,
            "citations": [citation_to_json(c) for c in answer.citations],
        },
    )


def to_documents(answer: Answer) -> list[LangChainDocument]:
    """The cited measures as LangChain documents, in the order of their numbers."""
    return [
        LangChainDocument(
            id=c.hit.measure.measure_id,
            page_content=c.hit.measure.text,
            metadata={k: v for k, v in citation_to_json(c).items() if k != "text"},
        )
        for c in answer.citations
    ]
