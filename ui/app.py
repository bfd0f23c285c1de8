"""The server: HTTP API, staff functions and the Gradio page in one FastAPI application."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant.settings import Settings
from ui import api, health, openai_api, staff
from ui.blocks import build
from ui.routes import one_shape
from ui.security import guard
from ui.service import Service

WARM_AFTER = 1.5  # seconds: the first page comes before the first question
HERE = Path(__file__).resolve().parent
HEAD = """
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>
(() => {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem("policy-assistant") || "{}") || {}; } catch {}
  const root = document.documentElement;
  root.dataset.theme = kept.theme ||
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.lang = kept.lang === "en" ? "en" : "zh";
  root.lang = kept.lang === "en" ? "en" : "zh-CN";
})();
</script>
<link rel="stylesheet" href="/app/theme.css">
<script type="module" src="/app/app.js"></script>
"""


def create_app(settings: Settings, *, loopback: bool = True) -> FastAPI:
    """The whole server.

    Args:
        loopback: whether only this machine can reach it; otherwise staff functions need a
            password in the settings.
    """
    service = Service(settings, loopback=loopback)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm = threading.Timer(WARM_AFTER, service.warm)
        warm.daemon = True
        warm.start()
        yield
        warm.cancel()

    app = FastAPI(title="上海营商政策助手", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.include_router(api.router(service))
    app.include_router(health.router(service))
    app.include_router(openai_api.router(service))
    app.include_router(staff.router(service))
    app.mount("/app", StaticFiles(directory=HERE / "static"), name="app")
    one_shape(app)
    guard(app, upload_mb=settings.max_upload_mb, loopback=loopback)
    return gr.mount_gradio_app(
        app,
        build(service),
        path="/",
        head=f'<meta name="policy-process" content="{service.process}">{HEAD}',
        footer_links=[],
        run_history=False,
        show_error=True,
        ssr_mode=False,
    )
