"""Measure the finder on invented companies whose rows were judged by reading them.

    python scripts/measure_finder.py [--unjudged]

``data/questions/finder/judgements.jsonl``: a measure listed for a company is 2 (really for it),
1 (may be: it depends on what was not told) or 0 (no offer, or for others).  Printed are the share
of the first ten rows with grade 1 or more, and of the grade 2 measures those among the first ten.
A row that nobody judged counts as 0; ``--unjudged`` prints those, to be read and judged.  Companies
that were ``seen`` while the finder was being built and those that were not stand apart.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict

from rich.console import Console
from rich.table import Table

from assistant.ask import Assistant
from assistant.records import Match
from assistant.settings import ROOT
from assistant.wire import profile_from_json

FOLDER = ROOT / "data" / "questions" / "finder"
DAY = "2023-07-01"  # most of the corpus is in force then
TOP = 10


def main() -> None:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (FOLDER / "judgements.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        grades[row["company"]][row["measure"]] = row["grade"]
    assistant = Assistant.open()
    console = Console(width=120)
    table = Table("company", "rows", "grade ≥ 1", "grade 2 found", "grade 2 known", "unjudged")
    totals = {True: [0] * 5, False: [0] * 5}
    for line in (FOLDER / "companies.jsonl").read_text(encoding="utf-8").splitlines():
        company = json.loads(line)
        profile = profile_from_json(company["profile"])
        assert profile is not None
        found = assistant.match(profile, as_of=DAY, limit=TOP).matches
        known = grades[company["id"]]
        listed = [match.citation.hit.measure.measure_id for match in found]
        figures = (
            len(listed),
            sum(known.get(measure, 0) >= 1 for measure in listed),
            sum(known.get(measure, 0) == 2 for measure in listed),
            sum(grade == 2 for grade in known.values()),
            sum(measure not in known for measure in listed),
        )
        sums = totals[company["seen"]]
        sums[:] = [a + b for a, b in zip(sums, figures, strict=True)]
        table.add_row(company["id"], *map(str, figures))
        if "--unjudged" in sys.argv[1:]:
            for match in found:
                if match.citation.hit.measure.measure_id not in known:
                    console.print(_line(company["id"], match), markup=False, soft_wrap=True)
    table.add_section()
    for seen, sums in totals.items():
        table.add_row("seen" if seen else "unseen", *map(str, sums))
    console.print(table)
    for seen, sums in totals.items():
        precision, recall = sums[1] / max(1, sums[0]), sums[2] / max(1, sums[3])
        console.print(
            f"{'seen' if seen else 'unseen'}: precision of the first {TOP} {precision:.2f}, "
            f"grade 2 found {recall:.2f}"
        )


def _line(company: str, match: Match) -> str:
    hit = match.citation.hit
    place = hit.document.district or "全市"
    words = (hit.measure.heading, match.citation.quote, match.amount or "-")
    return " | ".join((company, hit.measure.measure_id, hit.document.title, place, *words))


if __name__ == "__main__":
    main()
