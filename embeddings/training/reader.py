"""Train the reader: ``python -m embeddings.training.reader BASE EXAMPLES OUT``.

The learning rate rises, stays, and falls to nothing over the last ``--decay`` steps, which begin
when the file ``OUT/decay`` appears or ``--steps`` are nearly done.  ``OUT`` keeps a checkpoint, so
that training goes on where it was ended; ``--begin`` takes the weights of an exported reader
instead, best at half the ``--rate``.  The checkpoint holds the running mean of the weights beside
them; it reads better than they do and is what is exported.  Examples are read anew for every pass
over them.  ``--bf16`` is half as fast again on
CPUs that multiply bfloat16 (time it: on others it is slower).

Losses: relevance and topic are each a softmax over the passages of a question and "none"; the
sentences of the right passage a binary one each; yes / no / neither and standing small ones.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from embeddings.reader_input import batch
from embeddings.training.reader_examples import Examples, Group
from embeddings.training.reader_import import dequantised
from embeddings.training.reader_model import Read, ReaderModel

GROUPS = 6  # questions a step
PART = 8  # sequences of like length that go through the model at once
WARM_UP = 100
RATE, HEADS = 1.2e-4, 7  # learning rate of the body; the heads learn so many times as fast
OFTEN = 10  # steps between two takings into …
MEAN = 500  # … the running mean of the weights, and how many it reaches back
YES_NO, STANDING, TOPIC = 0.4, 0.2, 0.6  # weights beside 1 for answers and sentences
POLAR = 4  # weight of a supposition beside what supposes nothing, in the loss of yes and no
# Shares of the older files in each pass, which the weights that one begins with have read before;
# of the others all
OFTEN_READ = (
    "contrast", "counter", "turns", "mixed", "loose", "pairs", "suppositions", "beyond", "near",
    "not_stated", "absent", "across", "documents", "conversations",
)  # fmt: skip
SHARES = {"laws": 0.15, "policies": 0.3, "everyday": 0.4} | dict.fromkeys(OFTEN_READ, 0.3)
FROZEN = 1  # layers from below, and the embeddings, that stay as they were pretrained


def read(model: ReaderModel, groups: Sequence[Group], *, bf16: bool = False) -> list[Read]:
    """One :class:`Read` a group, in which passages of like length went through together."""
    pairs = [p for g in groups for p in g.pairs]
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
    rows: dict[int, Read] = {}
    for start in range(0, len(order), PART):
        part = order[start : start + PART]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            found = model(*map(torch.from_numpy, batch([pairs[i] for i in part])))
        for row, i in enumerate(part):
            rows[i] = Read(*(values[row].float() for values in found))
    made, at = [], 0
    for g in groups:
        own = [rows[at + i] for i in range(len(g.pairs))]
        made.append(
            Read(
                answers=torch.stack([r.answers for r in own]),
                topic=torch.stack([r.topic for r in own]),
                yes_no=torch.stack([r.yes_no for r in own]),
                standing=torch.stack([r.standing for r in own]),
                sentences=[r.sentences for r in own],  # type: ignore[arg-type]
            )
        )
        at += len(g.pairs)
    return made


def losses(found: Sequence[Read], groups: Sequence[Group]) -> dict[str, Tensor]:
    """Mean losses by name."""
    none = torch.zeros(1)
    answers, topic, sentences, yes_no, standing = [], [], [], [], []
    for r, g in zip(found, groups, strict=True):
        target = torch.tensor([1 if g.answers else 0])
        answers.append(F.cross_entropy(torch.cat([none, r.answers])[None], target))
        kept = [i for i in range(len(g.pairs)) if i not in g.aside]
        target = torch.tensor([1 if g.topic else 0])
        topic.append(F.cross_entropy(torch.cat([none, r.topic[kept]])[None], target))
        if g.answers:
            marks = torch.tensor(g.marks, dtype=torch.float)
            sentences.append(
                F.binary_cross_entropy_with_logits(r.sentences[0][: len(marks)], marks)
            )
            verdict = F.cross_entropy(r.yes_no[:1], torch.tensor([g.yes_no]))
            yes_no.append(verdict * (POLAR if g.yes_no < 2 else 1))
        standing.append(
            F.binary_cross_entropy_with_logits(r.standing[0], torch.tensor(float(g.standing)))
        )
    named = {"answers": answers, "topic": topic, "sentences": sentences, "yes_no": yes_no,
             "standing": standing}  # fmt: skip
    return {name: torch.stack(values).mean() for name, values in named.items() if values}


@torch.no_grad()
def evaluate(model: ReaderModel, examples: Examples, count: int) -> dict[str, float]:
    """Figures on questions about documents that are not trained on."""
    dice = random.Random(0)
    drawn = dice.sample(examples.held_out, min(count, len(examples.held_out)))
    groups = [examples.group(e, dice) for e in drawn]
    right, best, stated, truth, told, said, both = [], [], [], [], 0, 0, 0
    polar: list[bool] = []
    for start in range(0, len(groups), GROUPS):
        part = groups[start : start + GROUPS]
        for r, g in zip(read(model, part), part, strict=True):
            first = int(torch.cat([torch.zeros(1), r.answers]).argmax())
            right.append(first == int(g.answers))
            if g.answers:
                best.append(int(r.answers.argmax()) == 0)
                marks = np.array(g.marks)
                chosen = (r.sentences[0][: len(marks)] > 0).numpy()
                told, said, both = (
                    told + marks.sum(), said + chosen.sum(), both + (marks * chosen).sum(),
                )  # fmt: skip
                if g.yes_no < 2:
                    polar.append(int(r.yes_no[0, :2].argmax()) == g.yes_no)
            stated.append(float(r.answers.max()))
            truth.append(g.answers)
    return {
        "of_all": float(np.mean(right)),
        "right_first": float(np.mean(best)),
        "auc": auc(np.array(stated), np.array(truth)),
        "sentence_f1": 2 * both / max(1, told + said),
        "yes_no": float(np.mean(polar)) if polar else 0.0,
    }


def auc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Area under the curve: how often a true one has the higher score (ties count half)."""
    pairs = scores[truth][:, None] - scores[~truth][None]
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


