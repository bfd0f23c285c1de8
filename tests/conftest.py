"""What all tests share: a real index, no network, and a skip where there is no browser."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from assistant.settings import ROOT, Settings
from scripts.serving import chromium

for _name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
    del os.environ[_name]  # the settings of whoever runs the tests do not count

# Every run draws the same examples, so that a test fails by what has changed and never by luck.
# A longer random hunt: pytest tests/corpus/test_composed.py --hypothesis-profile=hunt
hypothesis_settings.register_profile("same", derandomize=True)
hypothesis_settings.register_profile("hunt", derandomize=False, max_examples=5000)
hypothesis_settings.load_profile("same")

SMALL_POLICY = """上海市试验区人民政府关于印发《试验区支持企业发展办法》的通知
沪试府规〔2024〕7号

各有关单位：
现将《试验区支持企业发展办法》印发给你们，请认真贯彻执行。

上海市试验区人民政府
2024年3月1日

试验区支持企业发展办法

第一条 为支持企业发展，制定本办法。
第二条 对首次认定的高新技术企业，给予一次性奖励20万元。（责任单位：区科委）
第三条 对年度研发投入增长超过10%的企业，按增量的5%给予补贴，最高不超过100万元。
第四条 本办法自2024年4月1日起施行，有效期至2027年3月31日。
"""


@pytest.fixture(scope="session")
def real_settings() -> Settings:
    """Settings of an index of the real sources; kept between runs, brought up to date by each."""
    from assistant.store.build import ingest

    settings = Settings(index=ROOT / ".pytest_cache" / "index", _env_file=None)
    ingest(settings, wait=120)
    return settings


@pytest.fixture(scope="session")
def assistant(real_settings: Settings) -> Any:
    """The assistant over the real sources."""
    from assistant.ask import Assistant

    return Assistant.open(real_settings)


def _two_policies(home: Path) -> Settings:
    folder = home / "sources"
    folder.mkdir()
    (folder / "甲.txt").write_text(SMALL_POLICY, encoding="utf-8")
    other = SMALL_POLICY.replace("〔2024〕7号", "〔2024〕8号").replace("企业发展", "人才发展")
    (folder / "乙.txt").write_text(other.replace("20万元", "30万元"), encoding="utf-8")
    return Settings(sources=folder, index=home / "index", state=home / "state", _env_file=None)


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """Settings with two small policies as sources and an index folder that is still empty."""
    return _two_policies(tmp_path)


@pytest.fixture(scope="session")
def _small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from assistant.store.build import ingest

    home = tmp_path_factory.mktemp("small")
    settings = _two_policies(home)
    ingest(settings)
    shutil.rmtree(settings.sources)  # else every copy would go on taking them in
    return settings.index


@pytest.fixture
def built(small: Settings, _small_index: Path) -> Settings:
    """Settings like ``small``, with a copy of the index of these sources."""
    shutil.copytree(_small_index, small.index)
    return small


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine fails instead of depending on the weather."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests do not connect to {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None:
        return
    missing = _missing_for_browser()
    if missing and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(f"no browser tests: {missing}")
    if missing:
        pytest.skip(f"{missing}; `make test-browser` says how")


def _missing_for_browser() -> str:
    if chromium() is None:
        return "no Chromium (apt-get install chromium fonts-noto-cjk)"
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "no playwright (pip install playwright)"
    return ""


@pytest.fixture
def chromium_path() -> Iterator[str]:
    path = chromium()
    assert path is not None
    yield path
