"""Answers written by a configured LLM, let through sentence by sentence after verification.

Any OpenAI-compatible endpoint serves (``langchain-openai``).  The extractive answer is always
there first; it is what the user gets when the LLM is down, slow, or says what the clauses do
not carry.  Nothing unverified is ever streamed: a sentence is held back until it is complete and
has passed :func:`assistant.answer.verify.objection`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import prompts
from assistant.answer.endpoint import TOO_LONG, endpoint
from assistant.answer.verify import MARK, Cut, marks, objection, sentences
from assistant.errors import LLMError
from assistant.records import Answer, Citation
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI
    from openai import DefaultHttpxClient

MAX_ANSWER_CHARS = 4000
_LATE = "大模型超时未答完"
_FAILED = "已改用条款原文摘录作答"
# what langchain-openai raises when the endpoint's JSON has another shape
UNREADABLE = (KeyError, TypeError, AttributeError, ValueError, RecursionError)


class Generator:
    """One LLM behind an OpenAI-compatible endpoint.

    Args:
        settings: ``llm_base_url``, ``llm_model``, ``llm_api_key`` and ``llm_timeout`` (seconds
            for the whole answer, first byte to last).
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def stream(self, question: str, citations: Sequence[Citation], as_of: str) -> Iterator[str]:
        """The raw pieces of the model's answer.

        Raises:
            LLMError: the endpoint failed, timed out, was cut off, or sent what is no answer.
        """
        finish, length = None, 0
        with _failures(), endpoint(self._settings.llm_timeout) as (client, watch):
            try:
                for piece in self._chat(client).stream(_messages(question, citations, as_of)):
                    finish = piece.response_metadata.get("finish_reason") or finish
                    text = piece.text if isinstance(piece.text, str) else ""
                    length += len(text)
                    if length > MAX_ANSWER_CHARS:
                        raise LLMError(TOO_LONG, _FAILED)
                    if text and not watch.over:  # what is late is not shown
                        yield text
            except Exception as error:
                if watch.over:  # whatever the shut connection looked like
                    raise LLMError(_LATE, _FAILED, retryable=True) from error
                raise
            if watch.over:
                raise LLMError(_LATE, _FAILED, retryable=True)
        if length == 0:
            raise LLMError("大模型没有给出回答", _FAILED)
        if finish not in ("stop", "length"):
            raise LLMError("大模型的回答中途断开", _FAILED, retryable=True)
        if finish == "length":
            raise LLMError("大模型的回答被截断", _FAILED)

    def _chat(self, client: DefaultHttpxClient) -> ChatOpenAI:
        from langchain_openai import ChatOpenAI

        s = self._settings
        return ChatOpenAI(
            base_url=s.llm_base_url or None,
            api_key=s.llm_api_key if s.llm_api_key.get_secret_value() else "none",  # type: ignore[arg-type]
            model=s.llm_model,
            http_client=client,
            timeout=s.llm_timeout,
            max_retries=0,
            temperature=0,
        )


@contextmanager
def _failures() -> Iterator[None]:
    """What the libraries raise, as an :class:`LLMError` that says it to the user."""
    import httpx2
    import openai

    try:
        yield
    except openai.APITimeoutError as error:
        raise LLMError("大模型超时未响应", _FAILED, retryable=True) from error
    except openai.RateLimitError as error:
        raise LLMError("大模型限流，暂时不能使用", _FAILED, retryable=True) from error
    except openai.AuthenticationError as error:
        raise LLMError("大模型的密钥被拒绝", "请检查 ASSISTANT_LLM_API_KEY") from error
    except openai.APIStatusError as error:
        message = f"大模型服务出错（HTTP {error.status_code}）"
        raise LLMError(message, _FAILED, retryable=error.status_code >= 500) from error
    except (openai.OpenAIError, httpx2.HTTPError) as error:
        raise LLMError("连不上大模型服务", _FAILED, retryable=True) from error
    except UNREADABLE as error:
        raise LLMError("大模型服务返回了无法识别的内容", _FAILED) from error


def generated(
    generator: Generator, extractive: Answer, evidence: Sequence[Citation], as_of: str
) -> Iterator[str | Answer]:
    """Verified sentences as they come, and last the whole :class:`Answer`.

    Args:
        extractive: the answer without an LLM, given when the LLM's cannot be used.
        evidence: the numbered citations that the model may use.
    """
    kept: list[str] = []
    cuts: list[Cut] = []
    first_kept: bool | None = None
    buffer = ""

    def settle(done: list[str]) -> Iterator[str]:
        nonlocal first_kept
        for sentence in done:
            why = objection(sentence, evidence)
            if first_kept is None:
                first_kept = why is None
            if why:
                cuts.append(Cut(sentence, why))
            else:
                kept.append(sentence)
                yield sentence

    try:
        for piece in generator.stream(extractive.standalone_question, evidence, as_of):
            buffer += piece
            ready = sentences(buffer)
            # the last one may still grow, or be the beginning of its predecessor's citation mark
            if len(ready) > 1 and ready[-1][0] not in "[［【" and first_kept is not False:
                yield from settle(ready[:-1])
                buffer = ready[-1]
        yield from settle(sentences(buffer))
    except LLMError as error:
        yield replace(extractive, notes=(*extractive.notes, str(error)))
        return
    if not kept or not first_kept or len(cuts) > len(kept):
        why = "、".join(dict.fromkeys(cut.why for cut in cuts)) or "没有可用的句子"
        note = f"大模型的回答未通过核对（{why}），{_FAILED}"
        yield replace(extractive, notes=(*extractive.notes, note))
        return
    yield _assembled("".join(kept), cuts, extractive, evidence)


def _assembled(
    text: str, cuts: Sequence[Cut], extractive: Answer, evidence: Sequence[Citation]
) -> Answer:
    """The verified text with its citations renumbered in order of appearance."""
    by_number = {c.n: c for c in evidence}
    order = {n: i for i, n in enumerate(dict.fromkeys(marks(text)), start=1)}

    def renumber(match: object) -> str:
        numbers = marks(match.group())  # type: ignore[attr-defined]
        return "".join(f"[{order[n]}]" for n in numbers)

    citations = tuple(replace(by_number[old], n=new) for old, new in order.items())
    text = MARK.sub(renumber, text)
    warning = _validity_warning(citations)
    notes = extractive.notes
    if cuts:
        why = "、".join(dict.fromkeys(cut.why for cut in cuts))
        notes = (*notes, f"大模型的回答删去了 {len(cuts)} 句（{why}）")
    return replace(extractive, text=warning + text, citations=citations, mode="llm", notes=notes)


def _validity_warning(citations: Sequence[Citation]) -> str:
    """An answer that rests on what is no longer in force says so first, whatever the model did."""
    first = citations[0]
    if first.validity.status in ("expired", "repealed") and first.validity.basis:
        return f"注意：{first.validity.basis}[{first.n}]\n"
    return ""


def _messages(question: str, citations: Sequence[Citation], as_of: str) -> list[tuple[str, str]]:
    # The fence is a fresh random word, so that no document can close it.
    nonce = secrets.token_hex(8)
    user = prompts.load("answer_user").substitute(
        question=question, evidence="\n\n".join(map(_evidence, citations)), nonce=nonce
    )
    return [("system", prompts.load("answer_system").substitute(as_of=as_of)), ("user", user)]


def _evidence(citation: Citation) -> str:
    document, measure = citation.hit.document, citation.hit.measure
    head = f"[{citation.n}] 《{document.title}》{document.doc_number or ''} {measure.label or ''}"
    return f"{head}（{citation.validity.basis or citation.validity.status}）\n{measure.text}"
