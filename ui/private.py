"""Files of the state folder, which nobody but the user of the server may read."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from assistant.jsons import dumps


def private_folder(path: Path) -> Path:
    """The folder, made if need be, closed to everybody else (0700).

    One that many share by intent (as ``/tmp``, with the sticky bit) or that is another user's is
    left as it is.
    """
    path.mkdir(parents=True, exist_ok=True)
    found = path.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        path.chmod(0o700)
    return path


def secret(path: Path) -> str:
    """32 hex digits kept in ``path`` (0600): the same for every process and after a restart."""
    if not path.is_file():
        with NamedTemporaryFile("w", dir=private_folder(path.parent), encoding="ascii") as made:
            made.write(secrets.token_hex(16))
            made.flush()
            with suppress(FileExistsError):  # another process was first: its secret counts
                os.link(made.name, path)
    return path.read_text(encoding="ascii").strip()


def signature(key: str, turn_id: str, question: str, answer: Mapping[str, Any]) -> str:
    """What only a holder of the key can say about an answer that was given to a question."""
    said = dumps(_as_browsers_keep([turn_id, question, answer]))
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()


def _as_browsers_keep(value: Any) -> Any:
    """The value as it comes back from JavaScript, which knows no 1.0, with its keys in order."""
    if isinstance(value, Mapping):
        return {key: _as_browsers_keep(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_as_browsers_keep(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
