"""Kill, corrupt, fill and swap an index of two small policies, and look at what is answered.

Whatever is done to it, a question is answered as before (or, after a change of the sources, as
after it), or refused with an error meant for users; never otherwise.  Everything that is done is
drawn from the seed.

Usage: python scripts/torture.py [--seed 1] [--kills 60] [--cases 100] [--quick] [--only kills]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401  loaded here, so that the kills hit the work and not the imports
from fastapi import FastAPI
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.store import generation
from assistant.store.build import ingest
from assistant.store.health import repair
from assistant.store.open import open_index
from assistant.wire import answer_to_json
from ui import staff
from ui.feedback import FeedbackStore
from ui.service import Service

FORK = multiprocessing.get_context("fork")
QUESTIONS = ("试验区新设的花卉市场补贴多少？", "试验区夜间集市的照明补贴多少？")
POLICY = """上海市试验区人民政府关于印发《试验区{what}扶持办法》的通知
沪试府规〔2024〕{number}号

各有关单位：
现将《试验区{what}扶持办法》印发给你们，请认真贯彻执行。

上海市试验区人民政府
2024年3月1日

试验区{what}扶持办法

第一条 为扶持{what}，制定本办法。
第二条 对{rule}，给予{sum}万元补贴。
第三条 本办法自2024年4月1日起施行，有效期至2027年3月31日。
"""
OLD, NEW = 30, 45  # 万元, before and after a change of the source
CHILD_SECONDS = 120  # no step takes five; one that hangs is a fault
SWAP_EVENTS = 14  # of the audited steps of an ingest, those from the last file to the cleaning


def policies(sum_: int) -> dict[str, str]:
    flowers = {"what": "花卉市场", "number": 21, "rule": "新设的花卉市场", "sum": sum_}
    night = {"what": "夜间集市", "number": 22, "rule": "夜间集市的照明", "sum": sum_ + 7}
    return {"花卉.txt": POLICY.format(**flowers), "集市.txt": POLICY.format(**night)}


@dataclass
class Row:
    """A line of the table: what was done, how often each outcome came, and the faults."""

    what: str
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, outcome: str, case: str, *, fault: bool = False) -> None:
        self.outcomes[outcome] += 1
        if fault:
            self.faults.append(f"{case}: {outcome}")

    def line(self) -> str:
        told = "、".join(f"{name} {n}" for name, n in sorted(self.outcomes.items()))
        return f"| {self.what} | {self.outcomes.total()} | {told} | {len(self.faults)} |"


class Home:
    """Sources, index and state in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            sources=folder / "sources",
            index=folder / "index",
            state=folder / "state",
            reader="off",  # what is looked at is the index, and a case takes half the time
            _env_file=None,
        )
        self.settings.sources.mkdir(parents=True, exist_ok=True)

    def write(self, sum_: int) -> None:
        for name, text in policies(sum_).items():
            (self.settings.sources / name).write_text(text, encoding="utf-8")

    def current(self) -> Path:
        return generation.current(self.settings.index)


def in_child(work: Callable[..., Any], *arguments: Any) -> Any:
    """What ``work`` returns in a process of its own; ``{"died": …}`` when it gives nothing back."""
    ours, theirs = FORK.Pipe(duplex=False)

    def send() -> None:
        theirs.send(work(*arguments))

    process = FORK.Process(target=send)
    process.start()
    theirs.close()
    try:
        if not ours.poll(CHILD_SECONDS):
            process.kill()
            return {"died": "没有结束"}
        return ours.recv()
    except EOFError:
        process.join()
        return {"died": f"进程结束（{process.exitcode}）"}
    finally:
        process.join()


# ----- what is answered -----


def told(settings: Settings) -> dict[str, Any]:
    """Answers to all questions without times and notes, or the error; and what readiness says."""
    service = Service(settings)
    found: dict[str, Any] = {"ready": _refusal(getattr(service, "ready", service.problem))}
    fresh = Service(settings)  # as a process would that is started now
    try:
        found["answers"] = [_answer(fresh, question) for question in QUESTIONS]
    except AssistantError as error:
        found["error"] = str(error)
    except Exception as error:  # noqa: BLE001 - an error that is not for users is what we look for
        found["traceback"] = f"{type(error).__name__}: {error}"
    return found


