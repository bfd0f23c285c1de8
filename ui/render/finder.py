"""What applies to us: the profile form, the result table, the check-lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from assistant.corpus.areas import areas
from assistant.finder.industries import Section, gloss
from assistant.finder.vocabulary import Term
from ui.html import both, option, tag
from ui.render.badges import label_badge, place_badge, validity_badge
from ui.render.evidence import document_link
from ui.render.prose import clause_prose
from ui.texts import DISTRICTS, TEXTS

CHIPS_SHOWN = 14
VERDICT_SIGN = {"符合": "✓", "不符合": "✗", "待确认": "?"}
VERDICT_CLASS = {"符合": "yes", "不符合": "no", "待确认": "ask"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers; anything else can be written in."""

    industry: Sequence[Section]
    size: Sequence[str]
    qualifications: Sequence[str]
    events: Sequence[str]


def finder_form(choices: Choices) -> Markup:
    return tag(
        "form",
        tag(
            "div",
            _district(),
            _area(),
            _size(choices.size),
            _plain("headcount", "f_headcount", type="number", min="0", max="9999999"),
            _plain("founded", "f_founded", type="month"),
            class_="form-grid",
        ),
        _industries(choices.industry),
        _chips("qualifications", "f_qualifications", choices.qualifications),
        _chips("events", "f_events", choices.events),
        tag(
            "label",
            both("f_needs"),
            tag("input", type="text", name="needs", maxlength=200, placeholder="例如：贷款贴息"),
            class_="field",
        ),
        tag(
            "div",
            tag("button", both("find"), type="submit", class_="button"),
            tag(
                "button",
                both("clear"),
                type="button",
                class_="button quiet",
                data_act="clear-profile",
            ),
            class_="form-actions",
        ),
        class_="finder-form",
        id="profile-form",
        data_act="find",
    )


def _district() -> Markup:
    return tag(
        "label",
        both("district"),
        tag(
            "select",
            option("", *TEXTS["f_any"]),
            [option(chinese, chinese, english) for chinese, english in DISTRICTS],
            name="district",
        ),
        class_="field",
    )


def _area() -> Markup:
    """Areas with rules of their own; those with parks all over the city bind nobody."""
    choices = [option(a.name, a.name, a.english) for a in areas().values() if a.districts]
    return tag(
        "label",
        both("f_area"),
        tag("select", option("", *TEXTS["f_any"]), choices, name="area"),
        class_="field",
    )


def _size(sizes: Sequence[str]) -> Markup:
    return tag(
        "label",
        both("f_size"),
        tag("select", option("", *TEXTS["f_any"]), [option(s, s) for s in sizes], name="size"),
        class_="field",
    )


def _plain(name: str, key: str, **attrs: object) -> Markup:
    return tag("label", both(key), tag("input", name=name, **attrs), class_="field")


def _industries(sections: Sequence[Section]) -> Markup:
    """The trades of all sections in a row; below, folded, what policies single out in each."""
    groups = [
        tag(
            "div",
            tag("p", section.name, class_="muted small"),
            [_trade(section, term) for term in section.special],
            class_="chip-group",
        )
        for section in sections
        if section.special
    ]
    return tag(
        "fieldset",
        tag("legend", both("f_industry")),
        [_trade(section, term) for section in sections for term in section.trades],
        tag(
            "details",
            tag("summary", both("f_special")),
            groups,
            tag("p", both("f_standard"), class_="muted small"),
            class_="special-trades",
        ),
        _more("industry", "f_industry"),
    )


def _trade(section: Section, term: Term) -> Markup:
    also = gloss(term)
    return _chip("industry", term.said, f"{section.name}：{also}" if also else section.name)


def _chips(name: str, key: str, values: Sequence[str]) -> Markup:
    shown, more = values[:CHIPS_SHOWN], values[CHIPS_SHOWN:]
    listed = f"list-{name}"
    return tag(
        "fieldset",
        tag("legend", both(key)),
        [_chip(name, value) for value in shown],
        _more(name, key, list=listed if more else None),
        tag("datalist", [tag("option", value=value) for value in more], id=listed)
        if more
        else None,
    )


def nothing_sought() -> Markup:
    """What stands in the place of the result before a company is known."""
    return tag("p", both("finder_empty"), class_="muted empty-note")


def _chip(name: str, value: str, title: str | None = None) -> Markup:
    return tag(
        "label",
        tag("input", type="checkbox", name=name, value=value),
        tag("span", value),
        title=title,
        class_="chip",
    )


