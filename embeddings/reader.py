"""The reader: question (with earlier turns) × passage → what the passage says of what is asked.

A small cross-encoder, fine-tuned here from ``multilingual-e5-small`` (``reader_model/README.md``
tells how) and run in int8 by onnxruntime; torch is needed only to train it.  Every probability is
calibrated and every threshold chosen on documents that took no part in training; they stand in
``reader.json`` beside the weights.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.reader_input import Pair, batch, pair, question_ids

BUNDLED = Path(__file__).resolve().parent / "reader_model"
WEIGHTS, CONFIG, TOKENS = "reader.onnx", "reader.json", "tokenizer.json"
_REINSTALL = "请重新安装本程序"


class ReaderError(Exception):
    """The model's files are missing or damaged (Chinese message and next step)."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(f"{message}；{next_step}")
        self.message, self.next_step = message, next_step


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one passage says of the question; probabilities between 0 and 1.

    Attributes:
        answers: the passage states what is asked, or a part of it.
        topic: it is the place where that would be stated.
        standing: the question asks from when or until when a rule holds.
        yes, no: where the passage answers, that what the question supposes holds or does not
            (what is left of 1: the question supposes nothing).
        sentences: where the passage answers, that each of its sentences belongs to the answer.
    """

    answers: float
    topic: float
    standing: float
    yes: float
    no: float
    sentences: tuple[float, ...]


class ReadsPassages(Protocol):
    """What reading needs of a model; ``thresholds`` and ``order`` as in :class:`Reader`."""

    @property
    def thresholds(self) -> Mapping[str, float]: ...

    @property
    def order(self) -> tuple[float, float]: ...

    def read(
        self, turns: Sequence[str], passages: Sequence[tuple[str, Sequence[str]]]
    ) -> list[Judgement]: ...


class Reader:
    """Loads a folder with :data:`WEIGHTS`, :data:`CONFIG` and :data:`TOKENS`; safe between threads.

    Args:
        folder: by default the bundled model.
        threads: passages read at the same time, one thread each.

    Attributes:
        thresholds: by name, in probabilities; chosen on held-out documents.

    Raises:
        ReaderError: a file is missing, or is not what ``reader.json`` says.
    """

    def __init__(self, folder: Path = BUNDLED, *, threads: int = 2) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            weights = (folder / WEIGHTS).read_bytes()
            self._scales: Mapping[str, tuple[float, ...]] = {
                name: tuple(map(float, values)) for name, values in config["calibration"].items()
            }
            if any(len(values) not in (2, 3) for values in self._scales.values()):
                raise ValueError("calibration")
            self.thresholds: Mapping[str, float] = dict(config["thresholds"])
            ranker, own = config["order"]
            self.order: tuple[float, float] = float(ranker), float(own)
            whole = hashlib.sha256(weights).hexdigest() == config["sha256"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReaderError("阅读模型的文件缺失或损坏", _REINSTALL) from error
        if not whole:
            raise ReaderError("阅读模型的权重与说明不符", _REINSTALL)
        try:
            self._tokens = Tokenizer.from_file(str(folder / TOKENS))
            self._session = onnxruntime.InferenceSession(
                weights, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ReaderError("阅读模型的词表或权重无法读取", _REINSTALL) from error
        self._pool = ThreadPoolExecutor(threads, "reader")

    def read(
        self, turns: Sequence[str], passages: Sequence[tuple[str, Sequence[str]]]
    ) -> list[Judgement]:
        """Read every passage for the last of the turns.

        Args:
            turns: what the user said, oldest first; the last one is asked.
            passages: context (title, headings) and sentences of each.

        Returns:
            One judgement a passage, in their order.
        """
        if not passages:
            return []
        question = question_ids(self._tokens, turns)
        pairs = [pair(self._tokens, question, context, texts) for context, texts in passages]
        return list(self._pool.map(self._judge, pairs))

    def _judge(self, pair: Pair) -> Judgement:
        """One pass for one pair: int8 activations share a scale over a pass, so that what is read
        together would change one another's figures."""
        ids, mask, pool = batch([pair])
        answers, topic, yes_no, standing, sentences = self._session.run(
            None, {"ids": ids, "mask": mask, "pool": pool}
        )
        polar = _softmax(yes_no)[0]
        return Judgement(
            answers=self._probability("answers", answers[0], topic[0]),
            topic=self._probability("topic", topic[0]),
            standing=self._probability("standing", standing[0]),
            yes=float(polar[0]),
            no=float(polar[1]),
            sentences=tuple(
                self._probability("sentences", value) if end > start else 0.0
                for value, (start, end) in zip(sentences[0], pair.spans, strict=False)
            ),
        )

    def _probability(self, head: str, logit: float, beside: float = 0.0) -> float:
        """Calibrated: ``scale × logit + shift``, and a third weight for another head's logit."""
        scale, shift, *more = self._scales.get(head, (1.0, 0.0))
        value = scale * float(logit) + shift + (more[0] * float(beside) if more else 0.0)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]
