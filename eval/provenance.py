"""What a run rests on: code, settings, index, model and question fingerprints."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from assistant.settings import ROOT, Settings

_PACKAGES = ("chromadb", "langchain-core", "sentence-transformers", "jieba", "rjieba", "numpy")


def commit() -> str | None:
    """Short id of the checked-out commit, ``+`` when files differ from it; ``None`` outside git."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*args: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(ROOT), *args], capture_output=True, text=True, check=True, timeout=10
    )
    return done.stdout.strip()


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def describe_assistant(settings: Settings, mode: str) -> dict[str, Any]:
    """Fingerprints of the settings, the index and the models that answer.

    Raises:
        NoIndexError: no index has been built.
        IndexDamagedError: its manifest cannot be read.
    """
    from assistant.store.generation import current, read_manifest

    manifest = asdict(read_manifest(current(settings.index)))
    content = {key: manifest[key] for key in manifest.keys() - {"created", "files"}}
    return {
        "mode": mode,
        "settings": settings.fingerprint(),
        "index": fingerprint(content),
        "index_counts": manifest["counts"],
        "encoder": manifest["encoder"],
        "encoder_fingerprint": manifest["encoder_fingerprint"],
        "segmenter": manifest["segmenter"],
        "llm": settings.llm_model or None,
        "reranker": settings.reranker or None,
    }


def fingerprint(value: Any) -> str:
    """Twelve hex digits over a JSON value."""
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]
