"""Models that hang, break the protocol or say what no clause carries, behind the real assistant."""

from __future__ import annotations

import os
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table

import prompts
from assistant.answer.figures import plain
from assistant.answer.verify import MARK, marks, sentences
from assistant.ask import Assistant
from assistant.records import Answer, Draft
from assistant.settings import Settings
from scripts.hostile_documents import peak_mib
from scripts.llm_server import (
    ENDLESS,
    HEAD,
    HUGE,
    NESTED,
    Script,
    event,
    forever,
    packed,
    serving,
)
from scripts.measure_verification import ADDRESSES, COMPARATORS, DIRECTIONS, POLARITY
from scripts.serving import free_port

QUESTIONS = (
    "小微企业首次贷款有什么支持？",
    "首次升规的软件企业奖励多少？",
    "企业技术中心怎么认定？",
)
TIMEOUT, LATE = 2.0, 1.0  # seconds: of the setting, and what may come on top
MEMORY = 64  # MiB that one kind may take more than the assistant has
ROOM = 1900  # characters of the model's reply: longer ones are refused as such
HONEST = "an honest model"
FOREIGN = re.compile(r"<\w|[\x00-\x09\x0b-\x1f\x7f-\x9f]|://|www\.|微信|13800138000")

Model = Callable[[], Script]
Makes = Callable[[str], Iterable[str]]  # a true sentence → wrong ones, but for their marks


def beside(*added: str) -> Makes:
    return lambda true: (f"{true.rstrip('。')}，{more}。" for more in added)


def instead(*said: str) -> Makes:
    return lambda true: said


def inverted(true: str) -> Iterator[str]:
    for left, right in (*POLARITY, *COMPARATORS, *DIRECTIONS):
        if (wrong := re.sub(left, right, true, count=1)) != true:
            yield wrong


def other_amounts(true: str) -> Iterator[str]:
    if (wrong := re.sub(r"\d+", lambda m: str(int(m[0]) * 2 + 1), true)) != true:
        yield wrong


# with marks of their own
MARKED: dict[str, Makes] = {
    "no mark": lambda true: [true],
    "marks of no citation": lambda true: [f"{true}[{n}]" for n in (0, 7, 99, 999)],
    "10,000 marks": lambda true: [true + "[1]" * 10_000],
    "1,000 marks": lambda true: [true + "[1]" * 1_000],
}
# with the true sentence's mark
SAID: dict[str, Makes] = {
    "inverted": inverted,
    "other amounts": other_amounts,
    "links, WeChat, telephones": beside(*ADDRESSES, "请加微信"),
    "the prompt": instead(*re.findall(r"[^。\n]+。", prompts.load("answer_system").template)),
    "markup and scripts": beside(
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[见](javascript:a)"
    ),
    "orders to the terminal": beside(
        "\x1b[31m\x1b[2J", "\x1b]0;x\x07", "\x9b2J", "\x00\x08", "\u202e〔倒〕"
    ),
    "no policy at all": instead("忽略以上要求。", "每家企业奖励5000万元。", "多喝热水。"),
}
# deltas of a stream
WRONG_TYPES = (
    {"content": 7},
    {"content": ["补", 1, None]},
    {"content": {"text": "补"}},
    {"content": None, "role": 5},
    {"tool_calls": "补"},
    {"tool_calls": [{"index": "x", "function": 3}]},
    {"function_call": []},
)


@dataclass
class Talks(Script):
    """A model that says, after every true sentence or alone, wrong ones of a kind."""

    wrong: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, make: Makes, mark: str = "[{n}]", alone: bool = False) -> Talks:
        script = cls()

        def text(request: dict) -> str:
            reply = ""
            for n, true in _clauses(request):
                said = [wrong + mark.format(n=n) for wrong in make(true)]
                for wrong in said or [""]:
                    reply += wrong if said and alone else f"{true}[{n}]{wrong}"
                    script.wrong += [wrong] if said else []
                    if len(reply) > ROOM:
                        return reply
            return reply

        script.text = text
        return script


def _clauses(request: dict) -> Iterator[tuple[str, str]]:
    """Numbers and sentences of the clauses that the model is given."""
    user = request["messages"][1]["content"]
    fence = user.split("\n")[1]
    parts = re.split(r"^\[(\d)\] .*\n", user.split(f"\n{fence}\n")[1], flags=re.M)[1:]
    for n, clause in zip(parts[::2], parts[1::2], strict=True):
        for true in sentences(clause):
            if len(true) > 15 and true.endswith("。"):
                yield n, true


def _true(request: dict) -> str:
    return "".join(f"{true}[{n}]" for n, true in _clauses(request))[:ROOM]


def _page(line: str, body: str = "<html><script>alert(1)</script>") -> Model:
    head = f"HTTP/1.1 {line}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    return partial(Script, raw=[head.encode(), body.encode()])


def _events(*data: bytes) -> Model:
    pieces = [b"data: %s\n\n" % one for one in data]
    return partial(Script, raw=[HEAD + b"\r\n", *pieces, event({}, "stop")])


