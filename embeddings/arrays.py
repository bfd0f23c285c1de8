"""An array in the bytes of an ``.npy`` file, without a copy."""

from __future__ import annotations

import io

import numpy as np
from numpy.lib import format as npy


def array(content: bytes) -> np.ndarray:
    """A read-only view of the array that ``np.save`` wrote.

    Raises:
        ValueError: the bytes are no such file.
    """
    stream = io.BytesIO(content)
    npy.read_magic(stream)
    shape, by_column, dtype = npy.read_array_header_1_0(stream)
    flat = np.frombuffer(content, dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if by_column else "C")
