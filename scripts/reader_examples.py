"""Write the reader's training examples: questions with passages that answer and that do not.

    python scripts/reader_examples.py QUESTIONS_FOLDER OUT_FOLDER

``QUESTIONS_FOLDER`` holds the reading questions (``data/questions/reading``); an index must be
there (``assistant ingest``): what it finds for a question are the hard negatives.  Written are
``passages.jsonl`` and ``examples.jsonl``; ``embeddings.training.reader`` reads them.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.ask import Assistant
from assistant.passages import Passage, passages
from assistant.question import understand, understand_turns
from assistant.records import Document, Measure
from assistant.retrieval.search import in_turns
from embeddings.segment import tokens
from embeddings.training.evidence import bare, grams, held_out, marks

FOUND = 20  # measures asked of the retriever
KEPT = 24  # passages kept as negatives
SAME = 0.5  # share of a quote's grams from which a passage says the same
YES_NO = {"yes": 0, "no": 1}
UNSTATED = ("not_stated", "absent")
LAWS = ("laws", "statutes")  # questions about the excerpts in laws-clauses.txt
ABOUT_DOCUMENTS = ("documents", "standing", "everyday")
SAYS_STANDING = re.compile(r"有效|过期|到期|已过|失效|废止|施行|期内|结束|现行|管到")
PERIOD = re.compile(r"施行|有效期|起实施|起执行|废止|失效|延长")


class Collection:
    """Passages of our corpus and of the law excerpts, found by document and by words."""

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.titles: list[str] = []
        self.labels: list[str] = []
        self.texts: list[str] = []
        self.of_measure: dict[str, list[int]] = defaultdict(list)
        self.of_title: dict[str, list[int]] = defaultdict(list)
        self.documents: list[Document] = []

    def add(self, document: Document, measure: Measure) -> None:
        for passage in passages(document, measure):
            number = len(self.passages)
            self.passages.append(passage)
            self.titles.append(document.title)
            self.labels.append(measure.label or "")
            self.texts.append(bare("".join(s.text for s in passage.sentences)))
            self.of_measure[measure.measure_id].append(number)
            self.of_title[bare(document.title)].append(number)


class Words:
    """BM25 over passages."""

    def __init__(self, texts: dict[int, str]) -> None:
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.length: dict[int, int] = {}
        for key, text in texts.items():
            counts = Counter(tokens(text))
            self.length[key] = sum(counts.values())
            for word, n in counts.items():
                self.postings[word].append((key, n))
        self.mean = sum(self.length.values()) / max(1, len(self.length))

    def search(self, question: str, k: int) -> list[int]:
        scores: Counter[int] = Counter()
        for word in set(tokens(question)):
            found = self.postings.get(word, ())
            idf = math.log(1 + (len(self.length) - len(found) + 0.5) / (len(found) + 0.5))
            for key, n in found:
                norm = 1.2 * (0.25 + 0.75 * self.length[key] / self.mean)
                scores[key] += idf * n * 2.2 / (n + norm)  # type: ignore[assignment]
        return [key for key, _ in scores.most_common(k)]


def law_clauses(path: Path) -> Iterator[tuple[Document, Measure]]:
    title = ""
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines()):
        if line.startswith("=== "):
            title = line[4:].split(" | ")[0].strip()
        elif clause := re.match(r"\[(.*?)\] (.*)", line):
            document = Document(title, title, path.name, 0, 0)
            yield document, Measure(f"{title}#{number}", title, clause[1], "", clause[2], 0, 0)


def right_of(question: dict[str, Any], all_: Collection) -> dict[int, list[int]]:
    """Passage → marks, for the passages that hold evidence or an equally right place."""
    right: dict[int, list[int]] = {}
    for e in [*question.get("evidence", []), *question.get("alts", [])]:
        quote, free = bare(e["quote"]), e["label"].startswith("~")
        for i in all_.of_title[bare(e["doc"])]:
            if not free and bare(all_.labels[i]) != bare(e["label"]):
                continue
            found = marks([s.text for s in all_.passages[i].sentences], [quote])
            if any(found):
                known = right.get(i, [0] * len(found))
                right[i] = [max(a, b) for a, b in zip(known, found, strict=True)]
    return right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    assistant = Assistant.open()
    all_ = Collection()
    for document in assistant.catalogue.documents():
        all_.documents.append(document)
        for measure in assistant.catalogue.measures(document.doc_id):
            all_.add(document, measure)
    ours = len(all_.passages)
    for document, measure in law_clauses(args.questions / "laws-clauses.txt"):
        all_.add(document, measure)
    own = Words({i: all_.titles[i] + all_.texts[i] for i in range(ours)})
    laws = Words({i: all_.titles[i] + all_.texts[i] for i in range(ours, len(all_.passages))})
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "passages.jsonl").open("w", encoding="utf8") as file:
        for p in all_.passages:
            row = {"context": p.context, "sentences": [s.text for s in p.sentences]}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    kinds: Counter[str] = Counter()
    lost = 0
    with (args.out / "examples.jsonl").open("w", encoding="utf8") as file:
        for path in sorted(args.questions.glob("*.jsonl")):
            for line in path.read_text(encoding="utf8").splitlines():
                example = made(json.loads(line), path.stem, assistant, all_, own, laws)
                if example is None:
                    lost += 1
                    continue
                kinds[example["kind"]] += 1
                file.write(json.dumps(example, ensure_ascii=False) + "\n")
    print(len(all_.passages), "passages,", sum(kinds.values()), "examples,", lost, "lost", kinds)  # noqa: T201


def asks_standing(q: dict[str, Any], source: str, documents: Iterable[Document]) -> bool:
    """Whether a question asks from when or until when a rule holds: by its evidence and answer."""
    if "standing" in q:  # read and marked by hand
        return bool(q["standing"])
    if source in LAWS or q["kind"] == "absent":
        return False
    places = {bare(e["doc"]): e for e in q.get("evidence", [])}
    periods = [
        grams(bare(d.validity_quote))
        for d in documents
        if d.validity_quote and bare(d.title) in places
    ]
    for e in q.get("evidence", []):
        outside, quote = e["label"].startswith("~"), grams(bare(e["quote"]))
        stated = any(len(x & quote) > SAME * len(x) for x in periods)
        if PERIOD.search(e["quote"]) and (outside or stated):
            return True
        if outside and source in ABOUT_DOCUMENTS and SAYS_STANDING.search(q.get("answer", "")):
            return True
    return False


def made(
    q: dict[str, Any], source: str, assistant: Assistant, all_: Collection, own: Words, laws: Words
) -> dict[str, Any] | None:
    """One example; None where the evidence cannot be found in the corpus."""
    turns = q.get("turns") or [q["question"]]
    wording = q.get("standalone") or q["question"]
    answered = q["kind"] not in UNSTATED and q.get("stated", True)
    evidence = right_of(q, all_)
    right = evidence if answered else {}
    if answered and not right:
        return None
    quotes = [bare(e["quote"]) for e in [*q.get("evidence", []), *q.get("alts", [])]]
    if source in LAWS:
        found = laws.search(wording, KEPT)
    else:
        searched = [understand(wording)]
        if len(turns) > 1:  # what the turns together find tempts as well
            searched += understand_turns(turns).searched
        hits = in_turns([assistant.search(query, FOUND) for query in searched], FOUND)
        found = [i for h in hits for i in all_.of_measure[h.measure.measure_id][:4]]
        found += own.search(wording, 8)
    here = {all_.passages[i].measure_id for i in evidence}
    near = [i for m in here for i in all_.of_measure[m] if i not in right]
    if not answered:
        near = [*evidence, *(i for i in near if i not in evidence)]
    for e in q.get("tempting", []):
        tempting = [
            i for i in all_.of_title[bare(e["doc"])] if bare(all_.labels[i]) == bare(e["label"])
        ]
        found = tempting + found
    told = [grams(x) for x in quotes if len(x) > 12]

    def says_it(i: int) -> bool:
        return any(len(x & grams(all_.texts[i])) > SAME * len(x) for x in told)

    wrong = [
        i
        for i in dict.fromkeys(found)
        if all_.passages[i].measure_id not in here and not (answered and says_it(i))
    ]
    docs = {e["doc"] for e in [*q.get("evidence", []), *q.get("alts", [])]}
    return {
        "id": q["id"],
        "source": source,
        "kind": q["kind"],
        "style": q["style"],
        "turns": turns,
        "held_out": q.get("untrained", False) or any(map(held_out, docs or [q["id"]])),
        "right": [[i, m] for i, m in right.items()],
        "topic": bool(evidence) and not answered,
        "near": near[:6],
        "wrong": wrong[:KEPT],
        "yes_no": YES_NO.get(q["kind"], 2),
        "quotes": quotes if q["kind"] == "yes" else [],
        "standing": int(asks_standing(q, source, all_.documents)),
    }


if __name__ == "__main__":
    main()
