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
from assistant.question import Asked, understand_turns
from assistant.reading import Reading
from assistant.records import Answer
from assistant.wire import citation_to_json

if TYPE_CHECKING:
    from assistant.ask import Assistant


def policy_chain(assistant: Assistant) -> Runnable[dict[str, Any], Answer]:
    """question → understood → read → :class:`~assistant.records.Answer`.

    The input is a dict with ``question`` (str) or ``turns`` (list of str), and if wanted
    ``district`` and ``as_of`` (ISO date).
    """

    def understood(state: dict[str, Any]) -> Asked:
        return understand_turns(
            state.get("turns") or [state["question"]],
            district=state.get("district"),
            as_of=_day(state),
        )

    def answered(state: dict[str, Any]) -> Answer:
        return compose(
            state["asked"].query,
            state["reading"],
            as_of=state["asked"].query.as_of or _day(state),
            known=assistant.knowledge,
            thresholds=assistant.reader.thresholds,
        )

    def read(state: dict[str, Any]) -> Reading:
        return assistant.read(state["asked"], state["asked"].query.as_of or _day(state))

    return (
        RunnablePassthrough.assign(
            asked=RunnableLambda(understood).with_config(run_name="understand")
        )
        | RunnablePassthrough.assign(reading=RunnableLambda(read).with_config(run_name="read"))
        | RunnableLambda(answered).with_config(run_name="answer")
    )


def _day(state: dict[str, Any]) -> str:
    return state.get("as_of") or date.today().isoformat()


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
