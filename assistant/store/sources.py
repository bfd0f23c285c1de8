"""Which source files an ingest has to look at, and what became of each of them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.corpus import corrections
from assistant.corpus.readers import source_files
from assistant.corpus.text import squash
from assistant.errors import SourceError
from assistant.records import ParsedDocument
from assistant.store.codec import parsed_from, to_plain
from assistant.store.parsing import Parsed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that should be in the index."""

    name: str  # unique in the index: path below the root
    path: Path
    content: Path  # where it is read: `path`, or a new version that is not yet there
    root: str  # the file or folder it was found by; "" for the folder of the settings


@dataclass(frozen=True, slots=True)
class TakenSource:
    """A source as it goes into the index.

    When the present file could not be read, ``failure`` says why and ``documents`` are those of
    the last version that could be (none, when there never was one).
    """

    name: str
    path: str
    root: str
    sha256: str  # of the version that `documents` come from, and of its corrections
    parser: str
    documents: tuple[ParsedDocument, ...]
    account: dict[str, Any]
    failure: str = ""
    failed_sha256: str = ""

    @property
    def state(self) -> tuple[str, ...]:
        """What must be equal for the index to be left as it is."""
        return self.path, self.sha256, self.failure, self.failed_sha256


def known_roots(roots: Iterable[str], default: Path) -> list[Path]:
    """Where the sources of an index came from, as far as it is still there.

    The folder of the settings is stored as ``""``, so that a checkout can be moved.
    """
    found = (Path(root) if root else default for root in dict.fromkeys(roots))
    return [root for root in found if root.exists()]


def roots_of(sources: Iterable[TakenSource]) -> dict[str, int]:
    """Root → how many sources were found below it; 0 for a root that is itself the source."""
    roots: dict[str, int] = {}
    for source in sources:
        roots[source.root] = roots.get(source.root, 0) + (source.root != source.path)
    return roots


def candidates(
    roots: Sequence[Path], default: Path, incoming: Mapping[Path, Path | None] | None = None
) -> list[Candidate]:
    """The files below the roots (folders or files), each once, with names unique in the index.

    Args:
        incoming: resolved path of a source, there or not → the file to read in its stead;
            ``None``: the source is left out.
    """
    incoming = incoming or {}
    found: dict[Path, Candidate] = {}
    names: set[str] = set()
    for root in roots:
        new = (root / path.name for path in incoming if path.parent == root.resolve())
        for path in [root] if root.is_file() else [*source_files(root), *new]:
            resolved = path.resolve()
            content = incoming.get(resolved, resolved)
            if resolved in found or content is None:
                continue
            name = readable(path.name if root.is_file() else path.relative_to(root).as_posix())
            name = _free_name(name, root, names)
            names.add(name)
            mark = "" if root.resolve() == default.resolve() else in_utf8(str(root.resolve()))
            found[resolved] = Candidate(name, resolved, content, mark)
    return sorted(found.values(), key=lambda candidate: candidate.name)


def readable(name: str) -> str:
    """A file's name as it can be stored and shown: bytes that are no UTF-8 and control characters
    are written out (``\\xff``), as two names must not become one."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in in_utf8(name)
    )


def in_utf8(text: str) -> str:
    """The text without the surrogates that stand for bytes of a file name which are no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _free_name(name: str, root: Path, taken: set[str]) -> str:
    folder = root.parent.name if root.is_file() else root.name
    free, number = name, 1
    while free in taken:
        free = f"{folder}/{name}" if number == 1 else f"{folder}-{number}/{name}"
        number += 1
    return free


def taken_before(catalogue: Path) -> dict[str, TakenSource]:
    """Name → source, as the catalogue of an earlier generation holds it."""
    connection = sqlite3.connect(f"{catalogue.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        rows = connection.execute(
            "SELECT name, path, root, sha256, parser, failure, failed_sha256, account, parsed"
            " FROM sources"
        ).fetchall()
    finally:
        connection.close()
    return {
        name: TakenSource(
            name,
            path,
            root,
            sha256,
            parser,
            documents=tuple(parsed_from(d) for d in json.loads(zlib.decompress(parsed))),
            account=json.loads(account),
            failure=failure,
            failed_sha256=failed,
        )
        for name, path, root, sha256, parser, failure, failed, account, parsed in rows
    }


def packed(source: TakenSource) -> bytes:
    """The documents of a source as :func:`taken_before` reads them back."""
    plain = to_plain(source.documents)
    return zlib.compress(json.dumps(plain, ensure_ascii=False).encode(), 6)