def _answer(service: Service, question: str) -> dict[str, Any]:
    plain = answer_to_json(service.assistant.ask(question, as_of="2025-01-01"))
    hits = service.assistant.retrieve(question, k=5)
    ranked = [(hit.measure.measure_id, round(hit.score, 4)) for hit in hits]
    # what is retrieved quotes other documents, which may have changed
    own = {k: v for k, v in plain.items() if k not in ("timings_ms", "notes", "retrieved")}
    return own | {"ranked": ranked}


def _refusal(ready: Callable[[], Any]) -> str:
    try:
        problem = ready()
    except Exception as error:  # noqa: BLE001 - each is a 503
        return str(error)
    return str(problem) if isinstance(problem, AssistantError) else ""


def outcome(found: Mapping[str, Any], right: list[Any], *, ranks: bool = True) -> tuple[str, bool]:
    """What came of a question in a word or two, and whether it is a fault.

    Ranks are left out where the corpus holds an upload: its sum is another each time, which moves
    the scores of all that is ranked beside it.
    """
    if "died" in found or "traceback" in found:
        return found.get("died") or "异常", True
    if "error" in found:
        return ("说明原因", False) if found["ready"] else ("就绪却答不出", True)
    answers = found["answers"]
    if not ranks:
        answers, right = _unranked(answers), [_unranked(answers) for answers in right]
    if answers not in right:
        return "答错", True
    return ("没有就绪却能答", True) if found["ready"] else ("答对", False)


def _unranked(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in answer.items() if k != "ranked"} for answer in answers]


# ----- (a) kills -----


def kills(folder: Path, chance: random.Random, number: int) -> list[Row]:
    """Kill ingests, uploads and repairs at random steps, and half of them around the swap."""
    rows = {name: Row(f"kill -9：{name}") for name in ("入库", "上传", "修复", "反馈")}
    works = {"入库": _change, "上传": _upload, "修复": repair}
    home = Home(folder)
    right = _both(home)
    steps = {name: in_child(_counted, work, home.settings) for name, work in works.items()}
    for n in range(number):
        name = list(rows)[n % len(rows)]
        if name == "反馈":
            _kill_feedback(home.settings, chance, rows[name], n)
            continue
        home.write(OLD)
        in_child(_quiet, ingest, home.settings)
        last = steps[name]
        first = last - SWAP_EVENTS if chance.random() < 0.5 else 1
        step = chance.randint(max(1, first), last)
        home.write(NEW if name == "入库" else OLD)
        in_child(_killed_at, step, works[name], home.settings)
        found, fault = outcome(in_child(told, home.settings), right, ranks=False)
        if not fault and found == "答对":
            in_child(_quiet, ingest, home.settings)  # what comes after a kill works as ever
            _, fault = outcome(in_child(told, home.settings), right, ranks=False)
            fault = fault or in_child(_kite_differs, home.settings) is not False
            fault = fault or in_child(_lost_or_doubled, home.settings) is not False
        rows[name].add(found, f"{name}, step {step} of {last}", fault=fault or found != "答对")
    return list(rows.values())


def first_kills(folder: Path, chance: random.Random, number: int) -> Row:
    """Kill the first ingest of all: it is said that there is no index, or it answers."""
    row = Row("kill -9：首次入库")
    home = Home(folder)
    home.write(OLD)
    steps = in_child(_counted, _change, home.settings)
    right = [in_child(told, home.settings)["answers"]]
    for _ in range(number):
        shutil.rmtree(home.settings.index)
        step = chance.randint(1, steps)
        in_child(_killed_at, step, _change, home.settings)
        found, fault = outcome(in_child(told, home.settings), right)
        in_child(_quiet, ingest, home.settings)
        after, _ = outcome(in_child(told, home.settings), right)
        fault = fault or after != "答对"
        fault = fault or in_child(_lost_or_doubled, home.settings) is not False
        row.add(found, f"step {step} of {steps}, then {after}", fault=fault)
    return row


