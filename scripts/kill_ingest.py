"""Kill an ingest 50 times at random moments and check what is left each time.

After every kill: the old index answers as before (same generation or the complete new one, every
vector found), the next ingest succeeds, and afterwards nothing is lost or doubled: documents,
measures and chunks are those of the same sources taken in at once.

Usage: python scripts/kill_ingest.py [--kills 50] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.settings import Settings
from assistant.store import generation
from assistant.store.build import ingest
from assistant.store.open import open_encoder, open_index

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
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        shutil.copytree(Settings(_env_file=None).sources, home / "sources")
        settings = Settings(sources=home / "sources", index=home / "index", _env_file=None)
        ingest(settings)
        tally = Tally()
        number = 0
        while tally.kills < arguments.kills:
            number += 1
            # as long as one like it took: every step of it is as likely to be hit as it is long
            run_once(settings, number, chance.uniform(0.0, 1.05) * tally.seconds, tally)
            sys.stderr.write(f"\r{tally.kills}/{arguments.kills} kills, {len(tally.faults)} faults")
        check_nothing_lost(settings, home / "fresh", tally)
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
    process = start(settings)
    try:
        process.wait(delay)
        tally.finished_before += 1
        tally.seconds = time.monotonic() - began
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        tally.kills += 1
        tally.advanced += generation.current(settings.index).name != before
    tally.faults += [f"after kill {number}: {fault}" for fault in faults(settings)]
    report = ingest(settings)
    tally.faults += [f"next ingest {number}: {name}: {why}" for name, why in report.failed.items()]
    tally.faults += [f"after ingest {number}: {fault}" for fault in faults(settings)]
    texts = "".join(m.text for m in open_index(settings).catalogue.measures())
    if texts.count(f"本条为第{number}次补充") != 1:
        tally.faults.append(f"ingest {number}: the new measure is not there exactly once")


def start(settings: Settings) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "ASSISTANT_SOURCES": str(settings.sources),
        "ASSISTANT_INDEX": str(settings.index),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", "ingest"],
        env=environment,
        cwd=Path(__file__).resolve().parent.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


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


def check_nothing_lost(settings: Settings, fresh: Path, tally: Tally) -> None:
    """The index after all kills equals one built at once."""
    whole = settings.model_copy(update={"index": fresh})
    ingest(whole)
    one, other = open_index(settings).catalogue, open_index(whole).catalogue
    for what in ("documents", "measures", "chunks", "relations", "questions", "all_twins"):
        if getattr(one, what)() != getattr(other, what)():
            tally.faults.append(f"{what} differ from a fresh build")


if __name__ == "__main__":
    sys.exit(main())
