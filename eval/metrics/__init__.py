"""Metrics, one subject per file; :mod:`eval.metrics.catalogue` names and defines them all."""
