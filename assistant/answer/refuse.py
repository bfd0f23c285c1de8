"""When not to answer, why, and what to say instead.

The reason is decided in this order: nothing to understand, an attempt to steer the assistant, a
place we hold nothing of, an attachment or document that is only mentioned, and last whether the
corpus speaks of the matter at all (:mod:`assistant.answer.relevance`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.asks import asked
from assistant.answer.corpus_view import CorpusView, named_documents, newest, squeeze
from assistant.answer.evidence import Pick
from assistant.answer.phrasing import day, name
from assistant.answer.relevance import GENERAL, answerable, features, threshold, units
from assistant.answer.status import is_meant, meant_document
from assistant.question.clean import asked_part
from assistant.question.query import Query
from assistant.records import Document, Hit, RefusalReason
from embeddings.segment import words

HOTLINE = "12345"
_SHORT = 12  # characters up to which a question of general words only is unclear
_SURE = 0.6  # probability from which a city rule that names an unheld district answers
_A_TEXT = 400  # characters from which an attachment counts as held
_STEERING = re.compile(
    r"(?:忽略|忘掉|忘记|无视|不要理会)[^，。]{0,16}(?:指令|指示|提示|规则|要求|设定|限制)"
    r"|系统提示词|提示词|内部(?:指令|设定)|system\s*prompt|调试模式|开发者模式|越狱|jailbreak"
    r"|(?:ignore|disregard|forget)\b.{0,40}\b(?:instruction|prompt|rule)|api[\s_-]*key|密钥"
    r"|(?:你|您)(?:现在)?(?:将)?(?:扮演|充当|是一个(?:没有|不受))"
    r"|(?:打印|输出|复述|重复|照抄)(?:一遍)?(?:以下|下面)(?:的)?(?:内容|文字|话)|(?:打印|输出|复述|告诉我)出?你的(?:提示|设定|指令)",
    re.I,
)
_FRAUD = re.compile(
    r"(?:怎么|如何|怎样|帮我?|教我?|想)[^，。？]{0,12}(?:骗补|骗取|套取|套补|偷税|逃税|漏税|伪造|造假|作假|假材料|假证|虚开|行贿)"
)
_ABOUT_FRAUD = re.compile(r"后果|处罚|罚|举报|认定|处理|责任|查处|会怎")
_TASK = re.compile(
    r"(?:帮我?)?写(?:一?(?:首|段|篇|个|份))[^，。]{0,16}(?:诗|绝句|代码|作文|文章|程序|脚本|小说|歌|情书)"
    r"|写首|(?:python|java|sql)[^，。]{0,16}(?:代码|脚本|程序)|(?:写|编)[^，。]{0,8}(?:python|java|sql)"
    r"|天气|下雨|下不下雨|气温|彩票|推荐[^，。]{0,6}(?:股票|基金)|股票(?:推荐|行情)|炒股"
    r"|吃点?什么药|胸口[闷痛]|头疼怎么|(?<!研)发烧怎么|菜谱|讲个笑话|星座|翻译(?:成|一下)",
    re.I,
)
_DISTRICT_OWN = re.compile(r"区里|区级|区政府|我们区|本区|该区|区内(?:有|给|对)")
_CITY = re.compile(r"上海市?(?!.{0,3}区)|全市|本市|市里|市级|市政府|沪")
_INSIDE = re.compile(r"第几项|第几条|一共.{0,6}(?:多少|几)|哪些|列了|排在|包括|第一条|第一项")


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: RefusalReason
    text: str


def early(query: Query, question: str) -> Refusal | None:
    """What can be said before anything is retrieved: nothing asked, or no question for us."""
    plain = squeeze(question)
    if _STEERING.search(question) and not _asks_policy(question):
        return Refusal(
            "unsafe",
            "抱歉，不能提供系统设置，也不执行这类指令。您可以询问上海营商环境和惠企政策方面的问题。",
        )
    if _FRAUD.search(question) and not _ABOUT_FRAUD.search(question):
        return Refusal(
            "unsafe",
            "抱歉，不能协助弄虚作假。您可以询问政策的真实条件和申请办法。",
        )
    if len(plain) < 2 or _flood(plain) or _says_nothing(query):
        return Refusal(
            "unclear",
            "没有看明白您的问题。请用一句话说明想了解哪项政策、企业在哪个区、做什么行业。",
        )
    asked_for = asked_part(question)
    if _TASK.search(asked_for) and not _asks_policy(_TASK.sub("", asked_for)):
        return Refusal(
            "out_of_scope",
            "这个问题不属于本助手的范围，无法回答：知识库只收上海营商环境和惠企政策文件。"
            "身体不适请及时就医，其他事项可拨打12345咨询。",
        )
    return None


_POLICY = re.compile(
    r"政策|补贴|奖励|贴息|税|许可|执照|登记|备案|申请|企业|公司|办法|规定|措施|处罚|罚款|有效期|责任部门|审批|注销"
)


def _asks_policy(text: str) -> bool:
    rest = _STEERING.sub("", text)
    return len(set(_POLICY.findall(rest))) >= 2 and bool(
        re.search(r"[？?吗]|多少|哪|怎么|如何", rest)
    )


def _says_nothing(query: Query) -> bool:
    """Only general words (补贴, 怎么办) and no place, document or label to go by."""
    named = query.districts or query.outside or query.doc_numbers or query.titles or query.labels
    if named:
        return False
    if not re.search(r"[\u4e00-\u9fff]", query.normalised):
        return True
    return not units(query) and len(squeeze(query.normalised)) <= _SHORT


def _flood(plain: str) -> bool:
    """The same few characters over and over, or no word at all."""
    if len(plain) >= 24 and len(set(plain)) <= max(4, len(plain) // 20):
        return True
    return not re.search(r"[\u4e00-\u9fffA-Za-z0-9]", plain)


def by_place(
    query: Query, picks: Sequence[Pick], hits: Sequence[Hit], corpus: CorpusView
) -> Refusal | None:
    """A city elsewhere, or a district of which we hold nothing, asked for its own rules."""
    if query.outside:
        where = "、".join(query.outside)
        return Refusal(
            "other_place",
            f"知识库只收上海的政策文件，没有收录{where}的规定，无法回答；请向当地主管部门核实。",
        )
    held = {d.district for d in corpus.documents() if d.district}
    missing = [d for d in query.districts if d not in held]
    if not missing or any(d in held for d in query.districts):
        return None
    if _CITY.search(query.text) and not _DISTRICT_OWN.search(query.text):
        return None
    names = [d.removesuffix("新区").removesuffix("区") for d in missing]
    speaks = picks and any(n in picks[0].hit.measure.text for n in names)
    if speaks and answerable(features(query, picks, hits)) >= _SURE:
        return None
    where = "、".join(missing)
    text = f"知识库没有收录{where}自己的政策文件，无法回答；其他区的规定不能代替，"
    text += f"请向{where}主管部门核实或拨打{HOTLINE}。"
    city = next((h for h in hits if h.document.level == "市" and not h.elsewhere), None)
    if city:
        text += f"市级文件可参看{name(city.document)}。"
    return Refusal("other_place", text)


def by_document(query: Query, hits: Sequence[Hit], corpus: CorpusView) -> Refusal | None:
    """An attachment that was lost or a document that is merely mentioned, asked for its content."""
    documents = corpus.documents()
    for title in query.titles:
        if named_documents(title, documents):
            continue
        mention = _mention(title, hits)
        if mention is None or _INSIDE.search(query.text) or query.labels or "清单" in title:
            where = f"，只在{name(mention)}中提到" if mention else ""
            return Refusal(
                "not_in_corpus",
                f"知识库没有收录《{title}》的内容{where}，无法回答；请向发布部门核实或拨打{HOTLINE}。",
            )
    attached = re.search(r"附[件表]\s*[一二三四五\d]?", query.text)
    if attached and _INSIDE.search(query.text) and hits:
        document = meant_document(query, hits, corpus) or hits[0].document
        if not _holds_attachment(document, corpus):
            return Refusal(
                "not_in_corpus",
                f"知识库只有{name(document)}的正文，没有收录它的{attached[0].strip()}，查不到清单里的具体内容；"
                f"请向发布部门核实或拨打{HOTLINE}。",
            )
    return None


def _holds_attachment(document: Document, corpus: CorpusView) -> bool:
    """Whether rows or text of an attachment are held, not only its name."""
    parts = [m for m in corpus.measures(document.doc_id) if m.part == "附件"]
    return any(m.label for m in parts) or sum(len(m.text) for m in parts) > _A_TEXT


def by_mention(query: Query, corpus: CorpusView) -> Refusal | None:
    """The inside of a rule of which only the notice that extends or explains it is held."""
    if not asked(query.text) & {"amount", "ratio", "condition", "count", "list"}:
        return None
    documents = {d.doc_id: d for d in corpus.documents()}
    said = squeeze(query.text)
    for doc_id, relation in corpus.relations():
        if relation.type not in ("extends", "interprets") or relation.target_doc_id:
            continue
        title = relation.target_title or ""
        kind = re.search(r"(?:管理)?(办法|规定|细则|措施|方案|意见|政策)$", title)
        core = title[: kind.start()] if kind else title
        named = [w for w in words(core) if len(w) >= 2 and w not in GENERAL]
        if len(named) >= 2 and kind and kind[1] in said and all(squeeze(w) in said for w in named):
            return Refusal(
                "not_in_corpus",
                f"知识库没有收录《{title}》的正文，只有{name(documents[doc_id])}，查不到其中的具体内容；"
                f"请向发布部门核实或拨打{HOTLINE}。",
            )
    return None


def _mention(title: str, hits: Sequence[Hit]) -> Document | None:
    wanted = squeeze(title)
    for hit in hits:
        if wanted in squeeze(hit.measure.text):
            return hit.document
    return None


def by_evidence(
    query: Query, picks: Sequence[Pick], hits: Sequence[Hit], corpus: CorpusView
) -> Refusal | None:
    """Nothing in the corpus speaks of the matter."""
    if picks and is_meant(query, picks[0].hit.document, ()):
        return None
    if picks and answerable(features(query, picks, hits)) >= threshold():
        return None
    documents = corpus.documents()
    until = newest(documents)
    near = list(dict.fromkeys(name(h.document) for h in hits[:3]))[:2]
    text = "知识库里没有找到能回答这个问题的规定，无法回答"
    text += f"（目前收录{len(documents)}份文件，最新一份日期为{day(until)}）。" if until else "。"
    if near:
        text += f"较接近的文件有{'、'.join(near)}，"
    return Refusal("not_in_corpus", text + f"可向主管部门核实或拨打{HOTLINE}。")
