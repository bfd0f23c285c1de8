"""Kill an ingest 50 times at random moments and check what is left each time.

After every kill: the old index answers as before (same generation or the complete new one, every
vector found), the next ingest succeeds, and afterwards nothing is lost or doubled: documents,
measures and chunks are those of the same sources taken in at once.

Usage: python scripts/kill_ingest.py [--kills 50] [--seed 1]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import chromadb  # noqa: F401  loaded here, so that the kills hit the work and not the imports

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.settings import Settings
from assistant.store import generation
from assistant.store.build import ingest
from assistant.store.open import open_encoder, open_index

FORK = multiprocessing.get_context("fork")
ADDED = "第{n}条 本条为第{n}次补充：对符合条件的企业给予一次性奖励{n}万元。"


@dataclass
class Tally:
    kills: int = 0
    finished_before: int = 0  # the ingest was done before the kill came
    advanced: int = 0  # killed after the swap: the new generation is current
    seconds: float = 120.0  # that an ingest like these takes when nobody kills it
    faults: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        shutil.copytree(Settings(_env_file=None).sources, home / "sources")
        settings = Settings(sources=home / "sources", index=home / "index", _env_file=None)
        in_child(first_ingest, settings)
        number = 0
        while tally.kills < arguments.kills:
            number += 1
            # as long as one like it took: every step of it is as likely to be hit as it is long
            run_once(settings, number, chance.uniform(0.0, 1.05) * tally.seconds, tally)
            sys.stderr.write(f"\r{tally.kills}/{arguments.kills} kills, {len(tally.faults)} faults")
        tally.faults += in_child(differences, settings, home / "fresh")
    sys.stderr.write("\n")
    sys.stdout.write(
        f"{tally.kills} kills (+{tally.finished_before} runs that ended before the kill): "
        f"{tally.advanced} after the swap, {tally.kills - tally.advanced} before it; "
        f"{len(tally.faults)} faults\n"
    )
    for fault in tally.faults:
        sys.stdout.write(f"FAULT {fault}\n")
    return 1 if tally.faults else 0


def run_once(settings: Settings, number: int, delay: float, tally: Tally) -> None:
    """Change a source, kill the ingest of it after ``delay`` seconds, look, ingest in full."""
    before = generation.current(settings.index).name
    source = settings.sources / "补充.txt"
    text = source.read_text(encoding="utf-8") if source.exists() else "试验补充办法\n\n"
    source.write_text(text + ADDED.format(n=number) + "\n", encoding="utf-8")
    began = time.monotonic()
    process = FORK.Process(target=ingest, args=(settings,))
    process.start()
    process.join(delay)
    if process.exitcode is None:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        tally.kills += 1
        tally.advanced += generation.current(settings.index).name != before
    else:
        tally.finished_before += 1
        tally.seconds = time.monotonic() - began
    tally.faults += in_child(look_and_ingest, settings, number)


def first_ingest(settings: Settings) -> list[str]:
    ingest(settings)
    return []


def look_and_ingest(settings: Settings, number: int) -> list[str]:
    """What is wrong right after a kill, with the ingest that follows, and after that."""
    found = [f"after kill {number}: {fault}" for fault in faults(settings)]
    report = ingest(settings)
    found += [f"next ingest {number}: {name}: {why}" for name, why in report.failed.items()]
    found += [f"after ingest {number}: {fault}" for fault in faults(settings)]
    texts = "".join(m.text for m in open_index(settings).catalogue.measures())
    if texts.count(f"本条为第{number}次补充") != 1:
        found.append(f"ingest {number}: the new measure is not there exactly once")
    return found


def in_child(work: Callable[..., list[str]], *arguments: object) -> list[str]:
    """Faults found by ``work`` in a process of its own: Chroma keeps threads, which do not fork."""
    ours, theirs = FORK.Pipe(duplex=False)

    def send() -> None:
        theirs.send(work(*arguments))

    process = FORK.Process(target=send)
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        return [f"{work.__name__} ended without an answer"]
    finally:
        process.join()


def faults(settings: Settings) -> list[str]:
    """What is wrong with the current generation; empty: it answers and is whole."""
    index = open_index(settings)
    found = [f"{name} damaged" for name in generation.damaged_files(index.folder, index.manifest)]
    measures = [m.measure_id for m in index.catalogue.measures()]
    chunks = index.catalogue.chunk_ids()
    if len(set(measures)) != len(measures) or len(set(chunks)) != len(chunks):
        found.append("ids are doubled")
    if not len(chunks) == len(index.vectors) == index.manifest.counts["chunks"]:
        found.append("chunks and vectors differ in number")
    if list(index.lexical.ids) != measures:
        found.append("the lexical index holds other measures")
    vector = open_encoder(settings).encode_queries(["高新技术企业认定奖励多少"])[0]
    if not index.dense.query(vector, 10) or not index.lexical.search("高新技术企业 奖励"):
        found.append("a question finds nothing")
    if index.dense.engine != "chroma":
        found.append(f"Chroma is out of use: {index.notes}")
    index.close()
    return found


def differences(settings: Settings, fresh: Path) -> list[str]:
    """In what the index after all kills differs from one built at once."""
    whole = settings.model_copy(update={"index": fresh})
    ingest(whole)
    one, other = open_index(settings).catalogue, open_index(whole).catalogue
    return [
        f"{what} differ from a fresh build"
        for what in ("documents", "measures", "chunks", "relations", "questions", "all_twins")
        if getattr(one, what)() != getattr(other, what)()
    ]


if __name__ == "__main__":
    sys.exit(main())
