"""The reader as a torch module: a pretrained encoder and five small heads."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertModel


class Read(NamedTuple):
    """Logits for ``n`` pairs of question and passage.

    Attributes:
        answers: (n,) the passage states what is asked; 0 is even.
        topic: (n,) the passage is where it would be stated.
        yes_no: (n, 3) yes, no, neither, if the passage answers.
        standing: (n,) the question asks from when or until when a rule holds.
        sentences: (n, s) the sentence belongs to the answer, if the passage answers.
    """

    answers: Tensor
    topic: Tensor
    yes_no: Tensor
    standing: Tensor
    sentences: Tensor


class ReaderModel(nn.Module):
    """A cross-encoder over question and passage.

    Args:
        base: folder written by :mod:`embeddings.training.base`.
        layers: how many of the base's layers are kept, counted from the input.
    """

    def __init__(self, base: Path, layers: int) -> None:
        super().__init__()
        # no dropout: on the CPU its random numbers cost as much time as the pass itself
        self.bert = BertModel.from_pretrained(
            base, add_pooling_layer=False, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0, num_hidden_layers=layers,
        )  # fmt: skip
        width = self.bert.config.hidden_size
        self.whole = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 6))
        self.sentence = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))

    def forward(self, ids: Tensor, mask: Tensor, pool: Tensor) -> Read:
        """The arrays of :func:`embeddings.reader_input.batch` → logits."""
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(states.dtype)
        first = states[:, 0]
        mean = (states * weight).sum(1) / weight.sum(1)
        whole = self.whole(torch.cat([first, mean], 1))
        means = pool @ states
        around = first.unsqueeze(1).expand(-1, means.shape[1], -1)
        sentences = self.sentence(torch.cat([means, around], 2)).squeeze(-1)
        return Read(whole[:, 0], whole[:, 1], whole[:, 2:5], whole[:, 5], sentences)
