"""``python -m embeddings.training``: train the bundled encoder, or measure a recipe."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from embeddings.encoder import MODEL_FOLDER
from embeddings.training.pipeline import Inputs, Recipe, cross_validate, train_model

ROOT = MODEL_FOLDER.parent.parent
LEXICON = ROOT / "data" / "lexicon"
WORD_LISTS = [LEXICON / "vocabulary.txt", LEXICON / "words.txt"]
console = Console()


def main(
    documents: Annotated[Path, typer.Option(help="documents of `assistant export`")],
    measures: Annotated[Path, typer.Option(help="measures of `assistant export`")],
    questions: Annotated[Path, typer.Option(help="authored questions on measures")] = ROOT
    / "data/questions/policies.jsonl",
    laws: Annotated[Path | None, typer.Option(help="folder of laws as markdown")] = None,
    law_questions: Annotated[Path | None, typer.Option(help="questions on law articles")] = None,
    words: Annotated[list[Path], typer.Option(help="word lists kept whole")] = WORD_LISTS,
    development: Annotated[Path, typer.Option(help="development questions")] = ROOT
    / "eval/datasets/dev.jsonl",
    out: Annotated[Path, typer.Option(help="folder of the model")] = MODEL_FOLDER,
    folds: Annotated[int, typer.Option(help="cross-validate over documents instead")] = 0,
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Train and write the model, or (--folds) measure the recipe on documents left out."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    inputs = Inputs(
        documents=documents,
        measures=measures,
        questions=questions,
        development=development,
        laws=laws,
        law_questions=law_questions,
        words=tuple(words),
    )
    recipe = Recipe(seed=seed)
    figures = (
        cross_validate(inputs, recipe, folds=folds) if folds else train_model(inputs, recipe, out)
    )
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:g}")
    console.print(table)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    typer.run(main)
