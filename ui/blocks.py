"""The page as Gradio blocks: where each piece of markup stands and which event fills it.

All controls are our own markup; they reach the server through one component, the bridge, whose
events carry JSON.  What comes back is markup made by :mod:`ui.render` or, through the outbox, a
message for the browser.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import gradio as gr
from fastapi import HTTPException
from markupsafe import Markup
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from assistant.finder.industries import sections
from assistant.finder.vocabulary import vocabulary
from ui.capacity import Lane
from ui.clients import client_of
from ui.handlers import Handlers, notice
from ui.html import both, labelled, tag
from ui.icons import icon
from ui.render import chrome
from ui.render.finder import Choices, finder_form, nothing_sought
from ui.render.history import history_panel
from ui.render.staff import staff_corner
from ui.service import WAITING, Service

# Events wait in the lanes of the service, in turn between clients, so Gradio's own queue, which
# knows no clients, must never be what holds them: it gets room for all that the lanes let wait.
EVENTS_AT_ONCE = 200
# What Gradio keeps of the pages that were last shown, each with its conversation as markup, and
# of answers that nobody has fetched; it would keep 10,000 and 2,000.
SESSIONS_KEPT = 16
UNFETCHED_KEPT = 2 * WAITING

# "multiple": a stopped question may still be winding up, and the next can begin
QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "trigger_mode": "multiple",
}
# what was asked for last is shown last: of a list searched again while it comes, only the newest
LATEST = QUIET | {"trigger_mode": "always_last"}
EVENTS = (
    "ask", "show", "rate", "export", "library", "library_form", "open", "compare", "find",
    "export_matches", "export_comparison",
)  # fmt: skip
_EVENT_NAMES = " ".join(f'"{name}"' for name in EVENTS)
_BRIDGE_JS = (
    f"// events: {_EVENT_NAMES}"
    + """