def drawn_anew(folder: Path, tokens: Tokenizer, dice: random.Random) -> Iterator[Group]:
    while True:
        examples = Examples(folder, tokens)
        drawn = [e for e in examples.training if dice.random() < SHARES.get(e["source"], 1.0)]
        for example in dice.sample(drawn, len(drawn)):
            yield examples.group(example, dice)


def _into(mean: dict[str, Tensor], model: ReaderModel, step: int) -> None:
    """Take the weights into their running mean, which reaches back over at most half the steps."""
    for key, value in model.state_dict().items():
        if value.is_floating_point():
            mean[key].lerp_(value, OFTEN / min(MEAN, 2 * step))


def train(
    base: Path,
    folder: Path,
    out: Path,
    *,
    begin: Path | None = None,
    steps: int,
    decay: int,
    layers: int,
    seed: int,
    rate: float = RATE,
    bf16: bool = False,
) -> None:
    random.seed(seed)
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    tokens = Tokenizer.from_file(str(base / "tokenizer.json"))
    model = ReaderModel(base, layers).train()
    for part in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN]):
        part.requires_grad_(False)
    body = [p for p in model.bert.parameters() if p.requires_grad]
    heads = [*model.whole.parameters(), *model.sentence.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": HEADS * rate}],
        weight_decay=0.01, betas=(0.9, 0.98),
    )  # fmt: skip
    step, ends = 0, steps
    kept = out / "checkpoint.pt"
    if kept.exists():
        state = torch.load(kept)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step, ends = state["step"], state.get("ends") or steps
    elif begin is not None:
        told = model.load_state_dict(dequantised(begin), strict=False)
        assert not told.unexpected_keys, told.unexpected_keys
        assert all(".embeddings." in name for name in told.missing_keys), told.missing_keys
    mean = {k: v.clone() for k, v in model.state_dict().items()}
    if kept.exists():
        mean = state["mean"]
    stream = drawn_anew(folder, tokens, random.Random(seed + step))
    shown: dict[str, float] = {}
    began = time.monotonic()
    while step < ends:
        if step % 20 == 0 and (out / "decay").exists() and ends == steps:
            ends = min(ends, step + decay)
        left = min(1.0, (ends - step) / decay)
        for g, times in zip(optimiser.param_groups, (1, HEADS), strict=True):
            g["lr"] = times * rate * min(1.0, (step + 1) / WARM_UP) * left
        groups = [next(stream) for _ in range(GROUPS)]
        found = losses(read(model, groups, bf16=bf16), groups)
        weights = {"yes_no": YES_NO, "standing": STANDING, "topic": TOPIC}
        total = sum(
            (weights.get(name, 1.0) * value for name, value in found.items()), torch.zeros(())
        )
        optimiser.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(body + heads, 1.0)
        optimiser.step()
        step += 1
        if step % OFTEN == 0:
            _into(mean, model, step)
        for name, value in found.items():
            shown[name] = 0.98 * shown.get(name, value.item()) + 0.02 * value.item()
        if step % 50 == 0:
            told = " ".join(f"{k} {v:.3f}" for k, v in shown.items())
            print(f"{step} {time.monotonic() - began:.0f} s {told}", flush=True)  # noqa: T201
        if step % 200 == 0 or step == ends:
            state = {
                "model": model.state_dict(),
                "mean": mean,
                "optimiser": optimiser.state_dict(),
                "step": step,
                "ends": ends if ends != steps else None,  # a decay that was called for goes on
            }
            torch.save(state, kept.with_suffix(".tmp"))
            kept.with_suffix(".tmp").replace(kept)
        if step % 600 == 0 or step == ends:
            averaged = ReaderModel(base, layers).eval()
            averaged.load_state_dict(mean)
            figures = evaluate(averaged, Examples(folder, tokens), 240)
            print("held out", " ".join(f"{k} {v:.3f}" for k, v in figures.items()), flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description="train the reader")
    parser.add_argument("base", type=Path)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--begin", type=Path, help="folder of an exported reader")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--decay", type=int, default=800)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=RATE, help="learning rate of the body")
    parser.add_argument("--bf16", action="store_true")
    args = parser.parse_args()
    train(args.base, args.examples, args.out, begin=args.begin, steps=args.steps,
          decay=args.decay, layers=args.layers, seed=args.seed, rate=args.rate,
          bf16=args.bf16)  # fmt: skip


if __name__ == "__main__":
    main()
