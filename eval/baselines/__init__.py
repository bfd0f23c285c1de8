"""The usual recipes, built from the ecosystem's own parts, on the same questions and scorer.

All cut the source files into pieces of 500 characters without regard to clauses and answer with
the best piece; they know of a passage only the file that it is from.
"""
