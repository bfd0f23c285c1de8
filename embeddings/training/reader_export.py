"""A trained checkpoint → the folder that :class:`embeddings.reader.Reader` loads, in int8.

    python -m embeddings.training.reader_export BASE CHECKPOINT OUT [--average FOLDER]

Weights are quantised a channel each, with one bit held back: CPUs without VNNI add two products in
16 bits, which would overflow.  Calibration and thresholds are identity until they are fitted
(``scripts/fit_reader.py``).  The checkpoint's running mean is taken; ``--average``:
the mean of it and of the exported reader that its training began from, which reads better than
either (Wortsman et al. 2022, arXiv:2109.01903).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from embeddings.reader import CONFIG, TOKENS, WEIGHTS
from embeddings.training.reader_import import dequantised
from embeddings.training.reader_model import ReaderModel

NAMES = ("answers", "topic", "yes_no", "standing", "sentences")
UNFITTED = {
    "calibration": {},
    "thresholds": {"answers": 0.5, "topic": 0.5, "sentences": 0.4, "standing": 0.5,
                   "standing_first": 0.5, "maybe_standing": 0.5,
                   "supposed": 0.5, "yes": 0.5, "no": 0.5},
    "order": [0.5, 1.0],
}  # fmt: skip


def export(base: Path, checkpoint: Path, out: Path, average: Path | None = None) -> None:
    """Write the three files; fitted numbers of an earlier export in ``out`` are kept."""
    state = torch.load(checkpoint, map_location="cpu")
    weights = state["mean"]
    if average is not None:
        other = dequantised(average)
        weights = {k: (v + other[k]) / 2 if k in other else v for k, v in weights.items()}
    layers = 1 + max(
        int(name.split(".")[3]) for name in weights if name.startswith("bert.encoder.layer")
    )
    model = ReaderModel(base, layers).eval()
    model.load_state_dict(weights)
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones((2, 12), dtype=torch.long)
    pool = torch.zeros((2, 3, 12))
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            model, (ids, torch.ones_like(ids), pool), str(full),
            input_names=["ids", "mask", "pool"], output_names=list(NAMES), opset_version=17,
            dynamic_axes={"ids": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"},
                          "pool": {0: "n", 1: "s", 2: "t"}, "answers": {0: "n"}, "topic": {0: "n"},
                          "yes_no": {0: "n"}, "standing": {0: "n"}, "sentences": {0: "n", 1: "s"}},
            dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            full, out / WEIGHTS, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
        )  # fmt: skip
    shutil.copy(base / "tokenizer.json", out / TOKENS)
    known = json.loads((out / CONFIG).read_text()) if (out / CONFIG).exists() else UNFITTED
    digest = hashlib.sha256((out / WEIGHTS).read_bytes()).hexdigest()
    config = {**known, "sha256": digest, "layers": layers, "steps": state["step"]}
    (out / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="write the reader's files")
    parser.add_argument("base", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--average", type=Path, help="folder of an exported reader")
    args = parser.parse_args()
    export(args.base, args.checkpoint, args.out, args.average)
    size = sum(f.stat().st_size for f in args.out.iterdir())
    print(f"{size / np.float64(2**20):.1f} MiB in {args.out}")  # noqa: T201


if __name__ == "__main__":
    main()
