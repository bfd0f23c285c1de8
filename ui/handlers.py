"""What happens on each event of the screen: plain functions from payloads to markup."""

from __future__ import annotations

import base64
import hmac
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from assistant import diff_sheet
from assistant.errors import AssistantError, BadInputError
from assistant.finder.chat import described
from assistant.finder.export import xlsx
from assistant.finder.profile import merged
from assistant.finder.profile import told as told_by
from assistant.jsons import dumps
from assistant.question import understand
from assistant.records import Profile
from assistant.spreadsheet import XLSX
from assistant.versions import Compared
from assistant.wire import match_to_json
from ui import conversation as talk
from ui.asking import answering, as_of, asked, begin, text
from ui.conversation import Conversation
from ui.export import export
from ui.failures import shown, told
from ui.reading import LibraryQuery
from ui.render.chrome import first_screen
from ui.render.compare import comparison
from ui.render.document import DocumentPage, document_page
from ui.render.evidence import evidence_panel, no_context
from ui.render.finder import finder_result, nothing_sought
from ui.render.library import library_form, library_list
from ui.render.transcript import transcript
from ui.service import Service
from ui.texts import TEXTS

Payload = Mapping[str, Any]
COMPARABLE = 40
STOPPED_KEPT = 500
MAX_QUESTION = 4000  # a standalone question holds what earlier turns said


