"""The entry: a question in plain Chinese → an :class:`~assistant.records.Answer` with citations.

``Assistant.ask`` reads as the list of its steps::

    turns → query → hits → reading → claims → answer → (LLM, verified)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answer import compose
from assistant.answer.suggest import suggested
from assistant.answer.words import words
from assistant.clock import Clock
from assistant.corpus.districts import full_name
from assistant.errors import BadInputError
from assistant.finder.place import located
from assistant.glossary import terms_in
from assistant.knowledge import Knowledge
from assistant.question import Asked, Query, understand_turns
from assistant.question.english import is_english
from assistant.reading import Part, Reading, read, read_on
from assistant.records import Answer, Citation, Draft, Hit, Language, Profile, Term
from assistant.retrieval.search import in_turns
from assistant.settings import Settings, get_settings
from assistant.store.open import Followed, Index, open_encoder, open_reader, open_reranker

if TYPE_CHECKING:
    from assistant.answer.generate import Generator
    from assistant.finder.match import Finder, Found
    from assistant.retrieval.search import Retriever
    from assistant.store.catalogue import Catalogue
    from embeddings.encoder import Encoder
    from embeddings.reader import ReadsPassages

EVIDENCE_FOR_LLM = 6
RETRIEVED = 10
REST = 12  # measures of a document that are read before it is said not to state something
NOT_IN_FORCE = ("expired", "repealed", "not_yet")


class Assistant:
    """Answers questions over one index; safe to share between threads.

    Use :meth:`open`.  When another index generation becomes current, the next question sees it.
    """

    def __init__(self, settings: Settings, followed: Followed, encoder: Encoder) -> None:
        self.settings = settings
        self._followed = followed
        self._encoder = encoder
        self._opened: _Opened | None = None

    @classmethod
    def open(cls, settings: Settings | None = None) -> Assistant:
        """Open the current index.

        Raises:
            NoIndexError: nothing has been ingested yet.
            IndexMismatchError, IndexDamagedError: the index does not fit or cannot be read.
            SettingsError: a setting is wrong, or the encoder cannot be loaded.
        """
        settings = settings or get_settings()
        followed = Followed(settings)
        encoder = open_encoder(settings)
        followed.index.check_encoder(encoder)
        followed.index.check_segmenter()
        return cls(settings, followed, encoder)

    @property
    def catalogue(self) -> Catalogue:
        """Documents, measures, relations and twins of the current index."""
        return self._current.index.catalogue

    @property
    def knowledge(self) -> Knowledge:
        """What holds of the corpus as a whole: links, districts held, newest document."""
        return self._current.knowledge

    @property
    def index(self) -> Index:
        return self._current.index

    def retrieve(
        self, question: str, *, k: int = 10, district: str | None = None, as_of: str | None = None
    ) -> list[Hit]:
        """The ``k`` best measures for a question, best first."""
        asked = understand_turns([question], district=district, as_of=_day(as_of))
        return self.search(asked.query, k)

    def search(self, query: Query, k: int = RETRIEVED) -> list[Hit]:
        """The ``k`` best measures for an understood question."""
        return self._current.retriever.search(query, k)

    def read(self, asked: Asked, day: str, *, in_force_only: bool = False) -> Reading:
        """Search for the question, alone and with its earlier turns, and read what is found.

        Where several things are asked, what is found for the whole is read for each of them,
        together with what is found for it alone.
        """

        def found(query: Query) -> list[Hit]:
            return self._holding(query, day) if in_force_only else self.search(query)

        runs = [found(query) for query in asked.searched]
        hits = runs[0] if len(runs) == 1 else in_turns(runs, RETRIEVED)
        whole = self._read_out(asked, read(self.reader, asked.turns, asked.query, hits))
        parts = []
        for part in asked.parts:
            own = in_turns([whole.hits, found(part.query)], RETRIEVED)
            reading = read(self.reader, part.turns, part.query, own)
            parts.append(Part(part.query.text, reading))
        return replace(whole, parts=tuple(parts))

    def _read_out(self, asked: Asked, found: Reading) -> Reading:
        """Where nothing answers but a document would: with the rest of it, of what amends it and
        of what it amends, before it is said not to state something."""
        least = self.reader.thresholds
        nearest = found.nearest
        if nearest is None or found.stated >= least["answers"] or found.held < least["topic"]:
            return found
        kin = self.knowledge.kin(nearest.doc_id)
        rest = self._current.retriever.ranked(asked.query, REST, kin)
        return read_on(self.reader, asked.turns, asked.query, found, rest)

    @cached_property
    def reader(self) -> ReadsPassages:
        """The bundled reader, or what stands in for it when it is switched off."""
        return open_reader(self.settings.reader)

    def ask(
        self,
        question: str | None = None,
        *,
        turns: Sequence[str] | None = None,
        as_of: str | None = None,
        district: str | None = None,
        profile: Profile | None = None,
        in_force_only: bool = False,
        suggest: bool = False,
    ) -> Answer:
        """One answer.

        Args:
            question: what is asked; or else
            turns: the user's turns so far, the last one is asked.
            as_of: ISO date on which validity is judged; default today.
            district: the district of the person asking; default that of the profile.
            profile: the company asking, when known: adds what applies to it.
            in_force_only: leave out rules that have ended or not yet begun on the day; those
                that state no end stay, and say so.
            suggest: with questions that may follow, which the reader is asked for besides.

        Raises:
            BadInputError: nothing is asked, or the date is no date.
        """
        *_, answer = self.stream(
            question,
            turns=turns,
            as_of=as_of,
            district=district,
            profile=profile,
            in_force_only=in_force_only,
            suggest=suggest,
        )
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str | None = None,
        *,
        turns: Sequence[str] | None = None,
        as_of: str | None = None,
        district: str | None = None,
        profile: Profile | None = None,
        in_force_only: bool = False,
        suggest: bool = False,
    ) -> Iterator[Draft | Answer]:
        """The answer as it comes: drafts while an LLM writes if one is set, last the Answer."""
        clock = Clock()
        longest = self.settings.max_question_chars
        asked = _recent(_asked(question, turns), longest)
        day = _day(as_of)
        if len(asked[-1]) > longest:
            yield _too_long(asked, longest)
            return
        place = full_name(district or (located(profile).district if profile else None) or "")
        opened = self._current
        with clock("understand"):
            area = profile.area if profile else None
            question_ = understand_turns(asked, district=place, area=area, as_of=day)
            query = question_.query
        day = query.as_of or day
        with clock("read"):
            reading = self.read(question_, day, in_force_only=in_force_only)
            hidden = self._hidden(question_, reading, day) if in_force_only else None
        with clock("answer"):
            answer = compose(
                query,
                reading,
                as_of=day,
                known=opened.knowledge,
                thresholds=self.reader.thresholds,
                hidden=hidden,
            )
        answer = replace(answer, question=asked[-1], standalone_question=question_.joined)
        with clock("match"):
            answer = self._with_matches(answer, question_, profile, day)
        answer = replace(answer, notes=(*answer.notes, *opened.index.notes))
        # a model writes Chinese, and is checked against Chinese
        writes = self.settings.llm_model and answer.language == "zh"
        said: Iterable[Draft | Answer] = (replace(answer, terms=self._terms(answer)),)
        if writes and not answer.refused and answer.citations:
            said = self._generated(answer, reading.hits, day, clock)
        for piece in said:
            if isinstance(piece, Answer):
                following = self._following(piece, reading, clock) if suggest else piece.suggestions
                piece = replace(piece, suggestions=following, timings_ms=clock.total())
            yield piece

    def _following(self, answer: Answer, reading: Reading, clock: Clock) -> tuple[str, ...]:
        """Questions that may follow, in Chinese; a stand-in for the reader vouches for none."""
        if self.settings.reader == "off" or answer.language != "zh":
            return answer.suggestions
        with clock("suggest"):
            return suggested(self.reader, answer, reading, answer.question)

    def _terms(self, answer: Answer) -> tuple[Term, ...]:
        if answer.refused or answer.language != "zh":
            return ()  # the explanations are Chinese
        return terms_in(answer.text, self.knowledge.titled)

    def _holding(self, query: Query, day: str) -> list[Hit]:
        """The best measures that have begun and not ended on the day."""
        known = self.knowledge
        hits = self.search(query, 4 * RETRIEVED)
        return [
            hit
            for hit in hits
            if known.validity(hit.measure, hit.document, day).status not in NOT_IN_FORCE
        ][:RETRIEVED]

    def _hidden(self, asked: Asked, found: Reading, day: str) -> Hit | None:
        """What answers only because rules are read that are not in force."""
        least = self.reader.thresholds["answers"]
        if found.stated >= least:
            return None
        every = self.read(asked, day)
        best = max(every.judged, key=lambda j: j.judgement.answers, default=None)
        if best is None or best.judgement.answers < least:
            return None
        status = self.knowledge.validity(best.hit.measure, best.hit.document, day).status
        return best.hit if status in NOT_IN_FORCE else None

    def match(
        self, profile: Profile, *, question: str = "", as_of: str | None = None, limit: int = 24
    ) -> Found:
        """Which measures apply to a company, over every measure of the corpus.

        Raises:
            BadInputError: the question is longer than one may be, the date is no date, or no word
                of the vocabulary tells an industry of the profile.
        """
        from assistant.finder.industries import check_known

        longest = self.settings.max_question_chars
        if len(question) > longest:
            raise BadInputError(
                f"要求写得太长（{len(question)} 字，最多 {longest} 字）",
                "请只留下想找的政策和企业情况",
            )
        check_known(profile.industry, self._encoder.encode_queries)
        return self._current.finder.match(
            profile, question=question, as_of=_day(as_of), limit=limit
        )

    def _with_matches(
        self, answer: Answer, asked: Asked, profile: Profile | None, day: str
    ) -> Answer:
        from assistant.finder.chat import asks_for_all, asks_what_applies, with_matches
        from assistant.finder.profile import merged, told

        if answer.reason == "unsafe" or asked.query.outside:
            return answer
        heard = told(asked.joined, asked.query.district, asked.query.area)
        every = profile is not None and asks_for_all(asked.query.text)
        recognised = every or asks_what_applies(asked.joined, heard)
        if profile is None and not recognised:
            return answer
        company = merged(profile, heard)
        # a question that names nothing is answered with the list that the finder's page shows
        question = "" if every else asked.joined
        found = self._current.finder.match(company, question=question, as_of=day)
        held = self._current.knowledge.districts
        note = (
            f"未收录{company.district}自己的政策文件，以下为全市适用的规定。"
            if company.district and company.district not in held
            else ""
        )
        return with_matches(
            answer, found, company, rewrite=recognised and answer.language == "zh", note=note
        )

    def _generated(
        self, answer: Answer, hits: Sequence[Hit], day: str, clock: Clock
    ) -> Iterator[Draft | Answer]:
        from assistant.answer.generate import generated

        evidence = self._evidence(answer, hits, day)
        # a whole clause is given to read: which of its words will stand behind a mark is open
        draft = Draft("", tuple(replace(c, quote="") for c in evidence))
        with clock("llm"):
            yield draft
            for part in generated(self._generator, answer, evidence, day):
                if isinstance(part, Answer):
                    answer = part
                else:
                    draft = replace(draft, text=draft.text + part)
                    yield draft
        yield replace(answer, terms=self._terms(answer), timings_ms=clock.total())

    def _evidence(self, answer: Answer, hits: Sequence[Hit], day: str) -> list[Citation]:
        """What the LLM may cite: the extractive answer's citations, then the next best hits."""
        cited = [c.hit for c in answer.citations]
        seen = {h.measure.measure_id for h in cited}
        rest = [h for h in hits if h.measure.measure_id not in seen and not h.elsewhere]
        chosen = [*cited, *rest][: max(EVIDENCE_FOR_LLM, len(cited))]
        known = self._current.knowledge
        return [
            Citation(n, h, h.measure.text, known.validity(h.measure, h.document, day))
            for n, h in enumerate(chosen, 1)
        ]

    @cached_property
    def _generator(self) -> Generator:
        from assistant.answer.generate import Generator

        return Generator(self.settings)

    @property
    def _current(self) -> _Opened:
        index = self._followed.index
        if self._opened is None or self._opened.index is not index:
            self._opened = _Opened(index, self._encoder, self.settings.reranker)
        return self._opened


