"""The frame of the page: header, filters, composer, the first screen of the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from ui.html import both, labelled, option, tag
from ui.icons import icon
from ui.render.transcript import error_card
from ui.texts import DISTRICTS, EXAMPLES, TEXTS

PAGES = ("chat", "finder", "library")
_SEAL = Markup(
    '<svg class="seal" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">'
    '<rect x="1" y="1" width="30" height="30" rx="7"/>'
    '<path d="M8 9.5h16M8 15h16M8 20.5h9" /><circle cx="22.5" cy="22" r="3.2"/></svg>'
)


def header() -> Markup:
    """Brand, the three pages, language and theme."""
    tabs = [
        tag(
            "a",
            both(f"nav_{page}"),
            href=f"#{page}",
            data_act="page",
            data_page=page,
            aria_current="page" if page == "chat" else None,
        )
        for page in PAGES
    ]
    return tag(
        "header",
        tag("a", both("skip"), href="#", class_="skip", data_act="skip"),
        tag(
            "div",
            _SEAL,
            tag(
                "h1",
                tag("span", both("brand"), class_="brand"),
                tag("span", both("brand_sub"), class_="brand-sub"),
            ),
            class_="brand-box",
        ),
        tag("nav", tabs, class_="pages", aria_label=TEXTS["nav"][0]),
        tag(
            "div",
            labelled(
                "button",
                "language",
                tag("span", "EN", class_="zh"),
                tag("span", "中", class_="en"),
                type="button",
                class_="icon-button",
                data_act="language",
            ),
            labelled(
                "button",
                "theme",
                icon("theme"),
                type="button",
                class_="icon-button",
                data_act="theme",
            ),
            class_="switches",
        ),
        class_="top",
    )


def filters() -> Markup:
    """District, as-of date, validity and profile: always in sight."""
    return tag(
        "section",
        tag(
            "label",
            tag("span", both("district")),
            tag(
                "select",
                option("", *TEXTS["all_districts"]),
                [option(chinese, chinese, english) for chinese, english in DISTRICTS],
                id="filter-district",
            ),
        ),
        tag(
            "label",
            tag("span", both("as_of")),
            tag("input", type="date", id="filter-as-of", min="1990-01-01", max="2099-12-31"),
        ),
        tag(
            "label",
            tag("span", both("validity")),
            tag(
                "select",
                option("all", *TEXTS["validity_all"]),
                option("current", *TEXTS["validity_current"]),
                id="filter-validity",
            ),
        ),
        tag(
            "button",
            tag("span", both("profile_none"), id="profile-chip"),
            type="button",
            class_="profile-chip",
            data_act="profile",
        ),
        tag(
            "button",
            both("reset"),
            type="button",
            class_="link-button",
            data_act="reset-filters",
            id="reset-filters",
            hidden=True,
        ),
        class_="filters",
        aria_label=TEXTS["filters"][0],
    )


def composer(limit: int) -> Markup:
    """Where questions are typed; ``limit`` is the longest one taken, in characters."""
    placeholder_zh, placeholder_en = TEXTS["ask_placeholder"]
    return tag(
        "form",
        tag(
            "p",
            tag("span", id="editing-text"),
            tag(
                "button",
                both("cancel"),
                type="button",
                class_="link-button",
                data_act="cancel-edit",
            ),
            id="editing",
            hidden=True,
        ),
        tag(
            "div",
            tag("label", both("ask_label"), for_="question", class_="visually-hidden"),
            tag(
                "textarea",
                id="question",
                name="question",
                rows="1",
                data_limit=limit,
                placeholder=placeholder_zh,
                data_placeholder_zh=placeholder_zh,
                data_placeholder_en=placeholder_en,
                autocomplete="off",
                enterkeyhint="send",
            ),
            tag("button", both("send"), type="submit", class_="button", id="send"),
            tag(
                "button",
                both("stop"),
                type="button",
                class_="button quiet",
                id="stop",
                data_act="stop",
                hidden=True,
            ),
            class_="composer-row",
        ),
        tag(
            "p",
            both("ask_hint"),
            tag("span", id="counter", aria_live="polite"),
            class_="hint muted small",
        ),
        tag("p", id="spoken", class_="visually-hidden", role="status"),
        class_="composer",
        data_act="send",
    )


def first_screen(counts: Mapping[str, int] | None, problem: tuple[str, str] | None) -> Markup:
    """What an empty conversation shows: example questions by audience, or what is missing.

    Args:
        counts: documents, measures and places held; ``None`` while there is no index.
        problem: message and next step when questions cannot be answered yet.
    """
    if problem is not None:
        return tag("div", error_card(*problem), class_="first-screen")
    return tag(
        "div",
        tag("h2", both("empty_title")),
        tag("p", both("empty_sub"), class_="muted lead"),
        tag(
            "div",
            [_audience(*names, *questions) for names, *questions in EXAMPLES],
            class_="audiences",
        ),
        tag("p", both("empty_stats", **counts), class_="muted small stats") if counts else None,
        class_="first-screen",
    )


def _audience(
    chinese: str, english: str, in_chinese: Sequence[str], in_english: Sequence[str]
) -> Markup:
    return tag(
        "section",
        tag(
            "h3",
            tag("span", chinese, class_="zh"),
            tag("span", english, class_="en", lang="en"),
        ),
        _examples(in_chinese, "zh"),
        _examples(in_english, "en"),
    )


def _examples(questions: Sequence[str], language: str) -> Markup:
    return tag(
        "ul",
        [
            tag(
                "li",
                tag(
                    "button",
                    question,
                    type="button",
                    class_="example",
                    data_act="ask",
                    data_question=question,
                ),
            )
            for question in questions
        ],
        class_=language,
        lang=language,
    )


def conversation_bar() -> Markup:
    return tag(
        "div",
        tag(
            "button",
            "＋ ",
            both("new_chat"),
            type="button",
            class_="button small quiet",
            data_act="new",
        ),
        labelled(
            "button",
            "new_customer",
            both("new_customer_short"),
            type="button",
            class_="link-button",
            data_act="new-customer",
        ),
        tag(
            "button",
            both("history"),
            type="button",
            class_="link-button history-toggle",
            data_act="toggle-history",
            aria_expanded="false",
        ),
        tag("span", class_="grow"),
        tag("button", both("print"), type="button", class_="link-button", data_act="print"),
        tag(
            "button",
            both("export_word"),
            type="button",
            class_="link-button",
            data_act="export",
            data_format="docx",
        ),
        tag(
            "button",
            both("export_md"),
            type="button",
            class_="link-button",
            data_act="export",
            data_format="md",
        ),
        class_="conversation-bar",
    )


def today() -> str:
    return date.today().isoformat()
