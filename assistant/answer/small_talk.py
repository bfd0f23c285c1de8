"""Greetings, thanks and questions about the assistant itself get a human answer."""

from __future__ import annotations

from assistant.answer.phrasing import day
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.question.wordings import wording
from assistant.records import Answer

_ASK_AWAY = "您可以直接用自己的话提问，例如“小微企业第一次贷款有什么支持”，说明在哪个区会答得更准。"
_REPLIES = {
    "greeting": "您好！我是上海营商环境与惠企政策助手，" + _ASK_AWAY,
    "thanks": "不客气。还有政策方面的问题，随时可以接着问。",
    "goodbye": "再见，祝您经营顺利！",
    "ack": "好的。需要时可以接着问具体的政策、条件或办理部门。",
    "identity": "我是上海营商环境与惠企政策助手：只根据已收录的政策原文作答，每句注明出处，"
    "文件没有写的会如实说明。" + _ASK_AWAY,
    "ability": "我可以查政策条款、金额、条件、期限、责任部门和是否有效，"
    "也可以按企业情况列出可能适用的政策。" + _ASK_AWAY,
}
SUGGESTIONS = (
    "专精特新中小企业有哪些奖励？",
    "小微企业贷款有什么贴息或担保支持？",
    "企业注销有哪些简易办法？",
)


def small_talk(query: Query, known: Knowledge) -> Answer | None:
    """The reply when the whole question is small talk, else None."""
    kind = query.smalltalk or ("ability" if wording("about_us").search(query.text) else None)
    if kind is None:
        return None
    text = _REPLIES.get(kind, _REPLIES["greeting"])
    if kind in ("identity", "ability"):
        documents = known.documents
        until = known.newest
        text += f"目前收录 {len(documents)} 份文件" + (
            f"，最新一份日期为{day(until)}。" if until else "。"
        )
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=text,
        suggestions=SUGGESTIONS if kind != "goodbye" else (),
    )
