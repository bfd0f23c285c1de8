from __future__ import annotations

from pathlib import Path

import pytest

from eval.dataset import Dataset, load
from eval.prediction import Prediction, read

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def dev() -> Dataset:
    return load(["dev"])


@pytest.fixture(scope="session")
def sample() -> dict[str, Prediction]:
    """Disturbed answers to half of the development set (see ``make_sample.py``)."""
    return read(DATA / "sample_predictions.jsonl")
