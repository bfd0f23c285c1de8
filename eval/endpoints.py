"""Whom to ask: our own assistant in this process, an HTTP API, a file, or an adapter.

Every endpoint takes a request in the form of batch input and gives the answer as ``ask --json``
does.  An **adapter** is a Python file with a function ``answer(request: dict) -> dict`` (and,
optionally, a dict ``DESCRIPTION`` for the report): a page of code puts any system on the same
questions and scorer.  ``docs/evaluation.md`` has an example.
"""

from __future__ import annotations

import importlib.util
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import AssistantError, BadInputError

Request = Mapping[str, Any]
MODES = ("extractive", "llm")


class Endpoint(Protocol):
    """Something that answers; ``description`` identifies it in manifests and reports."""

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> Mapping[str, Any]: ...

    def answer(self, request: Request) -> dict[str, Any]:
        """One answer in the form of the contract.

        Raises:
            AssistantError: this question cannot be answered; the run goes on and counts it
                as failed.
        """
        ...


@dataclass(frozen=True)
class FunctionEndpoint:
    name: str
    function: Callable[[dict[str, Any]], dict[str, Any]]
    description: Mapping[str, Any] = field(default_factory=dict)

    def answer(self, request: Request) -> dict[str, Any]:
        return self.function(dict(request))


@dataclass(frozen=True)
class HttpEndpoint:
    """POSTs each request as JSON to ``url``; expects the answer's JSON object back."""

    url: str
    timeout: float = 60.0
    name: str = "http"

    @property
    def description(self) -> Mapping[str, Any]:
        return {"url": self.url}

    def answer(self, request: Request) -> dict[str, Any]:
        call = urllib.request.Request(
            self.url,
            data=json.dumps(dict(request), ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(call, timeout=self.timeout) as reply:
                body = json.load(reply)
        except urllib.error.HTTPError as error:
            detail = error.read(500).decode("utf-8", "replace")
            raise AssistantError(f"{self.url} 返回 {error.code}：{detail}") from error
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise AssistantError(f"连不上 {self.url}：{error}", "请确认服务已启动") from error
        except json.JSONDecodeError as error:
            raise AssistantError(f"{self.url} 返回的不是 JSON") from error
        if not isinstance(body, dict):
            raise AssistantError(f"{self.url} 返回的不是 JSON 对象")
        return body


@dataclass(frozen=True)
class FileEndpoint:
    """Answers written before, by ``ask --batch`` or any other system."""

    path: Path
    rows: Mapping[str, dict[str, Any]]
    name: str = "file"

    @property
    def description(self) -> Mapping[str, Any]:
        return {"file": self.path.name}

    def answer(self, request: Request) -> dict[str, Any]:
        if request["id"] not in self.rows:
            raise AssistantError(f"{self.path.name} 里没有 {request['id']} 的回答")
        row = self.rows[request["id"]]
        return {"elapsed_ms": (row.get("timings_ms") or {}).get("total")} | row


def _read_file(path: Path) -> FileEndpoint:
    rows: dict[str, dict[str, Any]] = {}
    if not path.is_file():
        raise BadInputError(f"找不到回答文件 {path}")
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
                rows[row["id"]] = row
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise BadInputError(f"{path.name}:{number}: 不是带 id 的 JSON 对象") from error
    return FileEndpoint(path, rows)


def load_adapter(path: Path) -> FunctionEndpoint:
    """The ``answer`` function of a Python file.

    Raises:
        BadInputError: the file is missing or has no such function.
    """
    spec = importlib.util.spec_from_file_location(f"eval_adapter_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise BadInputError(f"找不到适配文件 {path}", "应为含 answer(request) 函数的 .py 文件")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, "answer", None)
    if not callable(function):
        raise BadInputError(f"{path} 里没有 answer(request) 函数", "写法见 docs/evaluation.md")
    description = {"adapter": path.name, **getattr(module, "DESCRIPTION", {})}
    return FunctionEndpoint(path.stem, function, description)


def open_assistant(mode: str) -> FunctionEndpoint:
    """Our own assistant in this process, with the current settings and index.

    Args:
        mode: ``extractive`` asks without an LLM whatever is configured; ``llm`` needs one.
    """
    from assistant.settings import get_settings

    settings = get_settings()
    if mode == "extractive":
        settings = settings.model_copy(update={"llm_model": ""})
    elif not settings.llm_model:
        raise BadInputError(
            "没有配置大模型", "请设置 ASSISTANT_LLM_MODEL 等，或用 --mode extractive"
        )
    from assistant.ask import Assistant
    from assistant.wire import answer_to_json, profile_from_json
    from eval.provenance import describe_assistant

    assistant = Assistant.open(settings)

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        turns = tuple(request.get("turns") or (request["question"],))
        given = assistant.ask(
            question=turns[-1],
            turns=turns,
            as_of=request.get("as_of") or date.today().isoformat(),
            district=request.get("district"),
            profile=profile_from_json(request.get("profile")),
        )
        return answer_to_json(given, id=request["id"])

    return FunctionEndpoint(mode, answer, describe_assistant(settings, mode))


def open_endpoint(target: str, mode: str = "extractive") -> Endpoint:
    """``assistant``, ``http://…``, ``file:OUT.jsonl`` or ``adapter:SYSTEM.py``.

    An address without a path is our own server: its answers are asked for at ``/api/ask``.

    Raises:
        BadInputError: the target or the mode is none of these.
    """
    if mode not in MODES:
        raise BadInputError(f"没有 {mode} 这种模式", f"可选：{'、'.join(MODES)}")
    if target == "assistant":
        return open_assistant(mode)
    if target.startswith(("http://", "https://")):
        path = urllib.parse.urlsplit(target).path.strip("/")
        return HttpEndpoint(target if path else target.rstrip("/") + "/api/ask")
    kind, _, rest = target.partition(":")
    if kind == "file" and rest:
        return _read_file(Path(rest))
    if kind == "adapter" and rest:
        return load_adapter(Path(rest))
    raise BadInputError(
        f"看不懂被测系统 {target}", "可选：assistant、http://…、file:回答.jsonl、adapter:适配.py"
    )