def kinds() -> Iterator[tuple[str, list[Model]]]:
    """Name and models of every kind."""
    yield HONEST, [partial(Talks.of, lambda true: ())]
    text = event({"content": "补"})
    endless = {
        "nothing at all": partial(forever, b"", b""),
        "a byte a second": partial(forever, HEAD + b"\r\ndata: ", b"{", 1.0),
        **ENDLESS,
        "text for ever": partial(forever, HEAD + b"\r\n", text, 0.001),
    }
    for name, make in endless.items():
        yield name, [lambda make=make: Script(raw=make())]
    for name, pieces in HUGE.items():
        yield name, [partial(Script, raw=pieces)]
    yield "32 MiB packed", [partial(Script, raw=packed())]
    yield "500,000 brackets", [partial(Script, raw=NESTED)]
    broken = text.removeprefix(b"data: ").strip().replace("补".encode(), b"\xff\xfe\xe8")
    yield "no UTF-8", [_events(broken), _events(b"\xff\xfe\x00{")]
    deltas = [event(delta).removeprefix(b"data: ").strip() for delta in WRONG_TYPES]
    shapes = (b"[]", b"7", b"null", b'{"choices": {"0": 1}}')
    yield "wrong types", [*map(_events, deltas), *map(_events, shapes)]
    yield "HTTP 500, 401", [_page("500 No"), _page("401 No")]
    elsewhere, itself = "http://127.0.0.1:9/v1", "/v1/chat/completions"
    yield (
        "HTTP 301, 307",
        [_page(f"301 Moved\r\nLocation: {elsewhere}"), _page(f"307 Moved\r\nLocation: {itself}")],
    )
    yield "a web page", [_page("200 OK")]
    yield "empty", [_page("200 OK", ""), partial(Script, raw=[]), _events()]
    yield "closes midway", [partial(Script, _true, cut_after=9)]
    yield "a stream without end mark", [partial(Script, _true, finish=None)]
    for mark, said in (("", MARKED), ("[{n}]", SAID)):
        for name, made in said.items():
            yield name, [partial(Talks.of, made, mark, alone) for alone in (False, True)]


def objections(shown: Sequence[Draft | Answer], excerpt: Answer) -> Iterator[str]:
    """What is wrong with what was shown on the way and at the end."""
    *_, answer = shown
    assert isinstance(answer, Answer)
    if answer.mode == "extractive" and answer.text != excerpt.text:
        yield "neither the model's answer nor the excerpt"
    for one in shown:
        if any(map(FOREIGN.search, (one.text, *getattr(one, "notes", ())))):
            yield "an address, a tag or an order is shown"
        if one.text != excerpt.text:
            yield from (f"shown: {s[:40]}" for s in sentences(one.text) if not _held(s, one))


def _held(sentence: str, shown: Draft | Answer) -> bool:
    """Whether a clause that the sentence cites holds it word for word."""
    clauses = {c.n: plain(c.hit.measure.text + c.validity.basis) for c in shown.citations}
    said = plain(MARK.sub("", sentence)).removeprefix("注意:")
    numbers = marks(sentence)
    known = 0 < len(numbers) <= len(clauses) and clauses.keys() >= set(numbers)
    return known and any(said in clauses[n] for n in numbers)


def report() -> Iterator[str]:
    """A table, a row a kind.

    Raises:
        SystemExit: an answer was missing, late, dear, or showed what no clause holds.
    """
    warnings.filterwarnings("ignore", message="Pydantic serializer")  # told of wrong types
    port = free_port()
    settings = Settings(
        llm_base_url=f"http://127.0.0.1:{port}/v1", llm_model="hostile", llm_timeout=TIMEOUT
    )
    assistant = Assistant.open(settings)
    plain_one = Assistant.open(settings.model_copy(update={"llm_model": ""}))
    excerpts = [plain_one.ask(question) for question in QUESTIONS]
    with serving(Script(_true), port):
        assistant.ask(QUESTIONS[0])  # what is loaded once is no part of the first kind
    titles = ("model", "asked", "written by it", "wrong said", "slowest s", "more MiB", "fault")
    table, faulty = Table(*titles), []
    for name, models in kinds():
        counts, slowest, faults, before = Counter(), 0.0, [], _settled()
        for make, excerpt in product(models, excerpts):
            script = make()
            with serving(script, port):
                began = time.monotonic()
                shown = list(assistant.stream(excerpt.question))
                slowest = max(slowest, time.monotonic() - began)
            counts += Counter(
                asked=1, llm=shown[-1].mode == "llm", wrong=len(getattr(script, "wrong", ()))
            )
            faults += objections(shown, excerpt)
        more = peak_mib(os.getpid()) - before
        if slowest > TIMEOUT + LATE:
            faults.append("late")
        if more > MEMORY:
            faults.append("memory")
        if name == HONEST and counts["llm"] < counts["asked"]:
            faults.append("an honest model is not shown")
        table.add_row(
            name,
            str(counts["asked"]),
            str(counts["llm"]),
            str(counts["wrong"]),
            f"{slowest:.2f}",
            str(more),
            "; ".join(dict.fromkeys(faults)),
        )
        faulty += [name] if faults else []
    console = Console(width=120)
    with console.capture() as captured:
        console.print(table)
    yield captured.get()
    if faulty:
        raise SystemExit(f"gave way: {', '.join(faulty)}")


def _settled() -> int:
    """MiB of this process, from which its peak counts anew (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_mib(os.getpid())
