"""The exception tree.

AssistantError
├── NoIndexError           no index has been built yet
├── IndexMismatchError     the index was built with another encoder or segmenter
├── IndexDamagedError      the current generation cannot be read
├── IngestBusyError        another ingest holds the lock
├── SourceError            a source file cannot be taken in
├── UnknownDocumentError   no such document or label
├── BadInputError          a question, batch line, profile or date that cannot be used
├── SettingsError          a setting is missing or wrong
├── StateError             feedback or uploads cannot be stored or read
└── LLMError               the configured LLM failed (the extractive answer is given instead)

Every message is Chinese, meant for the user; ``next_step`` says what to do about it.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors meant for users.

    Args:
        message: what happened, in Chinese.
        next_step: what the user can do now, in Chinese.
    """

    exit_code = 1

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message}（{self.next_step}）" if self.next_step else self.message


class NoIndexError(AssistantError):
    exit_code = 3


class IndexMismatchError(AssistantError):
    exit_code = 4


class IndexDamagedError(AssistantError):
    exit_code = 4


class IngestBusyError(AssistantError):
    exit_code = 5


class SourcesGoneError(AssistantError):
    """A folder of which the index holds documents has vanished, or holds none any more."""

    exit_code = 6


class SourceError(AssistantError):
    exit_code = 6


class UnknownDocumentError(AssistantError):
    exit_code = 7


class BadInputError(AssistantError):
    exit_code = 2


class SettingsError(AssistantError):
    exit_code = 2


class StateError(AssistantError):
    exit_code = 9


class LLMError(AssistantError):
    """The LLM could not be used; ``retryable`` tells whether trying again may help."""

    exit_code = 8

    def __init__(self, message: str, next_step: str = "", *, retryable: bool = False) -> None:
        super().__init__(message, next_step)
        self.retryable = retryable
