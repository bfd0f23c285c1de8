"""The bundled encoder by itself finds the measures that the development questions ask for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.chunks import chunks
from assistant.corpus.parse import parse_file
from embeddings.encoder import load_encoder
from embeddings.training import evaluate
from embeddings.training.corpora import Passage

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.integration
def test_recall_of_the_content_questions() -> None:
    passages, texts, owner = [], [], []
    for path in sorted((ROOT / "data" / "sources").glob("*.txt")):
        for document in parse_file(path).documents:
            for measure in document.measures:
                found = [c.encoded for c in chunks(document.document, measure)]
                texts += found
                owner += [len(passages)] * len(found)
                passages.append(Passage("", "", measure.heading or "", measure.text))
    questions = evaluate.read_development(ROOT / "eval" / "datasets" / "dev.jsonl", passages)
    encoder = load_encoder()
    asked = encoder.encode_queries([q.text for q in questions])
    similarity = evaluate.best_piece(asked @ encoder.encode_documents(texts).T, np.array(owner))
    figures = evaluate.development_recall(questions, similarity)
    assert figures["all_recall@5"] >= 0.87, figures
    assert figures["cold_recall@5"] >= 0.80, figures
