"""Markup built from values: whatever is not markup already is escaped.

All text on the screen passes through here, whether it was written by a user, by a policy or
by a language model, so there is one place where it becomes harmless.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from ui.texts import TEXTS

VOID = frozenset({"input", "br", "hr", "img", "meta", "link"})


def tag(name: str, /, *children: object, **attrs: object) -> Markup:
    """One element.

    Args:
        name: element name.
        children: strings (escaped), markup (kept), iterables of either; ``None`` is left out.
        attrs: ``class_`` and ``for_`` lose the underscore, other underscores become hyphens;
            ``True`` gives a bare attribute, ``None`` and ``False`` none.
    """
    head = Markup("<") + Markup(name) + Markup("").join(_attribute(k, v) for k, v in attrs.items())
    if name in VOID:
        return head + Markup(">")
    return head + Markup(">") + join(children) + Markup("</") + Markup(name) + Markup(">")


def join(children: Iterable[object], between: str = "") -> Markup:
    """Children one after another, escaped unless they are markup."""
    return Markup(escape(between)).join(_flat(children))


def both(key: str, **values: object) -> Markup:
    """A static text in Chinese and English; the style sheet shows the language chosen."""
    chinese, english = TEXTS[key]
    return tag("span", chinese.format(**values), class_="zh") + tag(
        "span", english.format(**values), class_="en", lang="en"
    )


def labelled(name: str, key: str, /, *children: object, **attrs: object) -> Markup:
    """An element whose ``aria-label`` and tooltip follow the language switch."""
    chinese, english = TEXTS[key]
    return tag(
        name,
        *children,
        aria_label=chinese,
        title=chinese,
        data_label_zh=chinese,
        data_label_en=english,
        **attrs,
    )


def option(value: str, chinese: str, english: str | None = None, selected: bool = False) -> Markup:
    """An ``<option>``, which cannot hold elements, so its two texts are attributes."""
    return tag(
        "option",
        chinese,
        value=value,
        selected=selected,
        data_text_zh=chinese,
        data_text_en=english or chinese,
    )


def _flat(children: Iterable[object]) -> Iterable[Markup]:
    for child in children:
        if child is None or child is False:
            continue
        if isinstance(child, str | int | float | Markup):
            yield escape(child)
        elif isinstance(child, Iterable):
            yield from _flat(child)
        else:
            raise TypeError(f"cannot be shown: {type(child).__name__}")


def _attribute(name: str, value: object) -> Markup:
    if value is None or value is False:
        return Markup("")
    name = name.removesuffix("_").replace("_", "-")
    if value is True:
        return Markup(" ") + Markup(name)
    return Markup(' {}="{}"').format(Markup(name), value)
