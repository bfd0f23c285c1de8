"""The HTML report of a run and its figures as JSON."""

from eval.report.page import html, summary, write_report, write_summary

__all__ = ["html", "summary", "write_report", "write_summary"]
