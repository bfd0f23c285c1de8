"""The shipped int8 reader → weights to go on training from.

What is lost by rounding to int8 is learnt again within some steps; the optimiser begins anew.  The
embeddings and the lowest layer stay those of the base, as in training.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from embeddings.reader import WEIGHTS

_OWN = ("bert.encoder.layer.", "whole.", "sentence.")  # what training moves


def dequantised(folder: Path) -> dict[str, Tensor]:
    """Parameters of :class:`.reader_model.ReaderModel` by name, those of the embeddings left out.

    Args:
        folder: as :mod:`embeddings.training.reader_export` writes it.
    """
    graph = onnx.load(folder / WEIGHTS).graph
    stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    found = {name: value for name, value in stored.items() if name.startswith(_OWN)}
    state = {n: v for n, v in found.items() if n.endswith((".weight", ".bias"))}
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        stem = node.input[1].removesuffix("_quantized")
        scale = stored[f"{stem}_scale"].astype(np.float32)
        zero = stored[f"{stem}_zero_point"].astype(np.float32)
        weight = (stored[node.input[1]].astype(np.float32) - zero) * scale
        state[_module(node.name)] = weight.T
    return {name: torch.from_numpy(np.array(value)) for name, value in state.items()}


def _module(node: str) -> str:
    """``/bert/encoder/layer.1/attention/self/query/MatMul_quant`` → the name of its weight;
    ``/whole/whole.0/Gemm_MatMul_quant`` of a sequence → ``whole.0.weight``."""
    parts = node.strip("/").split("/")[:-1]
    if parts[0] in ("whole", "sentence"):
        parts = parts[1:]
    return ".".join([*parts, "weight"])
