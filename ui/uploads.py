"""The files that staff took in: into the index and the folder, and out of both again.

The version that a new one replaces is kept aside, so that undoing brings it back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.corpus import corrections
from assistant.corpus.corrections import Correction
from assistant.corpus.readers import file_sha256, source_files
from assistant.errors import BadInputError, StateError
from assistant.records import Document
from assistant.settings import Settings
from assistant.store.build import IngestReport, ingest
from assistant.store.open import open_index
from assistant.store.sources import in_utf8
from ui.failures import storing
from ui.private import private_folder

INGEST_WAIT = 30.0
EARLIER_KEPT = 10  # versions of one file; at most 200 MB of the largest that are taken
_NOT_IN = "文件没有收入，原有版本没有改动"
_NOT_OUT = "没有撤销，原有版本没有改动"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in the folder of uploads."""

    name: str
    taken: float  # seconds since the epoch
    documents: tuple[Document, ...]  # as the index holds them
    earlier: int  # versions that undoing can bring back


class Uploads:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.state / "uploads"
        self._earlier = settings.state / "earlier"

    def listed(self) -> list[Upload]:
        """What was taken in last comes first."""
        if not self.folder.is_dir():
            return []
        files = source_files(self.folder)
        catalogue = open_index(self.settings).catalogue if files else None
        names = {row.path: row.name for row in catalogue.sources()} if catalogue else {}
        documents = catalogue.documents() if catalogue else ()
        found = []
        for path in files:
            source = names.get(in_utf8(str(path.resolve())))
            held = tuple(d for d in documents if d.source == source)
            versions = len(self._versions(path.name))
            found.append(Upload(path.name, path.stat().st_mtime, held, versions))
        return sorted(found, key=lambda one: one.taken, reverse=True)

    def take(self, new: Path, put_right: Sequence[Correction]) -> IngestReport:
        """A file into the index and, once it is there, into the folder.

        Whatever fails, index, folder and corrections keep the version that they had.

        Raises:
            AssistantError: it cannot be read, stored or taken in.
        """
        # hidden, so that it is no source; in the folder itself, so that one step puts it in place
        beside = self.folder / f".{new.parent.name}"
        staged, target = beside / new.name, self.folder / new.name
        kept = corrections.place(target, new)
        before = kept.read_bytes() if kept.is_file() else None
        aside: Path | None = None

        def back() -> None:
            _write(kept, before)
            if aside:
                shutil.rmtree(aside, ignore_errors=True)

        try:
            with storing(_NOT_IN):
                private_folder(self.folder)
                private_folder(beside)
                shutil.copyfile(new, staged)
                _to_disk(staged)
                aside = self._set_aside(target, staged)
                _write(kept, corrections.dumps(put_right).encode() if put_right else None)
            return self._changed(target, staged, _NOT_IN, back)
        except BaseException:  # a stop of the server, too, must leave no half of it
            back()
            raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def undo(self, name: str) -> IngestReport:
        """The version before, or none when there was none, in folder and index.

        Raises:
            AssistantError: there is no such upload, or it cannot be taken out; then nothing is
                changed.
        """
        if name not in {path.name for path in source_files(self.folder)}:
            raise BadInputError(f"没有收入过这个文件：{name}", "请刷新列表")
        versions = self._versions(name)
        earlier = versions[-1] / name if versions else None
        report = self._changed(self.folder / name, earlier, _NOT_OUT)
        if versions:
            shutil.rmtree(versions[-1])
        return report

    def _changed(
        self,
        target: Path,
        content: Path | None,
        failed: str,
        back: Callable[[], None] = lambda: None,
    ) -> IngestReport:
        """The index, then the folder, with ``content`` moved to ``target``, or without any.

        Args:
            back: undoes what was prepared, before the index goes back.
        """
        report = self._ingest({target: content})
        try:
            with storing(failed):
                if content:
                    os.replace(content, target)
                else:
                    target.unlink()
                _to_disk(self.folder)
        except StateError:
            back()
            # the index says what the files say; a first upload leaves no file to go by
            self._ingest({} if target.is_file() else {target: None})
            raise
        return report

    def _ingest(self, incoming: dict[Path, Path | None]) -> IngestReport:
        return ingest(self.settings, [self.folder], incoming=incoming, wait=INGEST_WAIT)

    def _versions(self, name: str) -> list[Path]:
        """The folders with earlier versions of a file, the oldest first.

        One that holds none is left of a process that was killed.
        """
        folder = self._earlier / name
        found = (
            [one for one in folder.iterdir() if (one / name).is_file()] if folder.is_dir() else []
        )
        return sorted(found, key=lambda one: int(one.name))

    def _set_aside(self, target: Path, new: Path) -> Path | None:
        """A copy of what ``new`` replaces, when that is something else; the folder it is in."""
        if not target.is_file() or file_sha256(target) == file_sha256(new):
            return None
        versions = self._versions(target.name)
        number = int(versions[-1].name) + 1 if versions else 1
        aside = private_folder(self._earlier / target.name / str(number))
        part = aside / "part"  # so that a copy cut short is no version
        shutil.copy2(target, part)  # with its time
        _to_disk(part)
        os.replace(part, aside / target.name)
        for oldest in versions[: len(versions) + 1 - EARLIER_KEPT]:
            shutil.rmtree(oldest)
        return aside


def _write(path: Path, content: bytes | None) -> None:
    """The file with this content in one step; ``None``: no file."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    fresh = private_folder(path.parent) / f"{path.name}.new"
    fresh.write_bytes(content)
    _to_disk(fresh)
    os.replace(fresh, path)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