class _Opened:
    """What is made once for each index generation, when first used."""

    def __init__(self, index: Index, encoder: Encoder, reranker: str) -> None:
        self.index = index
        self._encoder = encoder
        self._reranker = reranker

    @cached_property
    def knowledge(self) -> Knowledge:
        return Knowledge(self.index.catalogue)

    @cached_property
    def retriever(self) -> Retriever:
        from assistant.retrieval.search import Retriever

        return Retriever(self.index, self._encoder, reranker=open_reranker(self._reranker))

    @cached_property
    def finder(self) -> Finder:
        from assistant.finder.open import open_finder

        return open_finder(self.index, self._encoder, self.knowledge, self.retriever)


def _asked(question: str | None, turns: Sequence[str] | None) -> list[str]:
    # Half of a surrogate pair (a cut emoji) is no text: neither tokenizer nor JSON takes it.
    whole = [t.encode("utf-8", "ignore").decode() for t in (turns or [question or ""])]
    asked = [turn for turn in whole if turn.strip()]
    if not asked:
        raise BadInputError("还没有输入问题", "请用一句话说明想了解什么")
    return asked


def _recent(turns: list[str], longest: int) -> list[str]:
    """The last turn, and as many before it as are no longer together than one may be."""
    kept = turns[-1:]
    for turn in reversed(turns[:-1]):
        longest -= len(turn)
        if longest < 0:
            break
        kept.insert(0, turn)
    return kept


def _too_long(turns: Sequence[str], longest: int) -> Answer:
    shown = f"{turns[-1][:60]}…"
    language: Language = "en" if is_english(turns) else "zh"
    text = words(language, "too_long", n=len(turns[-1]), limit=longest)
    return Answer(shown, shown, text, refused=True, reason="unclear", language=language)


def _day(as_of: str | None) -> str:
    if as_of is None:
        return date.today().isoformat()
    try:
        return date.fromisoformat(as_of).isoformat()
    except ValueError as error:
        raise BadInputError(f"日期 {as_of} 无法识别", "请写成 2026-11-21 这样") from error