window.policyBridge = {
  trigger: (name, data) => trigger(name, data),
  receive: (callback) => { window.policyReceive = callback; },
};
window.dispatchEvent(new Event("policy-bridge"));
"""
)
_OUTBOX_JS = "watch('value', () => window.policyReceive && window.policyReceive(props.value));"


def markup(value: object = "", elem_id: str | None = None) -> gr.HTML:
    """A piece of the page.  Its template is the value alone, which is never compiled."""
    return gr.HTML(
        str(value), elem_id=elem_id, apply_default_css=False, padding=False, js_on_load=None
    )


def build(service: Service) -> gr.Blocks:
    """The whole page."""
    handlers = Handlers(service)
    with gr.Blocks(title="上海营商政策助手", analytics_enabled=False, fill_width=True) as page:
        markup(chrome.header())
        markup(chrome.filters())
        transcript, evidence = _chat_page(service)
        finder_result = _finder_page()
        library_filters, library_list, document = _library_page(service, handlers)
        bridge = gr.HTML(
            "", js_on_load=_BRIDGE_JS, html_template="<span hidden></span>", elem_id="bridge"
        )
        outbox = gr.HTML(
            "", js_on_load=_OUTBOX_JS, html_template="<span hidden></span>", elem_id="outbox"
        )
        _wire_chat(bridge, handlers, transcript, evidence, outbox)
        _wire_reading(
            bridge, handlers, (library_filters, library_list, document), finder_result, outbox
        )
        page.load(
            handlers.library_form,
            None,
            [library_filters],
            show_progress="hidden",
            api_visibility="private",
        )
    page.state_session_capacity = SESSIONS_KEPT
    page.max_threads = EVENTS_AT_ONCE
    page.queue(max_size=EVENTS_AT_ONCE, default_concurrency_limit=None)
    page._queue.pending_messages_per_session.max_size = UNFETCHED_KEPT
    return page


def _chat_page(service: Service) -> tuple[gr.HTML, gr.HTML]:
    with gr.Row(elem_id="page-chat"):
        with gr.Column(elem_id="rail"):
            markup(_head("history", "rail-head"))
            markup(history_panel(), "history")
        with gr.Column(elem_id="talk"):
            markup(chrome.conversation_bar())
            transcript = markup("", "transcript")
            markup(chrome.composer(service.settings.max_question_chars))
        with gr.Column(elem_id="sources"):
            markup(_head("evidence", "sources-head"), "sources-top")
            evidence = markup("", "evidence")
    return transcript, evidence


def _head(title: str, class_: str) -> Markup:
    """The heading of a panel that lies over the page on a narrow screen, with its close button."""
    close = labelled(
        "button",
        "close",
        icon("close"),
        type="button",
        class_="icon-button",
        data_act="close-overlay",
    )
    return tag("div", tag("h2", both(title)), close, class_=class_)


def _finder_page() -> gr.HTML:
    names: dict[str, list[str]] = {}
    for term in vocabulary().terms.values():
        names.setdefault(term.kind, []).append(term.name)
    choices = Choices(
        industry=sections(),
        size=names["size"],
        qualifications=names["qualification"],
        events=names["event"],
    )
    with gr.Row(elem_id="page-finder"):
        with gr.Column(elem_id="finder-left"):
            markup(
                tag(
                    "div",
                    tag("h2", both("finder_title")),
                    tag("p", both("finder_sub")),
                    class_="finder-head",
                )
            )
            markup(finder_form(choices))
        with gr.Column(elem_id="finder-right"):
            return markup(nothing_sought(), "finder-result")


def _library_page(service: Service, handlers: Handlers) -> tuple[gr.HTML, gr.HTML, gr.HTML]:
    with gr.Column(elem_id="page-library"):
        filters = markup(handlers.library_form(), "library-form")
        library_list = markup("", "library-list")
        document = markup("", "document")
        markup(
            staff_corner(
                service.settings.max_upload_mb, needs_password=service.door.needs_password
            ),
            "staff",
        )
    return filters, library_list, document


def _wire_chat(
    bridge: gr.HTML, handlers: Handlers, transcript: gr.HTML, evidence: gr.HTML, outbox: gr.HTML
) -> None:
    asking, looking = handlers.service.asking, handlers.service.looking

    async def ask(event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        try:
            async with _seated(asking, request):
                async for shown in iterate_in_threadpool(handlers.ask(event._data)):
                    yield shown
            # Gradio sends the last thing once more at the end, when the user may be elsewhere
            yield (gr.skip(),) * 3
        except HTTPException as error:
            yield await run_in_threadpool(handlers.refused, event._data, str(error.detail))

    bridge.ask(ask, None, [transcript, evidence, outbox], **QUIET)
    shown = [transcript, evidence, outbox]
    bridge.show(_event(looking, handlers.show, 3), None, shown, **QUIET)
    bridge.rate(_event(looking, handlers.rate, 2), None, [transcript, outbox], **QUIET)
    bridge.export(_event(looking, handlers.export), None, [outbox], **QUIET)


def _wire_reading(
    bridge: gr.HTML,
    handlers: Handlers,
    library: tuple[gr.HTML, gr.HTML, gr.HTML],
    finder_result: gr.HTML,
    outbox: gr.HTML,
) -> None:
    asking, looking = handlers.service.asking, handlers.service.looking
    library_filters, library_list, document = library
    for event, lane, handler, filled in (
        (bridge.library_form, looking, handlers.library_form, library_filters),
        (bridge.library, looking, handlers.library, library_list),
        (bridge.open, looking, handlers.document, document),
        (bridge.compare, looking, handlers.compare, document),
        (bridge.find, asking, handlers.find, finder_result),
    ):
        event(_event(lane, _untold(handler), 2), None, [filled, outbox], **LATEST)
    bridge.export_comparison(_event(looking, handlers.export_comparison), None, [outbox], **QUIET)
    bridge.export_matches(_event(asking, handlers.export_matches), None, [outbox], **QUIET)


def _untold(handler: Callable[[Any], str]) -> Callable[[Any], tuple[Any, Any]]:
    """The handler with nothing for the outbox, which is there for when it finds no place."""
    return lambda data: (handler(data), gr.skip())


def _event(lane: Lane, handler: Callable[[Any], Any], outputs: int = 1) -> Callable[..., Any]:
    """The handler as Gradio calls it: on what the browser sent, when it has a place.

    Otherwise the last of its outputs, the outbox, tells the browser why.
    """

    async def seated(event: gr.EventData, request: gr.Request) -> Any:
        try:
            async with _seated(lane, request):
                return await run_in_threadpool(handler, event._data)
        except HTTPException as error:
            why = notice(str(error.detail))
            return (*(gr.skip() for _ in range(outputs - 1)), why) if outputs > 1 else why

    return seated


@asynccontextmanager
async def _seated(lane: Lane, request: gr.Request) -> AsyncIterator[None]:
    """A place in the lane; raises :class:`HTTPException` when there is none."""
    assert request.request is not None  # there is none only for calls from within the program
    async with lane.taken(client_of(request.request.scope)):
        yield
