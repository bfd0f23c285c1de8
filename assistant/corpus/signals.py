"""What a line says about where a document begins: title, number, addressee, date, signature …"""

from __future__ import annotations

import re

DOC_WORDS = (
    "通知|决定|意见|办法|规定|条例|细则|方案|措施|计划|规划|要点|政策|纲要|指引|指南|公告|通告|批复|决议|规则|"
    "准则|标准|目录|清单|章程|法|解读|问答|命令|令|函|报告|解释|守则|纪要|规范|须知|导则|规程|制度|行动|对策|举措|法典|修正案"
)
_ORG_TAIL = (
    "人民政府|办公厅|办公室|委员会|总局|分局|管理局|监管局|税务局|财政局|司法局|法院|检察院|领导小组|联席会议|委|局|厅|"
    "海关|总部|银行|协会|集团|部|院|中心|会议"
)
ORG_NAME = rf"[一-鿿]{{2,24}}?(?:{_ORG_TAIL})"
ORG = rf"[一-鿿（）()“”]{{2,38}}(?:{_ORG_TAIL})"
NUMBER = re.compile(
    r"^[（(]?(?:文号[：:])?\s*([一-鿿]{2,14}[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\])）】]\s*+第?\s*+\d+\s*号)[）)]?$"
)
ORDER = re.compile(
    r"^[一-鿿]{2,20}令$|^第\s*[\d一二三四五六七八九十百]+\s*号$|^[一-鿿]{2,20}令\s*第\s*\d+\s*号$"
)
WEB_META = re.compile(
    r"^[（(]?(?:印发日期|发布日期|发布时间|信息来源|时间|来源|发文日期|成文日期|发布机构)[：:]|^20\d\d-\d\d?-\d\d?(\s+\d\d?:\d\d(:\d\d)?)?$"
)
ADDRESSEE = re.compile(
    r"^(?=.{3,150}[：:]$)(?![（(]?[第一二三四五六七八九十\d])(?!.*(?:[。；]|下列|以下|如下))(?=.*(?:各|有关|单位|部门|局|委|办|政府|公司|企业)).*[：:]$"
)
DATE = re.compile(
    r"^[（(]?\s*(?:19|20|二)[\d〇○零一二三四五六七八九]{2,3}\s*年\s*[\d一二三四五六七八九十]+\s*月\s*[\d一二三四五六七八九十]+\s*日\s*[）)]?$"
)
PROMULGATED = re.compile(
    r"^[（(]?\s*(?:19|20)\d\d\s*年\s*\d+\s*月\s*\d+\s*日.{4,400}(?:公布|发布|通过|修正|修订|施行|批准|印发)[）)]?。?$|^[（(]\s*(?:19|20)\d\d\s*年\s*\d+\s*月\s*\d+\s*日.{4,}(?:公布|发布|通过|修正|修订|施行|批准)"
)
SIGNER = re.compile(
    r"^[一-鿿]{0,6}(?:市长|区长|省长|主席|总理|局长|主任|院长)\s*[一-鿿]{1,2}\s*[一-鿿]{1,3}$"
)
LETTERHEAD = re.compile(rf"^{ORG}文件$")
COVER = re.compile(
    r"《.{4,90}》.{0,60}(?:(?:现|予以|现予)?(?:印发|转发|公布|发布)(?:给你们)?(?:，|。|$)|请.{0,10}(?:执行|贯彻|落实))"
)
# 关于适用某某条例 ⏎ 若干问题的解释: the rule that a title is about is not its own kind
_WHOLE = "(?!.*关于(?:适用|执行|贯彻|施行)[^的]{0,120}(?:法|条例|办法)$)"
COVER_TITLE = re.compile(
    rf"^{_WHOLE}(?P<org>[一-鿿、（）()\s]{{2,80}}?等?\d*(?:个?部门|等)?)?(?P<verb>关于|印发|转发|批转)(?P<what>.{{4,160}}?)的?(?P<word>{DOC_WORDS})(?:[（(].{{1,20}}[）)])?$"
)
APPENDIX = re.compile(r"^附(?:件|录|表|图)\s*+(?:[\d一二三四五六七八九十]{1,3})?\s*+(?:[：:].*)?$")
_ORG_TAILS = tuple(_ORG_TAIL.split("|"))
_ORGS = re.compile(r"[一-鿿（）()“”][一-鿿（）()“”\s、，]+")
_BETWEEN = re.compile(r"^[\s、，]+")
_BETWEEN_AT = re.compile(r"[\s、，]+")
_LONGEST_COVER = 600  # characters
_LONGEST_ORGS = 600  # characters; a longer line of bodies is an annex
_TITLE_TAIL = re.compile(
    rf"^{_WHOLE}.*(?:{DOC_WORDS})(?:》)?(?:的(?:通知|决定|公告|通告|意见|函|批复|命令))?(?:[（(][^（）()]{{1,30}}[）)])*$"
)
_NOT_TITLE = re.compile(
    r"[。；？！…]|的，|^(?:经|已经|现将|现予|为|根据|按照|[、，：）)》”〕（(—-])|^\d{1,2}\D|[：:，,、]$|^[（(]?[一二三四五六七八九十\d]+[）)、.．]|^附件|^第[一二三四五六七八九十百]+[条章节]|^专栏"
)


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a document: short, no sentence, ends in its kind."""
    return 6 <= len(text) <= 150 and not _NOT_TITLE.search(text) and bool(_TITLE_TAIL.search(text))


def is_cover(text: str) -> bool:
    """Whether a line says at its beginning that it issues a titled text."""
    return bool(COVER.search(text, 0, _LONGEST_COVER))


def is_org_line(text: str) -> bool:
    """Whether a line holds names of bodies and nothing else, perhaps with commas between them.

    Walked through, as names can be parted in more ways than a pattern can try.
    """
    if len(text) > _LONGEST_ORGS or not _ORGS.fullmatch(text):
        return False
    tails = [
        (at, len(text) - len(_BETWEEN.sub("", text[at + len(tail) :])))
        for at in range(2, len(text))
        for tail in _ORG_TAILS
        if text.startswith(tail, at)
    ]
    begins, mark = {0}, 0  # where a name may begin; behind the last blank or comma before a tail
    for at, behind in tails:
        while (between := _BETWEEN_AT.search(text, mark, at)) is not None:
            mark = between.end()
        if any(begin in begins for begin in range(max(mark, at - 38), at - 1)):
            begins.add(behind)
    return len(text) in begins


def is_signature(text: str) -> bool:
    """Whether a line names issuers, a date or a signer and nothing else."""
    return bool(DATE.match(text) or SIGNER.match(text) or (len(text) <= 60 and is_org_line(text)))


def is_head(text: str) -> bool:
    """Whether a line belongs to the front matter of a document."""
    return bool(
        NUMBER.match(text)
        or ORDER.match(text)
        or WEB_META.match(text)
        or ADDRESSEE.match(text)
        or LETTERHEAD.match(text)
        or PROMULGATED.match(text)
        or is_title(text)
        or is_signature(text)
    )
