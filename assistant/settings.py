"""All settings in one frozen object, read from ``ASSISTANT_*`` variables and ``.env``."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Unknown ``ASSISTANT_*`` names in ``.env`` are refused, so that a typo cannot hide."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_file=".env", frozen=True, extra="forbid"
    )

    sources: Path = Field(ROOT / "data" / "sources", description="folder of the policy files")
    index: Path = Field(ROOT / ".index", description="folder of the index generations")
    state: Path = Field(
        ROOT / ".state", description="folder of feedback and uploads (not rebuilt by ingest)"
    )
    encoder: str = Field(
        "bundled", description="`bundled`, a folder, or a hub name such as BAAI/bge-m3"
    )
    reranker: str = Field("", description="hub name or folder of a cross-encoder; empty: none")
    reader: Literal["bundled", "off"] = Field(
        "bundled", description="`off`: read by shared words, faster and clearly worse"
    )
    llm_base_url: str = Field("", description="base URL of an OpenAI-compatible endpoint")
    llm_api_key: SecretStr = Field(SecretStr(""), description="its key")
    llm_model: str = Field("", description="its model name; empty: answers without an LLM")
    llm_timeout: float = Field(20.0, gt=0, description="seconds before the extractive answer comes")
    max_question_chars: int = Field(2000, gt=0, description="longest question taken")
    max_upload_mb: int = Field(20, gt=0, description="largest source file taken, in MiB")
    parse_seconds: int = Field(
        60, gt=0, description="seconds that a file may be parsed, with some more for each MiB"
    )  # the largest source here takes 2 s
    parse_mb: int = Field(
        1536, gt=0, description="MiB of memory for it, with some more for each MiB"
    )  # all libraries loaded take 0.3 GiB; the smallest servers have 2
    staff_password: SecretStr = Field(
        SecretStr(""), description="asked for by staff functions; needed beyond loopback"
    )
    trusted_proxies: str = Field(
        "", description="addresses of reverse proxies that tell the true client, by commas"
    )
    feedback_days: int = Field(180, gt=0, description="days that feedback is kept")

    def fingerprint(self) -> str:
        """Twelve hex digits over every setting but the secrets, and who may pass on requests."""
        plain = self.model_dump_json(exclude={"llm_api_key", "staff_password", "trusted_proxies"})
        return hashlib.sha256(plain.encode()).hexdigest()[:12]


@lru_cache
def get_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a value does not fit, or a name is unknown.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "；".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(
            f"设置有误：{wrong}", "请检查 ASSISTANT_ 开头的环境变量和 .env"
        ) from error
