"""``assistant serve``: chat, library, finder and HTTP API in one process."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import sys
from typing import Annotated

import typer

from assistant.errors import AssistantError, SettingsError
from assistant.settings import get_settings


def serve(
    host: Annotated[str, typer.Option(help="监听地址；默认只有本机能访问")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口")] = 7860,
) -> None:
    """打开问答网页和 HTTP 接口。"""
    try:
        settings = get_settings()
        _check_free(host, port)
        loopback = is_loopback(host)
    except AssistantError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from error
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import uvicorn  # with gradio some three seconds: only when serving

    from ui.app import create_app
    from ui.protocol import PER_CLIENT, protocol

    # Without --verbose the program logs nothing; whoever runs a server must see wrong passwords.
    logging.getLogger("ui").setLevel(logging.WARNING)
    app = create_app(settings, loopback=loopback)
    if not loopback and not settings.staff_password.get_secret_value():
        typer.echo("没有设置 ASSISTANT_STAFF_PASSWORD：工作人员功能已关闭", err=True)
    typer.echo(f"已就绪：http://{host}:{port}")
    # Python lets a thread that computes go on for 5 ms each time the server's own thread wants a
    # turn, which it does at every read and write: with four questions under way 300 refusals took
    # eight seconds.
    sys.setswitchinterval(0.0005)
    proxies = settings.trusted_proxies
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=protocol(None if proxies else PER_CLIENT),
        ws="none",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_free(host: str, port: int) -> None:
    """Raises :class:`SettingsError` when the port cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"无法在 {host}:{port} 上监听：{error.strerror}", "请换一个端口，例如 --port 7861"
            ) from error
