"""Questions that may follow an answer: what the cited clause states besides, and the reader finds
there.

A candidate is made of a fact that the answer did not tell.  It is shown only when the reader, given
the one passage with that fact, says that the passage answers it (the threshold of answers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.answer.phrasing import escape, name
from assistant.passages import Passage, passages
from assistant.reading import Reading
from assistant.records import Answer, Citation, Document, FactKind, Hit, Measure
from embeddings.reader import ReadsPassages

READ = 3  # candidates that are read at most, each one pass of the reader
SHOWN = 2
_SUBJECT = (4, 24)  # characters of a heading that names what is asked about
# In the order in which companies ask: what there is, whether they get it, how, and when.
_ASKED: tuple[tuple[tuple[FactKind, ...], str], ...] = (
    (("amount", "ratio"), "{subject}，{benefit}多少？"),
    (("condition",), "{subject}，要符合什么条件？"),
    (("channel",), "{subject}，怎么申请办理？"),
    (("time_limit",), "{subject}，多久办好？"),
    (("beneficiary",), "{subject}，面向哪些对象？"),
    (("department",), "{subject}，由哪些部门负责？"),
    (("payer",), "{subject}，由谁出资？"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    text: str
    passage: Passage  # that states the fact it is made of


def suggested(
    reader: ReadsPassages, answer: Answer, reading: Reading, asked: str
) -> tuple[str, ...]:
    """At most :data:`SHOWN` questions that the cited clause answers, by the reader.

    After a refusal the clause nearest to what was asked counts as cited, if the reader is sure that
    it is on the matter.

    Args:
        asked: what was asked, which is not suggested again.
    """
    if answer.suggestions:
        return answer.suggestions
    if answer.refused:
        near = _near(reader, reading) if answer.reason == "not_in_corpus" else None
        found = candidates(near.document, near.measure) if near else iter(())
    else:
        found = besides(answer)
    least = reader.thresholds["answers"]
    kept: list[str] = []
    for candidate in islice((c for c in found if c.text != asked), READ):
        if answered(reader, candidate) >= least:
            kept.append(escape(candidate.text))
        if len(kept) == SHOWN:
            break
    return tuple(kept)


def answered(reader: ReadsPassages, candidate: Candidate) -> float:
    """How likely the passage answers what is asked, by the reader."""
    passage = candidate.passage
    texts = [s.text for s in passage.sentences]
    return reader.read([candidate.text], [(passage.context, texts)])[0].answers


def besides(answer: Answer) -> Iterator[Candidate]:
    """What the cited measures state and the answer did not tell, the first cited first."""
    for citation in answer.citations:
        hit = citation.hit
        yield from candidates(hit.document, hit.measure, _told(citation))


def candidates(
    document: Document, measure: Measure, told: Sequence[tuple[int, int]] = ()
) -> Iterator[Candidate]:
    """What else the measure states, as questions.

    Args:
        told: spans of the measure's text that were quoted already.
    """
    subject = _subject(document, measure)
    every = passages(document, measure)
    for kinds, wording in _ASKED:
        facts = [f for f in measure.facts if f.kind in kinds]
        if not facts or any(a <= f.start < b for f in facts for a, b in told):
            continue
        first = facts[0]
        holding = next(
            (p for p in every if p.sentences[0].start <= first.start < p.sentences[-1].end), None
        )
        if holding is not None:
            benefit = first.benefit or ("比例是" if first.kind == "ratio" else "金额是")
            yield Candidate(wording.format(subject=subject, benefit=benefit), holding)


def _subject(document: Document, measure: Measure) -> str:
    """What the measure is about: its heading; else the rule and its label."""
    heading = measure.heading.strip().rstrip("。")
    if _SUBJECT[0] <= len(heading) <= _SUBJECT[1]:
        return heading
    return f"{name(document, number=False)}{measure.label or ''}"


def _told(citation: Citation) -> list[tuple[int, int]]:
    text = citation.hit.measure.text
    starts = [(text.find(span), span) for span in citation.spans or (citation.quote,)]
    return [(at, at + len(span)) for at, span in starts if at >= 0]


def _near(reader: ReadsPassages, reading: Reading) -> Hit | None:
    """The clause where what was asked would be stated, if the reader is sure of one."""
    own = [j for j in reading.judged if not j.hit.elsewhere]
    nearest = max(own, key=lambda j: j.judgement.topic, default=None)
    if nearest is None or nearest.judgement.topic < reader.thresholds["topic"]:
        return None
    return nearest.hit
