"""Opens a generation's Chroma in a process of its own: a damaged one can end the process.

Run as ``python -m assistant.store.probe GENERATION``; exits 0 when the vectors can be reached.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SAMPLES = 200
_SECONDS = 60


def probe(folder: Path) -> str | None:
    """What is wrong with the Chroma of the generation in ``folder``; ``None``: nothing."""
    command = [sys.executable, "-m", "assistant.store.probe", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return f"{_SECONDS} 秒内没有响应"
    if done.returncode < 0:
        return f"读取时进程崩溃（信号 {-done.returncode}）"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["原因不明"])[-1]
    return None


def main(folder: Path) -> int:
    import numpy as np

    from assistant.store.catalogue import Catalogue
    from assistant.store.generation import CATALOGUE, CHROMA, VECTORS
    from embeddings.vector_index import VectorIndex, VectorIndexError

    ids = Catalogue((folder / CATALOGUE).read_bytes()).chunk_ids()
    vectors = np.load(folder / VECTORS)
    try:
        VectorIndex.open(folder / CHROMA, ids, vectors, samples=SAMPLES).close()
    except VectorIndexError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
