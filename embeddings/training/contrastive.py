"""Bring questions near their passages: in-batch negatives over bags of features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy, normalize

from embeddings.training.bags import Bags, Ints

Floats = NDArray[np.float32]
_SAME_PASSAGE = -1e4  # a logit that leaves a pair out of the softmax


@dataclass(frozen=True, slots=True)
class Pairs:
    """Left text ``left_rows[i]`` belongs to right text ``right_rows[i]``.

    Pairs of the same group (the passage) are no negatives of each other.
    ``share`` is how often the pairs are seen in one epoch (1: each once).
    """

    left: Bags
    right: Bags
    left_rows: Ints
    right_rows: Ints
    groups: Ints
    share: float = 1.0

    def __len__(self) -> int:
        return len(self.left_rows)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How one phase is trained.

    Attributes:
        drop: share of the features left out at random, anew in each step.
        longest: features kept of a long text in one step, at random; bounds the cost.
        temperature: of the softmax over the cosine similarities.
    """

    epochs: int
    batch: int = 512
    rate: float = 4e-3
    temperature: float = 0.05
    drop: float = 0.2
    longest: int = 200
    warmup: int = 20


class _Table(torch.nn.Module):
    """Feature vectors; a text is their normalised sum."""

    def __init__(self, start: Floats, schedule: Schedule, rng: np.random.Generator) -> None:
        super().__init__()
        self.bag = torch.nn.EmbeddingBag.from_pretrained(
            torch.from_numpy(start.copy()), freeze=False, mode="sum"
        )
        self._schedule, self._rng = schedule, rng

    def forward(self, bags: Bags, rows: Ints) -> torch.Tensor:
        ids, offsets = self._thin(*bags.take(rows))
        device = self.bag.weight.device
        ids_there = torch.from_numpy(ids).to(device)
        return normalize(self.bag(ids_there, torch.from_numpy(offsets).to(device)), dim=1)

    def _thin(self, ids: Ints, offsets: Ints) -> tuple[Ints, Ints]:
        sizes = np.diff(np.append(offsets, len(ids)))
        keep = np.minimum(1 - self._schedule.drop, self._schedule.longest / np.maximum(sizes, 1))
        kept = self._rng.random(len(ids), dtype=np.float32) < np.repeat(keep, sizes)
        before = np.concatenate(([0], np.cumsum(kept)))
        return ids[kept], before[offsets]


def train(
    start: Floats, sources: Sequence[Pairs], schedule: Schedule, *, seed: int
) -> tuple[Floats, float]:
    """The trained (features, dimension) table and the mean loss.

    Every batch comes from one source, so that a question is told apart from others of its kind;
    the order of the batches is shuffled over all sources. Uses a GPU where there is one.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    table = _Table(start, schedule, rng)
    table.to("cuda" if torch.cuda.is_available() else "cpu")
    optimiser = torch.optim.Adam(table.parameters(), lr=schedule.rate, fused=True)
    plan = list(_batches(sources, schedule, rng))
    total = 0.0
    for step, at in enumerate(rng.permutation(len(plan))):
        source, rows = plan[at]
        pace = min(1.0, (step + 1) / schedule.warmup) * max(0.02, 1 - step / len(plan))
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate * pace
        loss = _loss(table, sources[source], rows, schedule.temperature)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item()
    return table.bag.weight.detach().cpu().numpy(), total / max(len(plan), 1)


def _batches(
    sources: Sequence[Pairs], schedule: Schedule, rng: np.random.Generator
) -> Iterator[tuple[int, Ints]]:
    for number, pairs in enumerate(sources):
        wanted = int(len(pairs) * pairs.share * schedule.epochs)
        rounds = [rng.permutation(len(pairs)) for _ in range(-(-wanted // max(len(pairs), 1)))]
        for order in rounds:
            order = order[:wanted]
            wanted -= len(order)
            for begin in range(0, len(order) - schedule.batch // 2, schedule.batch):
                yield number, order[begin : begin + schedule.batch]


def _loss(table: _Table, pairs: Pairs, rows: Ints, temperature: float) -> torch.Tensor:
    left = table(pairs.left, pairs.left_rows[rows])
    right = table(pairs.right, pairs.right_rows[rows])
    groups = pairs.groups[rows]
    same = torch.from_numpy(groups[:, None] == groups[None, :])
    same.fill_diagonal_(False)
    logits = (left @ right.T / temperature).masked_fill(same.to(left.device), _SAME_PASSAGE)
    target = torch.arange(len(rows), device=left.device)
    return (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
