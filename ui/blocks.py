"""The page as Gradio blocks: where each piece of markup stands and which event fills it.

All controls are our own markup; they reach the server through one component, the bridge, whose
events carry JSON.  What comes back is markup made by :mod:`ui.render` or, through the outbox, a
message for the browser.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.finder.vocabulary import vocabulary
from ui import conversation as talk
from ui.handlers import Handlers
from ui.html import both, labelled, tag
from ui.icons import icon
from ui.render import chrome
from ui.render.finder import Choices, finder_form
from ui.render.upload import upload_box
from ui.service import Service

ASKING_AT_ONCE = 8  # with a model most of the time is waiting for it
QUEUE_LENGTH = 64

EVENTS = (
    "ask", "stop", "conversation", "forget", "rate", "export", "library", "open", "compare",
    "find", "export_matches",
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
        chat = _chat_page(service)
        finder_result = _finder_page()
        library_filters, library_list, document = _library_page(service, handlers)
        bridge = gr.HTML(
            "", js_on_load=_BRIDGE_JS, html_template="<span hidden></span>", elem_id="bridge"
        )
        outbox = gr.HTML(
            "", js_on_load=_OUTBOX_JS, html_template="<span hidden></span>", elem_id="outbox"
        )
        secret = _browser_secret(service)
        saved = gr.BrowserState(
            talk.to_json(talk.new_conversation()), storage_key="policy-chat", secret=secret
        )
        archive = gr.BrowserState([], storage_key="policy-chats", secret=secret)
        _wire_chat(page, bridge, handlers, chat, saved, archive, outbox)
        _wire_reading(bridge, handlers, library_list, document, finder_result, outbox)
        page.load(
            handlers.library_form,
            None,
            [library_filters],
            show_progress="hidden",
            api_visibility="private",
        )
    page.queue(max_size=QUEUE_LENGTH, default_concurrency_limit=16)
    return page


def _chat_page(service: Service) -> tuple[gr.HTML, gr.HTML, gr.HTML]:
    with gr.Row(elem_id="page-chat"):
        with gr.Column(elem_id="rail"):
            markup(_head("history", "rail-head"))
            history = markup("", "history")
        with gr.Column(elem_id="talk"):
            markup(chrome.conversation_bar())
            transcript = markup("", "transcript")
            markup(chrome.composer(service.settings.max_question_chars))
        with gr.Column(elem_id="sources"):
            markup(_head("evidence", "sources-head"), "sources-top")
            evidence = markup("", "evidence")
    return transcript, evidence, history


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
    terms = vocabulary().terms.values()
    names: dict[str, list[str]] = {}
    for term in terms:
        names.setdefault(term.kind, []).append(term.name)
    choices = Choices(
        industry=names.get("industry", []),
        size=names.get("size", []),
        qualifications=names.get("qualification", []),
        events=names.get("event", []),
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
            return markup(
                tag("p", both("finder_empty"), class_="muted empty-note"), "finder-result"
            )


def _library_page(service: Service, handlers: Handlers) -> tuple[gr.HTML, gr.HTML, gr.HTML]:
    with gr.Column(elem_id="page-library"):
        filters = markup(handlers.library_form(), "library-form")
        library_list = markup("", "library-list")
        document = markup("", "document")
        markup(
            upload_box(service.settings.max_upload_mb, needs_password=not service.loopback),
            "upload",
        )
    return filters, library_list, document


def _wire_chat(
    page: gr.Blocks,
    bridge: gr.HTML,
    handlers: Handlers,
    chat: tuple[gr.HTML, gr.HTML, gr.HTML],
    saved: gr.BrowserState,
    archive: gr.BrowserState,
    outbox: gr.HTML,
) -> None:
    transcript, evidence, history = chat

    def ask(event: gr.EventData, kept: Any) -> Iterator[Any]:
        yield from handlers.ask(event._data, kept)

    def stop(event: gr.EventData, kept: Any) -> Any:
        return handlers.stop(event._data, kept)

    def switch(event: gr.EventData, archived: Any) -> Any:
        return handlers.switch(event._data, archived)

    def forget(event: gr.EventData, kept: Any, archived: Any) -> Any:
        return handlers.forget(event._data, kept, archived)

    def rate(event: gr.EventData, kept: Any) -> Any:
        return handlers.rate(event._data, kept)

    def export(event: gr.EventData, kept: Any) -> str:
        return handlers.export(event._data, kept)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    asking = bridge.ask(
        ask,
        [saved],
        [transcript, evidence, saved],
        concurrency_limit=ASKING_AT_ONCE,
        trigger_mode="multiple",  # a stopped question may still be winding up: the next can begin
        **quiet,
    )
    asking.then(handlers.keep, [saved, archive], [archive, history], **quiet)
    bridge.stop(stop, [saved], [transcript, saved], **quiet)
    bridge.conversation(switch, [archive], [transcript, evidence, history, saved], **quiet)
    bridge.forget(
        forget, [saved, archive], [transcript, evidence, history, saved, archive], **quiet
    )
    bridge.rate(rate, [saved], [transcript, saved, outbox], **quiet)
    bridge.export(export, [saved], [outbox], **quiet)
    page.load(handlers.show, [saved, archive], [transcript, evidence, history], **quiet)


def _wire_reading(
    bridge: gr.HTML,
    handlers: Handlers,
    library_list: gr.HTML,
    document: gr.HTML,
    finder_result: gr.HTML,
    outbox: gr.HTML,
) -> None:
    # one at a time and in order: what was asked for last is what is seen in the end
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "multiple",
        "concurrency_limit": 1,
    }

    def library(event: gr.EventData) -> str:
        return handlers.library(event._data)

    def open_(event: gr.EventData) -> str:
        return handlers.document(event._data)

    def compare(event: gr.EventData) -> str:
        return handlers.compare(event._data)

    def find(event: gr.EventData) -> str:
        return handlers.find(event._data)

    def export_matches(event: gr.EventData) -> str:
        return handlers.export_matches(event._data)

    bridge.library(library, None, [library_list], **quiet)
    bridge.open(open_, None, [document], **quiet)
    bridge.compare(compare, None, [document], **quiet)
    bridge.find(find, None, [finder_result], **quiet)
    bridge.export_matches(export_matches, None, [outbox], **quiet)


def _browser_secret(service: Service) -> str:
    """The key under which conversations are kept in browsers: the same after a restart."""
    path = service.settings.state / "browser.secret"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
