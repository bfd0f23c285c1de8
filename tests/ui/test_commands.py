"""Starting: which addresses are local, ports in use, and Gradio without its type stubs."""

from __future__ import annotations

import socket

import pytest
import typer

from ui.commands import is_loopback, serve


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_addresses(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "policy.example", ""])
def test_everything_else_is_beyond(host: str) -> None:
    assert not is_loopback(host)


def test_a_port_in_use_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(typer.Exit) as ended:
            serve("127.0.0.1", taken.getsockname()[1])
    assert ended.value.exit_code == 2
    assert "换一个端口" in capsys.readouterr().err
