"""Evaluation: questions, metrics, runs, comparisons, gates, baselines and the report."""