def _lost_or_doubled(settings: Settings) -> bool:
    """Whether the index holds anything twice, or not all that belongs together."""
    index = open_index(settings)
    measures = [m.measure_id for m in index.catalogue.measures()]
    chunks = index.catalogue.chunk_ids()
    doubled = len(set(measures)) != len(measures) or len(set(chunks)) != len(chunks)
    whole = len(chunks) == len(index.vectors) == index.manifest.counts["chunks"]
    return doubled or not whole or list(index.lexical.ids) != measures


def _both(home: Home) -> list[Any]:
    """The answers before and after the change, an ingest of each."""
    home.write(OLD)
    in_child(_quiet, ingest, home.settings)
    in_child(_upload, home.settings)  # the corpus that every later upload leaves
    right = []
    for sum_ in (NEW, OLD):
        home.write(sum_)
        in_child(_quiet, ingest, home.settings)
        found = in_child(told, home.settings)
        right.append(found.get("answers"))
        if not right[-1] or f"{sum_}万元" not in right[-1][0]["answer"]:
            raise SystemExit(f"the whole index does not answer: {found}")
    return right


def _change(settings: Settings) -> None:
    ingest(settings)


def _upload(settings: Settings) -> int:
    """A new version of a document that is no source yet, previewed and taken in."""
    app = FastAPI()
    app.include_router(staff.router(Service(settings)))
    http = TestClient(app, raise_server_exceptions=False)
    text = POLICY.format(what="风筝", number=23, rule="风筝作坊", sum=os.getpid() % 90 + 10)
    preview = http.post("/staff/preview", files={"file": ("风筝.txt", text.encode())})
    if preview.status_code != 200:
        return preview.status_code
    return http.post(f"/staff/take/{preview.text.split('data-token=')[1][1:33]}").status_code


def _kite_differs(settings: Settings) -> bool:
    """Whether index and folder of uploads hold another version of the document."""
    text = (settings.state / "uploads" / "风筝.txt").read_text(encoding="utf-8")
    held = [m.text for m in open_index(settings).catalogue.measures() if "风筝作坊" in m.text]
    return len(held) != 1 or held[0].split("给予")[1] not in text


def _counted(work: Callable[[Settings], Any], settings: Settings) -> int:
    """How many steps on files the work takes."""
    seen = Counter[str]()
    sys.addaudithook(lambda event, _: seen.update([event]))
    _quiet(work, settings)
    return sum(seen[event] for event in _STEPS)


_STEPS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"})


def _killed_at(step: int, work: Callable[[Settings], Any], settings: Settings) -> None:
    """Do the work until its ``step``-th step on a file, before which the process is killed."""
    left = step

    def hook(event: str, _: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _STEPS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    work(settings)


def _quiet(work: Callable[[Settings], Any], settings: Settings) -> str:
    """The work, and what it says to users when it fails."""
    try:
        work(settings)
    except AssistantError as error:
        return str(error)
    return ""


def _kill_feedback(settings: Settings, chance: random.Random, row: Row, n: int) -> None:
    """Feedback that was acknowledged before the kill is there after it."""
    store = FeedbackStore(settings.state / "feedback.sqlite", keep_days=100)
    ours, theirs = FORK.Pipe(duplex=False)

    def give() -> None:
        while True:
            theirs.send(
                store.add(
                    question="问", answer={}, thumb="up", reason=None, comment="", version="1"
                )
            )

    process = FORK.Process(target=give)
    process.start()
    theirs.close()
    acknowledged = []
    for _ in range(chance.randint(1, 6)):
        acknowledged.append(ours.recv())
    process.kill()
    process.join()
    while ours.poll():
        try:
            acknowledged.append(ours.recv())
        except EOFError:
            break
    lost = set(acknowledged) - {row_.id for row_ in store.rows(1000)}
    row.add("丢失" if lost else "都在", f"feedback {n}", fault=bool(lost))


# ----- (b) corruption -----


def _flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _zero(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data))
    data[start : start + 512] = bytes(len(data[start : start + 512]))
    path.write_bytes(data)


