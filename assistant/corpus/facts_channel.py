"""How a benefit is had: the place or service where one applies, or that nobody has to apply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.records import Fact, Measure

_SENTENCE = re.compile(r"[^。；;\n]+")
_WHERE = (
    r"一网通办|随申办|单一窗口|在线平台|信息化平台|服务平台|申报平台|管理平台|平台|窗口|专窗|网站|官网|门户|"
    r"申报系统|管理系统|信息系统|系统|小程序|公众号|服务大厅|政务服务中心|受理服务中心|电子邮箱"
)
_DO = r"申请|申报|提交|递交|填报|申领|办理|备案|报名|预约|提出|报备|报送|登记|注册|查询"
_PLACE = rf"(?:(?!通过)[^，。；;\n]){{0,30}}?(?:{_WHERE})"
_CHANNEL = re.compile(
    rf"(?:通过|登录|登陆|经由|进入|拨打|[至到经]|在(?!线)|(?<![导面趋意方])向){_PLACE}"
    rf"[^，。；;\n]{{0,12}}，?[^，。；;\n]{{0,16}}?(?:{_DO})"
)
_OFFICE = re.compile(
    r"(?<![导面趋意方])向[^，。；;\n]{2,24}?(?:局|委|部门|机关|办公室|中心|法院|海关|银行)"
    r"(?:书面)?(?:提出|提交|递交|报送|申请|申报|申领|备案)"
)
_UNASKED = re.compile(
    r"(?:实行|实施|采取|采用|以)[“”\"]?免申即享|免申即享[”\"]?(?:方式|发放|兑现|拨付)|"
    r"(?:无需|不需|免于|无须|不用)(?:企业|单位|另行|再|主动|提交)?(?:提出)?(?:申请|申报)|"
    r"自动(?:享受|兑现|拨付)|直接(?:享受|兑现|拨付至)"
)
# Sentences by which an authority builds or runs the service say nothing of how one applies.
_DUTY = re.compile(
    r"打造|优化|完善|推[进动行广]|深化|建设|建立|加强|加快|强化|探索|构建|升级|健全|拓展|提升|扩大|实现|设立|研究|"
    r"统筹|梳理|开展|试点|牵头|纳入|上线|推出|组织|规范|指导|宣传|领导干部|各区|各单位|各部门|行政机关|"
    r"(?:部门|机关|法院|主体)(?:应|要|可|在|通过|对)|区[^，。]{2,10}(?:局|委|办)[要应在]|新增"
)


def channels(text: str, first: int = 0) -> Iterator[Fact]:
    """The sentences that say where to apply, or (``qualifier`` 免申即享) that nobody has to.

    Args:
        first: where the text begins behind its enumerator.
    """
    for match in _SENTENCE.finditer(text, first):
        sentence = match.group()
        unasked = _UNASKED.search(sentence)
        said = unasked or _CHANNEL.search(sentence) or _OFFICE.search(sentence)
        if said is None or _DUTY.search(sentence, 0, said.end()):
            continue
        start = match.start() + len(sentence) - len(sentence.lstrip())
        end = match.start() + len(sentence.rstrip())
        yield Fact(
            "channel", text[start:end], start, end, qualifier="免申即享" if unasked else None
        )


def how_to_apply(measure: Measure) -> str | None:
    """The first sentence of a measure that says so, as it is written."""
    return next((f.text for f in measure.facts if f.kind == "channel"), None)