def take(
    candidate: Candidate,
    before: TakenSource | None,
    parser: str,
    parse: Callable[[Path], Parsed],
    max_bytes: int,
) -> TakenSource:
    """Parse a file, or take over what it was parsed into before.

    Never raises for a bad file: the failure is part of the result, so that the other files are
    taken in all the same.
    """
    sha256 = ""
    try:
        size = candidate.content.stat().st_size
        if size > max_bytes:
            raise SourceError(
                f"文件 {candidate.name} 有 {size / 2**20:.0f} MiB，超过上限"
                f" {max_bytes / 2**20:.0f} MiB",
                "请拆分文件，或调大 ASSISTANT_MAX_UPLOAD_MB",
            )
        sha256 = corrections.version(candidate.path, candidate.content)
        if before and before.sha256 == sha256 and before.parser == parser:
            return _moved(before, candidate)
        put_right = corrections.load(candidate.path, candidate.content)
        parsed = parse(candidate.content)
    except OSError as error:
        return _failed(candidate, before, parser, sha256, f"无法读取：{error.strerror}")
    except SourceError as error:
        return _failed(candidate, before, parser, sha256, str(error))
    documents, unused = corrections.apply(parsed.documents, put_right)
    account = parsed.account
    if unused:
        account = account | {"warnings": [*account["warnings"], *unused]}
    return TakenSource(
        candidate.name,
        in_utf8(str(candidate.path)),
        candidate.root,
        sha256,
        parser,
        tuple(_named(document, candidate.name) for document in documents),
        account,
    )


def _moved(before: TakenSource, candidate: Candidate) -> TakenSource:
    return TakenSource(
        before.name,
        in_utf8(str(candidate.path)),
        candidate.root,
        before.sha256,
        before.parser,
        before.documents,
        before.account,
    )


def _failed(
    candidate: Candidate, before: TakenSource | None, parser: str, sha256: str, why: str
) -> TakenSource:
    kept = before if before and before.documents else None
    return TakenSource(
        candidate.name,
        in_utf8(str(candidate.path)),
        candidate.root,
        kept.sha256 if kept else "",
        kept.parser if kept else parser,
        kept.documents if kept else (),
        kept.account if kept else {},
        failure=in_utf8(why),
        failed_sha256=sha256,
    )


def _named(parsed: ParsedDocument, name: str) -> ParsedDocument:
    if parsed.document.source == name:
        return parsed
    return replace(parsed, document=replace(parsed.document, source=name))


def held_twice(sources: Iterable[TakenSource]) -> list[tuple[str, tuple[str, ...]]]:
    """Title and sources of what more than one source holds: same number, or title and text."""
    places: dict[str, list[tuple[str, str]]] = {}
    for source in sources:
        for parsed in source.documents:
            by = parsed.document.doc_number or text_digest(parsed)
            places.setdefault(by, []).append((parsed.document.title, source.name))
    return [
        (held[0][0], tuple(dict.fromkeys(name for _, name in held)))
        for held in places.values()
        if len({name for _, name in held}) > 1 and len({title for title, _ in held}) == 1
    ]


def text_digest(parsed: ParsedDocument) -> str:
    """Of title and clauses (without any, of the whole text), however they were typeset."""
    clauses = [m for m in parsed.measures if m.label] or parsed.measures
    text = squash(parsed.document.title + "".join(m.text for m in clauses))
    return hashlib.sha256(text.encode()).hexdigest()


def with_unique_ids(sources: Iterable[TakenSource]) -> list[ParsedDocument]:
    """All documents in order; a ``doc_id`` that was seen before gets a suffix.

    The id comes from number or content, so the same document in two files has the same id.
    """
    seen: dict[str, int] = {}
    found: list[ParsedDocument] = []
    for source in sources:
        for parsed in source.documents:
            doc_id = parsed.document.doc_id
            seen[doc_id] = seen.get(doc_id, 0) + 1
            if seen[doc_id] > 1:
                fresh = f"{doc_id}~{seen[doc_id]}"
                parsed = ParsedDocument(
                    replace(parsed.document, doc_id=fresh),
                    tuple(
                        replace(
                            measure,
                            doc_id=fresh,
                            measure_id=measure.measure_id.replace(doc_id, fresh, 1),
                        )
                        for measure in parsed.measures
                    ),
                )
            found.append(parsed)
    return found