def _truncate(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


def _grow(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.randbytes(64))


def _delete(path: Path, chance: random.Random) -> None:
    path.unlink()


def _swap(path: Path, chance: random.Random) -> None:
    other = chance.choice([p for p in files(path.parent) if p != path] or [path])
    first, second = path.read_bytes(), other.read_bytes()
    path.write_bytes(second)
    other.write_bytes(first)


def _edit(path: Path, chance: random.Random) -> None:
    """Another sum in the text of the catalogue, as whole a database as before."""
    old, new = f"{OLD}万元".encode(), f"{OLD + 60}万元".encode()
    path.write_bytes(path.read_bytes().replace(old, new))


def _edit_unlisted(path: Path, chance: random.Random) -> None:
    """The same, with a manifest that lists nothing."""
    _edit(path, chance)
    manifest = path.with_name(generation.MANIFEST)
    plain = json.loads(manifest.read_text(encoding="utf-8")) | {"files": {}}
    manifest.write_text(json.dumps(plain), encoding="utf-8")


SHAPES = {
    "翻转一位": _flip,
    "清零一段": _zero,
    "截短": _truncate,
    "变长": _grow,
    "删除": _delete,
    "两个文件对调": _swap,
}
EDITS = {"改数字": _edit, "改数字且清单为空": _edit_unlisted}


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def corruption(folder: Path, chance: random.Random, cases: int | None) -> list[Row]:
    """Every shape of damage to every file: answered right or refused, and repaired."""
    home = Home(folder / "whole")
    home.write(OLD)
    in_child(_quiet, ingest, home.settings)
    right = [in_child(told, home.settings)["answers"]]
    names = [p.relative_to(home.settings.index) for p in files(home.current())]
    names.append(Path("current"))
    catalogue = next(name for name in names if name.name == generation.CATALOGUE)
    todo = [(shape, name) for shape in SHAPES for name in names] + [(e, catalogue) for e in EDITS]
    if cases is not None:
        todo = [*chance.sample(todo, cases), *((edit, catalogue) for edit in EDITS)]
    rows = {shape: Row(shape) for shape in (SHAPES | EDITS)}
    repaired = Row("其后 doctor --repair")
    for shape, name in todo:
        hurt = Home(folder / "hurt")
        shutil.copytree(home.settings.sources, hurt.settings.sources, dirs_exist_ok=True)
        shutil.copytree(home.settings.index, hurt.settings.index)
        (SHAPES | EDITS)[shape](hurt.settings.index / name, chance)
        case = f"{shape} {name.name}"
        found, fault = outcome(in_child(told, hurt.settings), right)
        rows[shape].add(found, case, fault=fault)
        why = in_child(_quiet, repair, hurt.settings)
        found, _ = outcome(in_child(told, hurt.settings), right)
        if shape == "删除" and name.name == "current":
            # without the pointer there is no index yet: ingest makes one
            in_child(_quiet, ingest, hurt.settings)
            found, _ = outcome(in_child(told, hurt.settings), right)
        repaired.add(found, f"{case} ({why})", fault=found != "答对")
        shutil.rmtree(folder / "hurt")
    return [row for row in rows.values() if row.outcomes] + [repaired]


def truncated_live(folder: Path) -> Row:
    """A process that answers goes on answering when its files are cut to nothing."""
    row = Row("作答中的文件被截为零")
    home = Home(folder)
    home.write(OLD)
    in_child(_quiet, ingest, home.settings)

    def ask_on() -> list[tuple[str, bool]]:
        service = Service(home.settings)
        before = [_answer(service, question) for question in QUESTIONS]
        found = []
        for path in files(home.current()):
            os.truncate(path, 0)
            try:
                now = [_answer(service, question) for question in QUESTIONS]
                found.append(("答对", False) if now == before else ("答错", True))
            except AssistantError:
                found.append(("说明原因", False))
            except Exception as error:  # noqa: BLE001 - what we look for
                found.append((f"异常 {type(error).__name__}", True))
        return found

    found = in_child(ask_on)
    for number, (what, fault) in enumerate(
        [(found["died"], True)] if isinstance(found, dict) else found
    ):
        row.add(what, f"file {number}", fault=fault)
    return row


# ----- (c) a full disk -----


def full_disk(folder: Path, sizes: list[int]) -> Row:
    """No file can grow beyond so many bytes: the work says so, and the old state answers."""
    row = Row("磁盘已满")
    home = Home(folder)
    right = _both(home)[1:]
    for size in sizes:
        for name, work in {"入库": _rebuild, "上传": _upload, "修复": repair}.items():
            said = in_child(_on_a_full_disk, size, work, home.settings)
            found, fault = outcome(in_child(told, home.settings), right, ranks=False)
            clear = isinstance(said, str) and bool(said)
            row.add(
                found if clear else f"没有说明（{said}）",
                f"{name} {size}",
                fault=fault or not clear,
            )
    return row


def _rebuild(settings: Settings) -> None:
    ingest(settings, rebuild=True)


def _on_a_full_disk(size: int, work: Callable[[Settings], Any], settings: Settings) -> str:
    """What users are told."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        status = work(settings)
    except AssistantError as error:
        return str(error)
    return f"HTTP {status}" if isinstance(status, int) and status in (422, 503) else ""


# ----- (d) swaps under load -----


def swaps(folder: Path, number: int) -> Row:
    """Questions while generations change: each answer is wholly of one of them."""
    row = Row("作答中换代")
    home = Home(folder)
    right = _both(home)

    def ask_on() -> list[tuple[str, bool]]:
        service = Service(home.settings)
        found: list[tuple[str, bool]] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                for question, old_new in zip(QUESTIONS, zip(*right, strict=True), strict=True):
                    try:
                        plain = answer_to_json(service.assistant.ask(question, as_of="2025-01-01"))
                        same = any(all(plain[k] == r[k] for k in r if k in plain) for r in old_new)
                        found.append(("答对", False) if same else ("答错", True))
                    except Exception as error:  # noqa: BLE001 - what we look for
                        found.append((f"异常 {type(error).__name__}: {error}", True))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(number):
            home.write((NEW, OLD)[n % 2])
            ingest(home.settings)
        done.set()
        for thread in threads:
            thread.join()
        return found

    found = in_child(ask_on)
    for what, fault in [(found["died"], True)] if isinstance(found, dict) else found:
        row.add(what, "swap", fault=fault)
    return row


# ----- the table -----


def everything(
    folder: Path,
    seed: int,
    number: int,
    *,
    cases: int | None = None,
    quick: bool = False,
    only: str = "",
) -> Iterator[Row]:
    """The rows of the table, as they come; ``quick`` takes a seeded part of each."""
    chance = random.Random(seed)
    if only in ("", "kills"):
        yield from kills(folder / "kills", chance, number)
        yield first_kills(folder / "first", chance, max(1, number // 4))
    if only in ("", "corruption"):
        yield from corruption(folder / "corruption", chance, 2 if quick else cases)
        yield truncated_live(folder / "live")
    if only in ("", "full"):
        sizes = [0] if quick else [0, 1, 512, 4096, 20_000, 65_536, 100_000]
        yield full_disk(folder / "full", sizes)
    if only in ("", "swaps"):
        yield swaps(folder / "swaps", 2 if quick else 12)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--cases", type=int, help="of damage to files; else all")
    parser.add_argument("--quick", action="store_true", help="a few cases of everything")
    parser.add_argument("--only", choices=("kills", "corruption", "full", "swaps"), default="")
    given = parser.parse_args()
    faults: list[str] = []
    sys.stdout.write("| what | cases | outcomes | faults |\n|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as name:
        for row in everything(
            Path(name),
            given.seed,
            given.kills,
            cases=given.cases,
            quick=given.quick,
            only=given.only,
        ):
            sys.stdout.write(row.line() + "\n")
            sys.stdout.flush()
            faults += [f"{row.what}: {fault}" for fault in row.faults]
    for fault in faults:
        sys.stdout.write(f"FAULT {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
