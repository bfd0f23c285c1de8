"""Query → hits: names, candidates, ranker; the reader's order comes after."""
