"""Where a rule holds, against where a company is: district and area."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from assistant.corpus.areas import areas, touch, wider
from assistant.records import ConditionCheck, Document, Profile, Verdict


def located(company: Profile) -> Profile:
    """With the district of an area that lies in one alone."""
    known = areas().get(company.area or "")
    if company.district or known is None or len(known.districts) != 1:
        return company
    return replace(company, district=next(iter(known.districts)))


def holds_for(districts: Set[str], within: Set[str], company: Profile) -> Verdict:
    """Whether a rule of these districts or areas holds where the company is.

    Args:
        districts, within: any of them is enough; one of the two must name a place.
    """
    said = {_in_area(name, company) for name in within}
    if districts:
        said.add(_in_district(districts, company))
    return next(v for v in ("符合", "待确认", "不符合") if v in said)  # type: ignore[return-value]


def _in_district(districts: Set[str], company: Profile) -> Verdict:
    if company.district:
        return "符合" if company.district in districts else "不符合"
    known = areas().get(company.area or "")
    if known is None or not known.districts or known.districts & districts:
        return "待确认"
    return "不符合"


def _in_area(name: str, company: Profile) -> Verdict:
    if company.area:
        if name in wider(company.area):
            return "符合"
        return "待确认" if touch(name, company.area) else "不符合"
    lies_in = areas()[name].districts
    return "待确认" if not company.district or company.district in lies_in else "不符合"


def place_check(districts: Set[str], within: Set[str], company: Profile) -> ConditionCheck:
    """The same as a line of a check-list."""
    names = [*sorted(within), *sorted(districts)]
    verdict = holds_for(districts, within, company)
    asked = f"贵司是否注册在{'或'.join(names)}？" if verdict == "待确认" else None
    return ConditionCheck(f"适用地区：{'、'.join(names)}", verdict, asked)


def area_of(document: Document) -> frozenset[str]:
    """The area that the document as a whole is bound to, if any."""
    return frozenset((document.area,) if document.area else ())