def _more(name: str, key: str, **attrs: object) -> Markup:
    return tag(
        "input",
        type="text",
        name=f"{name}_more",
        placeholder=TEXTS["f_add"][0],
        data_placeholder_zh=TEXTS["f_add"][0],
        data_placeholder_en=TEXTS["f_add"][1],
        aria_label=f"{TEXTS[key][0]}：{TEXTS['f_add'][0]}",
        maxlength=200,
        class_="chip-more",
        **attrs,
    )


def finder_result(
    matches: Sequence[Mapping[str, Any]],
    near_misses: Sequence[Mapping[str, Any]],
    about: str = "",
) -> Markup:
    """The table of measures that apply, then those that just fail, with the reason.

    Args:
        about: the company as it was understood, in words.
    """
    if not matches and not near_misses:
        return tag("p", both("finder_none"), class_="muted empty-note", role="status")
    near = (
        tag(
            "details",
            tag("summary", both("near_misses", n=len(near_misses))),
            _table(near_misses),
            class_="near-misses",
        )
        if near_misses
        else None
    )
    return tag(
        "div",
        tag(
            "div",
            tag("p", both("finder_found", n=len(matches)), class_="result-count", role="status"),
            tag(
                "button",
                both("export_excel"),
                type="button",
                class_="button small quiet",
                data_act="export-matches",
            ),
            class_="result-head",
        ),
        tag("p", both("finder_about"), "：", about, class_="muted small about") if about else None,
        _table(matches) if matches else tag("p", both("finder_none"), class_="muted"),
        near,
    )


def _table(matches: Sequence[Mapping[str, Any]]) -> Markup:
    keys = ("c_measure", "c_amount", "c_why", "c_conditions")
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", [tag("th", both(key), scope="col") for key in keys])),
            tag("tbody", [_row(match) for match in matches]),
            class_="matches",
        ),
        class_="table-scroll",
        tabindex="0",
        role="region",
        aria_label=TEXTS["finder_title"][0],
    )


def _row(match: Mapping[str, Any]) -> Markup:
    doc_id, label = str(match.get("doc_id", "")), match.get("measure")
    heading = str(match.get("heading") or match.get("title") or "")
    return tag(
        "tr",
        tag(
            "th",
            tag(
                "a",
                heading,
                href=document_link(doc_id, label),
                data_act="open",
                data_doc=doc_id,
                data_label=label or "",
                class_="row-title",
            ),
            tag("p", match.get("title"), class_="muted small") if heading else None,
            tag(
                "p",
                label_badge(label, match.get("part") or "正文"),
                validity_badge(match.get("validity") or {}),
                place_badge(match.get("area") or match.get("district")),
                class_="badges",
            ),
            tag(
                "details",
                tag("summary", both("clause_text")),
                tag("div", clause_prose(str(match["text"]), str(match.get("quote") or ""))),
                class_="clause-peek",
            )
            if match.get("text")
            else None,
            scope="row",
        ),
        _cell(
            "c_amount",
            tag("p", match["amount"], class_="amount")
            if match.get("amount")
            else tag("p", both("amount_none"), class_="muted"),
            _line("payer", match.get("payer")),
            _line("apply", match.get("apply")),
            _line("exclusive", match.get("exclusive")),
        ),
        _cell("c_why", match.get("why")),
        _cell("c_conditions", checklist(match.get("conditions") or ())),
    )


def _cell(key: str, *children: object) -> Markup:
    """A cell that carries its column's name, which narrow screens show instead of the head."""
    chinese, english = TEXTS[key]
    return tag("td", *children, data_name_zh=chinese, data_name_en=english)


def _line(key: str, value: object) -> Markup | None:
    return tag("p", both(key), "：", value, class_="muted small") if value else None


def checklist(conditions: Sequence[Mapping[str, Any]]) -> Markup | None:
    """Each condition with its verdict, in words as well as in colour."""
    if not conditions:
        return None
    return tag(
        "ul",
        [
            tag(
                "li",
                tag(
                    "span",
                    VERDICT_SIGN.get(str(c.get("verdict")), "?"),
                    class_=f"verdict {VERDICT_CLASS.get(str(c.get('verdict')), 'ask')}",
                    role="img",
                    aria_label=str(c.get("verdict")),
                    title=str(c.get("verdict")),
                ),
                tag(
                    "span",
                    c.get("text"),
                    tag("em", c["question"]) if c.get("question") else None,
                ),
            )
            for c in conditions
        ],
        class_="checklist",
    )