class Handlers:
    def __init__(self, service: Service) -> None:
        self.service = service
        self._stopped: deque[str] = deque(maxlen=STOPPED_KEPT)  # ids of turns

    # ----- conversation -----

    def ask(self, data: Payload) -> Iterator[tuple[str, str, str]]:
        """Transcript, evidence and the conversation to keep, each time something is new."""
        conversation, turn = begin(talk.from_json(data.get("talk")), data)
        grown = conversation.with_turn(turn)
        evidence = self.evidence(conversation)
        yield self.transcript(grown), evidence, _kept(grown)
        for now in answering(self.service, conversation, turn, data):
            grown = conversation.with_turn(now)
            if now.state != turn.state or (now.answer and not turn.answer):  # the sources are new
                evidence = self.evidence(grown)
            turn = now
            shown = self.transcript(grown), evidence, _kept(grown)
            if turn.id in self._stopped:
                return  # what comes late must not replace what the user now sees
            yield shown

    def refused(self, data: Payload, why: str) -> tuple[str, str, str]:
        """The question as one that was not answered, to be asked again."""
        conversation, turn = begin(talk.from_json(data.get("talk")), data)
        grown = conversation.with_turn(replace(turn, state="failed", error=why))
        return self.transcript(grown), self.evidence(grown), _kept(grown)

    def show(self, data: Payload) -> tuple[str, str, str]:
        """A conversation that the browser keeps, or a new one.

        ``stop`` names a turn under way that nobody waits for any more: it ends unseen.
        """
        if data.get("stop"):
            self._stopped.append(text(data["stop"]))
        conversation = talk.from_json(data.get("talk"))  # turns what was running into stopped
        return self.transcript(conversation), self.evidence(conversation), _kept(conversation)

    def rate(self, data: Payload) -> tuple[str, str]:
        """Store feedback on a turn, without a thumb take it back: transcript, message to the
        browser."""
        conversation = talk.from_json(data.get("talk"))
        turn = conversation.turn(text(data.get("turn")))
        try:
            if turn is None or turn.answer is None:
                raise BadInputError("找不到这条回答", "请刷新页面后再试")
            given = self.service.signed(turn.id, turn.question, turn.answer)
            if not hmac.compare_digest(given.encode(), turn.signed.encode(errors="replace")):
                raise BadInputError("只能评价本服务给出的回答", "请重新提问后再评价")
            thumb = text(data.get("thumb"))
            if not thumb:
                self.service.feedback.take_back(given)
                back = conversation.with_turn(replace(turn, rated=None))
                return self.transcript(back), _kept(back, notice=TEXTS["taken_back"][0])
            self.service.feedback.add(
                question=turn.question,
                answer=turn.answer,
                thumb=thumb,
                reason=text(data.get("reason")) or None,
                comment=text(data.get("comment"), 500),
                version=self.service.version,
                turn=given,
            )
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
            return self.transcript(conversation), _notice(error)
        rated = conversation.with_turn(replace(turn, rated=thumb))
        return self.transcript(rated), _kept(rated)

    def export(self, data: Payload) -> str:
        """The conversation as a file, for the browser to store."""
        try:
            return _file(*export(talk.from_json(data.get("talk")), text(data.get("format"))))
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
            return _notice(error)

    # ----- reading -----

    @shown
    def library(self, data: Payload) -> str:
        query = LibraryQuery(
            text=text(data.get("text"), 100),
            district=text(data.get("district")),
            kind=text(data.get("kind")),
            status=text(data.get("status")),
            year=text(data.get("year")),
            sort=text(data.get("sort")) or "date",
            as_of=as_of(data.get("as_of")),
            place=text(data.get("place")),
            in_force_only=data.get("validity") == "current",
        )
        reading = self.service.reading
        rows = reading.without_copies(reading.library(query))
        return str(library_list(rows, query, len(reading.catalogue.documents())))

    def library_form(self, data: Payload | None = None) -> str:
        """The filters with what the index holds now; without one, none to choose."""
        held = self.service.problem() is None
        return str(library_form(self.service.reading.catalogue.documents() if held else ()))

    @shown
    def document(self, data: Payload) -> str:
        reading, day = self.service.reading, as_of(data.get("as_of"))
        document = reading.document(text(data.get("doc")))
        label = text(data.get("label"))
        marked = reading.measure(document.doc_id, label).measure_id if label else None
        page = DocumentPage(
            document=document,
            measures=reading.measures(document.doc_id),
            validity=reading.validity(document, day),
            relations=reading.relations(document.doc_id),
            own_validity=reading.own_validity(document, day),
            marked=marked,
            others=reading.comparable(document, COMPARABLE),
        )
        return str(document_page(page))

    @shown
    def compare(self, data: Payload) -> str:
        """The older of two documents on the left."""
        return str(comparison(self._compared(data)))

    def export_comparison(self, data: Payload) -> str:
        try:
            compared = self._compared(data)
            name = f"文件对比-{compared.validity[0].as_of}.xlsx"
            return _file(name, XLSX, diff_sheet.xlsx(compared))
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
            return _notice(error)

    def _compared(self, data: Payload) -> Compared:
        doc, other = (text(data.get(name)) for name in ("doc", "other"))
        return self.service.reading.compared(doc, other, as_of(data.get("as_of")))

    # ----- finder -----

    @shown
    def find(self, data: Payload) -> str:
        """What applies to the company; with ``blank`` what stands there before one is known."""
        if data.get("blank"):
            return str(nothing_sought())
        profile, day, question = _company(data)
        found = self.service.assistant.match(profile, question=question, as_of=day)
        return str(
            finder_result(
                [match_to_json(m) for m in found.matches],
                [match_to_json(m) for m in found.near_misses],
                described(profile),
            )
        )

    def export_matches(self, data: Payload) -> str:
        try:
            profile, day, question = _company(data)
            found = self.service.assistant.match(profile, question=question, as_of=day)
            if not found.matches and not found.near_misses:
                raise BadInputError("没有可以导出的结果", "请先补充企业画像再查找")
            content = xlsx(found, profile, as_of=day)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
            return _notice(error)
        return _file(f"适用政策-{day}.xlsx", XLSX, content)

    # ----- parts of the screen -----

    def transcript(self, conversation: Conversation) -> str:
        if conversation.turns:
            return str(transcript(conversation))
        problem = self.service.problem()
        if problem is not None:
            return str(first_screen(None, (problem.message, problem.next_step)))
        return str(first_screen(self.service.reading.counts(), None))

    def evidence(self, conversation: Conversation) -> str:
        try:
            context_of = self.service.reading.context
        except AssistantError:
            context_of = no_context  # what was cited can be shown without its neighbours
        return str(evidence_panel(conversation.turns, context_of))


def _company(data: Payload) -> tuple[Profile, str, str]:
    """The company, the date and the question that a search for what applies is about."""
    question = text(data.get("question"), MAX_QUESTION)
    request = asked(data, question)
    profile = request.profile or Profile()
    if request.district and not profile.district:
        profile = replace(profile, district=request.district)
    if question:
        query = understand(
            question, district=profile.district, area=profile.area, as_of=request.as_of
        )
        profile = merged(profile, told_by(question, query.district, query.area))
    return profile, request.as_of, question


def _kept(conversation: Conversation, *, notice: str = "") -> str:
    """The conversation as a message to the browser, which keeps it."""
    return dumps({"talk": talk.to_json(conversation), "notice": notice})


def _file(name: str, kind: str, content: bytes) -> str:
    encoded = base64.b64encode(content).decode()
    return json.dumps({"file": {"name": name, "type": kind, "base64": encoded}})


def _notice(error: Exception) -> str:
    message, next_step = told(error)
    return notice(f"{message}。{next_step}".rstrip("。"))


def notice(message: str) -> str:
    """A message that the browser shows for a while."""
    return json.dumps({"notice": message}, ensure_ascii=False)
