"""The whole training: texts → vocabulary → first vectors → two phases → model, with figures."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import rjieba
from numpy.typing import NDArray

from embeddings.training import cloze, contrastive, corpora, evaluate, vocabulary
from embeddings.training.bags import Bags, feature_bags, join, word_bags
from embeddings.training.contrastive import Pairs, Schedule
from embeddings.training.corpora import Passage, Question
from embeddings.training.export import dequantise, quantise, save_model
from embeddings.training.initial import latent_vectors

Floats = NDArray[np.float32]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files read; laws and their questions may be missing, at a loss of quality."""

    documents: Path
    measures: Path
    questions: Path
    development: Path
    laws: Path | None = None
    law_questions: Path | None = None
    words: tuple[Path, ...] = ()

    def checksums(self) -> dict[str, str]:
        """sha256 of every input file; a folder of laws by its file count and size."""
        found = {
            path.name: corpora.sha256(path)
            for path in (self.questions, self.development, self.law_questions, *self.words)
            if path
        }
        if self.laws:
            sizes = [path.stat().st_size for path in self.laws.rglob("*.md")]
            found["laws"] = f"{len(sizes)} files, {sum(sizes)} bytes"
        return found


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that may be varied.

    Attributes:
        least_count: weighted count from which a word is known.
        own_weight: how much a word of corpus or questions counts against one of the laws.
        cloze_share: how often a policy cloze pair is seen for each time a question is.
    """

    seed: int = 0
    dimension: int = 256
    words: int = 60_000
    least_count: int = 5
    own_weight: int = 5
    start_scale: float = 0.05
    cloze_share: float = 0.25
    pretraining: Schedule = field(
        default_factory=lambda: Schedule(epochs=1, batch=1024, rate=3e-3, drop=0.3)
    )
    training: Schedule = field(default_factory=lambda: Schedule(epochs=10))


@dataclass(frozen=True, slots=True)
class Material:
    """The texts in memory."""

    passages: list[Passage]
    questions: list[Question]
    laws: list[Passage]
    articles: list[Passage]
    article_questions: list[Question]
    kept_words: tuple[str, ...]


def load(inputs: Inputs) -> Material:
    passages = corpora.read_measures(inputs.documents, inputs.measures)
    questions, missing = corpora.read_policy_questions(inputs.questions, passages)
    laws = corpora.read_laws(inputs.laws) if inputs.laws else []
    articles: list[Passage] = []
    article_questions: list[Question] = []
    if inputs.law_questions:
        articles, article_questions = corpora.read_law_questions(inputs.law_questions)
    log.info(
        "%d measures, %d questions on them (%d measures not found), %d law articles, %d questions",
        *(len(passages), len(questions), missing, len(laws), len(article_questions)),
    )
    kept = tuple(dict.fromkeys(w for path in inputs.words for w in vocabulary.read_words(path)))
    return Material(passages, questions, laws, articles, article_questions, kept)


@dataclass(frozen=True, slots=True)
class Space:
    """A vocabulary with the texts already turned into bags of its features."""

    vocabulary: vocabulary.Vocabulary
    passages: Bags
    questions: Bags
    articles: Bags
    article_questions: Bags

    def bags(self, texts: Sequence[str]) -> Bags:
        return _bags(self.vocabulary, texts)


def _bags(known: vocabulary.Vocabulary, texts: Sequence[str]) -> Bags:
    return feature_bags(word_bags(known.tokenizer, texts), known.parts)


def prepare(material: Material, recipe: Recipe) -> Space:
    """Count words, choose the vocabulary, turn the texts into bags."""
    own = [p.encoded for p in material.passages] + [q.text for q in material.questions]
    other = [q.text for q in material.article_questions]
    counts = vocabulary.count_words((p.encoded for p in material.laws), _cut)
    for word, number in vocabulary.count_words(own + other, _cut).items():
        counts[word] += number * recipe.own_weight
    for word in material.kept_words:
        counts[word] = max(counts[word], recipe.least_count)
    words = vocabulary.choose_words(counts, limit=recipe.words, least=recipe.least_count)
    known = vocabulary.build(words)
    log.info("%d words of %d features", len(words), len(known.features))
    return Space(
        known,
        passages=_bags(known, [p.encoded for p in material.passages]),
        questions=_bags(known, [q.text for q in material.questions]),
        articles=_bags(known, [p.text for p in material.articles]),
        article_questions=_bags(known, [q.text for q in material.article_questions]),
    )


def _cut(run: str) -> list[str]:
    return rjieba.cut(run, False)  # no guessing of new words: the tokenizer could not follow


def pretrain(
    material: Material, space: Space, recipe: Recipe, *, with_corpus: bool = True
) -> Floats:
    """Feature vectors from unlabelled text: decomposition, then sentence → rest of the article.

    Args:
        with_corpus: decompose the corpus along with the laws; without laws it is all there is.
    """
    features = len(space.vocabulary.features)
    texts = space.bags([p.encoded for p in material.laws])
    if with_corpus or not material.laws:
        texts = join(texts, space.passages)
    table = latent_vectors(texts, features, recipe.dimension, seed=recipe.seed)
    table *= recipe.start_scale
    if not material.laws:
        return table
    taken = cloze.one_sentence(material.laws, seed=recipe.seed)
    pairs = _cloze_pairs(space, taken, share=1.0)
    table, loss = contrastive.train(table, [pairs], recipe.pretraining, seed=recipe.seed)
    log.info("pretrained on %d articles, mean loss %.3f", len(taken), loss)
    return table


def _cloze_pairs(space: Space, taken: Sequence[cloze.Cloze], *, share: float) -> Pairs:
    rows = np.arange(len(taken))
    groups = np.array([c.passage for c in taken], dtype=np.int64)
    pieces, rests = (space.bags([getattr(c, n) for c in taken]) for n in ("piece", "rest"))
    return Pairs(pieces, rests, rows, rows, groups, share)


def finetune(
    start: Floats,
    material: Material,
    space: Space,
    recipe: Recipe,
    left_out: Collection[str] = (),
) -> Floats:
    """Train on authored questions and policy cloze, without the documents titled ``left_out``."""
    kept = [i for i, q in enumerate(material.questions) if q.title not in left_out]
    same = _same_text(material.passages)
    answers = np.array([material.questions[i].passage for i in kept])
    sources = [
        Pairs(space.questions, space.passages, np.array(kept), answers, same[answers]),
    ]
    if material.article_questions:
        rows = np.array([q.passage for q in material.article_questions])
        ids = np.arange(len(rows))
        sources.append(Pairs(space.article_questions, space.articles, ids, rows, rows))
    if recipe.cloze_share:
        absent = {
            material.questions[i].passage for i in set(range(len(material.questions))) - {*kept}
        }
        hidden = {material.passages[i].title for i in absent}
        taken = [
            c
            for c in cloze.every_sentence(material.passages)
            if material.passages[c.passage].title not in hidden
        ]
        sources.append(_cloze_pairs(space, taken, share=recipe.cloze_share))
    table, loss = contrastive.train(start, sources, recipe.training, seed=recipe.seed)
    log.info("trained on %s pairs, mean loss %.3f", [len(s) for s in sources], loss)
    return table


def _same_text(passages: Sequence[Passage]) -> NDArray[np.int64]:
    first: dict[str, int] = {}
    return np.array([first.setdefault(p.text, i) for i, p in enumerate(passages)])


def word_vectors(space: Space, table: Floats) -> Floats:
    """(words, dimension): the features of each word summed, as the shipped int8 rows give them."""
    summed = np.asarray(space.vocabulary.parts @ table, dtype=np.float32)
    return dequantise(*quantise(summed))


def measure(
    vectors: Floats,
    material: Material,
    space: Space,
    development: Sequence[evaluate.DevelopmentQuestion],
    asked: Sequence[int] = (),
) -> dict[str, float]:
    """Recall on the development questions and on the authored questions numbered ``asked``."""
    tokenizer = space.vocabulary.tokenizer
    pieces, owner = evaluate.pieces(material.passages)
    stored = evaluate.encode(vectors, word_bags(tokenizer, pieces))
    texts = [q.text for q in development]
    found = evaluate.encode(vectors, word_bags(tokenizer, texts)) @ stored.T
    figures = evaluate.development_recall(development, evaluate.best_piece(found, owner))
    if len(asked):
        questions = [material.questions[i] for i in asked]
        texts = [q.text for q in questions]
        found = evaluate.encode(vectors, word_bags(tokenizer, texts)) @ stored.T
        similarity = evaluate.best_piece(found, owner)
        ranks = evaluate.authored_ranks(questions, material.passages, similarity)
        for k in (1, 5, 10):
            figures[f"left_out_recall@{k}"] = round(float((ranks < k).mean()), 4)
        figures["left_out_n"] = len(ranks)
    return figures


def train_model(inputs: Inputs, recipe: Recipe, folder: Path) -> dict[str, float]:
    """Train on everything, write the model and ``training.json`` (data, recipe, figures)."""
    started = time.monotonic()
    material = load(inputs)
    development = evaluate.read_development(inputs.development, material.passages)
    _refuse_contamination(development, material)
    space = prepare(material, recipe)
    table = finetune(pretrain(material, space, recipe), material, space, recipe)
    save_model(folder, space.vocabulary.tokenizer, np.asarray(space.vocabulary.parts @ table))
    figures = measure(word_vectors(space, table), material, space, development)
    figures["minutes"] = round((time.monotonic() - started) / 60, 1)
    record = {"recipe": asdict(recipe), "data": inputs.checksums(), "figures": figures}
    (folder / "training.json").write_text(
        json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return figures


def cross_validate(inputs: Inputs, recipe: Recipe, *, folds: int) -> dict[str, float]:
    """Mean recall of the questions on documents left out, over ``folds`` groups of documents.

    Neither the questions nor the texts of the left-out documents are trained on, so the figures
    (``left_out_…``) are those of documents added after training.
    """
    material = load(inputs)
    development = evaluate.read_development(inputs.development, material.passages)
    space = prepare(material, recipe)
    start = pretrain(material, space, recipe, with_corpus=False)
    fold = evaluate.folds(material.questions, folds, seed=recipe.seed)
    rows = []
    for number in range(folds):
        asked = np.flatnonzero(fold == number).tolist()
        left_out = {material.questions[i].title for i in asked}
        table = finetune(start, material, space, recipe, left_out)
        rows.append(measure(word_vectors(space, table), material, space, development, asked))
        log.info("fold %d: %s", number, rows[-1])
    return {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}


def _refuse_contamination(
    development: Sequence[evaluate.DevelopmentQuestion], material: Material
) -> None:
    """Stop when a development question is, nearly word for word, a training question."""
    training = [q.text for q in material.questions + material.article_questions]
    found = evaluate.contamination([q.text for q in development], training)
    if found:
        shown = "; ".join(f"{a} ~ {b}" for a, b in found[:5])
        raise ValueError(f"{len(found)} development questions stand in the training data: {shown}")
