"""The HTTP API, the staff functions and the guard, over a real index of two small policies."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import SecretStr

from assistant.settings import Settings
from assistant.store.build import ingest
from assistant.store.lock import writing
from tests.conftest import SMALL_POLICY
from ui import api, health, openai_api, staff, uploads
from ui.routes import one_shape
from ui.security import guard
from ui.service import Service

NEW_POLICY = """上海市试验区人民政府关于印发《试验区老字号扶持办法》的通知
沪试府规〔2025〕3号

各有关单位：
现将《试验区老字号扶持办法》印发给你们，请认真贯彻执行。

上海市试验区人民政府
2025年3月1日

试验区老字号扶持办法

第一条 为扶持老字号，制定本办法。
第二条 对老字号门店改造，给予最高15万元补贴。
第三条 本办法自2025年4月1日起施行，有效期至2028年3月31日。
"""
QUESTION = "试验区首次认定的高新技术企业奖励多少？"


def application(settings: Settings, *, loopback: bool = True) -> FastAPI:
    service = Service(settings, loopback=loopback)
    app = FastAPI()
    app.include_router(api.router(service))
    app.include_router(health.router(service))
    app.include_router(openai_api.router(service))
    app.include_router(staff.router(service))
    one_shape(app)
    guard(app, upload_mb=settings.max_upload_mb, loopback=loopback)
    return app


def client(of: Settings, *, loopback: bool = True) -> TestClient:
    app = application(of, loopback=loopback)
    return TestClient(app, base_url="http://localhost:7860", raise_server_exceptions=False)


def with_changes(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update=changes)


def upload(http: TestClient, name: str, content: bytes, **headers: str):  # type: ignore[no-untyped-def]
    return http.post("/staff/preview", files={"file": (name, content)}, headers=headers)


def token_of(markup: str) -> str:
    return markup.split('data-token="')[1].split('"')[0]


def test_a_question_is_answered_in_the_contract(built: Settings) -> None:
    found = client(built).post("/api/ask", json={"question": QUESTION, "id": "x"}).json()
    assert found["id"] == "x"
    assert not found["refused"]
    assert "20万元" in found["answer"]
    assert found["citations"][0]["measure"] == "第二条"
    assert found["citations"][0]["validity"]["status"] == "in_force"


def test_an_english_question_is_answered_in_english(built: Settings) -> None:
    http = client(built)
    asked = "What is the reward for a newly recognised high-tech enterprise?"
    found = http.post("/api/ask", json={"question": asked}).json()
    assert (found["language"], found["question"], found["refused"]) == ("en", asked, False)
    assert re.fullmatch("[\u4e00-\u9fff]+？", found["standalone_question"])
    assert found["citations"][0]["measure"] == "第二条"
    assert found["citations"][0]["quote"] in found["citations"][0]["text"]
    assert "The clauses are quoted in Chinese; the Chinese text is authoritative." in found["notes"]
    body = {"messages": [{"role": "user", "content": asked}]}
    reply = http.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert "\n\nSources:\n[1] 《" in reply["content"] and "依据" not in reply["content"]


def test_in_force_only_leaves_out_what_has_ended(built: Settings) -> None:
    late = {"question": QUESTION, "as_of": "2030-01-01"}
    http = client(built)
    whole = http.post("/api/ask", json=late).json()
    assert {c["validity"]["status"] for c in whole["citations"]} == {"expired"}
    kept = http.post("/api/ask", json=late | {"in_force_only": True}).json()
    assert "expired" not in {c["validity"]["status"] for c in kept["citations"]}
    assert kept["refused"]
    left_out = kept["answer"].partition("按“仅现行有效”没有采用：")[2]
    assert left_out.endswith(f"{whole['citations'][0]['measure']}（已过期，2027年3月31日止）。")
    nothing = {"question": "今天天气怎么样？", "as_of": "2030-01-01", "in_force_only": True}
    assert "没有采用" not in http.post("/api/ask", json=nothing).json()["answer"]


@pytest.mark.parametrize(
    "body",
    [
        {"question": ""},
        {"question": "长" * 2001},
        {"question": QUESTION, "as_of": "yesterday"},
        {"question": QUESTION, "profile": {"nonsense": 1}},
        {"turns": ["好的", "长" * 2001]},
    ],
)
def test_bad_input_is_said_in_chinese(built: Settings, body: dict[str, object]) -> None:
    response = client(built).post("/api/ask", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_unknown_fields_are_refused(built: Settings) -> None:
    assert client(built).post("/api/ask", json={"q": "?"}).status_code == 422


def test_without_an_index_the_api_says_so(small: Settings) -> None:
    http = client(small)
    for response in (
        http.post("/api/ask", json={"question": QUESTION}),
        http.get("/api/health"),
        http.get("/api/docs"),
    ):
        assert response.status_code == 503
        assert "assistant ingest" in response.json()["error"]["next_step"]


def test_documents_are_listed_filtered_and_shown(built: Settings) -> None:
    http = client(built)
    assert http.get("/api/health").json()["documents"] == 2
    (found,) = http.get("/api/docs", params={"q": "人才"}).json()["documents"]
    assert found["doc_number"] == "沪试府规〔2024〕8号"
    whole = http.get(f"/api/docs/{found['doc_id']}", params={"as_of": "2028-01-01"}).json()
    assert "第二条" in [m["measure"] for m in whole["measures"]]
    assert whole["validity"]["status"] == "expired"
    assert http.get("/api/docs/none").status_code == 404
    assert http.get("/api/docs", params={"year": "1999"}).json()["documents"] == []


def test_a_profile_is_matched(built: Settings) -> None:
    body = {"profile": {"district": "试验区", "qualifications": ["高新技术企业"]}}
    found = client(built).post("/api/match", json=body).json()
    assert set(found) == {"matches", "near_misses"}


def test_an_unknown_industry_is_refused_and_known_ones_are_in_the_description(
    built: Settings,
) -> None:
    http = client(built)
    reply = http.post("/api/match", json={"profile": {"industry": ["洗浴中心"]}})
    assert reply.status_code == 400
    error = reply.json()["error"]
    assert "洗浴中心" in error["message"] and "生活服务" in error["next_step"]
    schemas = http.get("/openapi.json").json()["components"]["schemas"]
    industry = schemas["MatchBody"]["properties"]["profile"]["properties"]["industry"]
    assert {"餐饮", "软件", "集成电路"} <= set(industry["items"]["examples"])
    body = {"question": QUESTION, "profile": {"industry": ["洗浴中心"]}}
    assert http.post("/api/ask", json=body).status_code == 200  # what is asked is answered


def test_chat_clients_are_answered(built: Settings) -> None:
    http = client(built)
    body = {"messages": [{"role": "user", "content": QUESTION}]}
    message = http.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert "依据：" in message["content"]
    assert message["citations"][0]["measure"] == "第二条"
    streamed = http.post("/v1/chat/completions", json=body | {"stream": True}).text
    assert streamed.rstrip().endswith("data: [DONE]")
    wrong = {"messages": [{"role": "assistant", "content": "?"}]}
    assert http.post("/v1/chat/completions", json=wrong).status_code == 400


def test_a_file_is_previewed_then_taken_in(built: Settings) -> None:
    http = client(built)
    preview = upload(http, "老字号.txt", NEW_POLICY.encode())
    assert preview.status_code == 200
    assert "试验区老字号扶持办法" in preview.text
    assert "第二条" in preview.text
    assert http.get("/api/health").json()["documents"] == 2
    taken = http.post(f"/staff/take/{token_of(preview.text)}")
    assert taken.status_code == 200, taken.text
    titles = [d["title"] for d in http.get("/api/docs").json()["documents"]]
    assert "试验区老字号扶持办法" in titles
    answer = http.post("/api/ask", json={"question": "试验区老字号门店改造补贴多少？"}).json()
    assert "15万元" in answer["answer"]


FIELDS = ("title", "doc_number", "district", "effective_from", "expires")
RIGHT = dict(
    zip(FIELDS, ("试验区老字号办法", "沪府规[2025]33号", "黄浦区", "2025-05-01", ""), strict=True)
)


def test_what_was_misread_is_corrected_before_it_is_taken_in(built: Settings) -> None:
    http = client(built)
    token = token_of(upload(http, "老字号.txt", NEW_POLICY.encode()).text)
    body = [{"line_start": 1, **RIGHT}]
    for wrong in (
        {"title": " "},
        {"district": "风筝区"},
        {"expires": "明年"},
        {"expires": "2025-04-30"},
        {"line_start": 2},
    ):
        refused = http.post(f"/staff/take/{token}", json=[body[0] | wrong])
        assert refused.status_code == 400 and "error-card" in refused.text
    assert http.post(f"/staff/take/{token}", json=[{"line_start": 1}]).status_code == 422
    assert http.get("/api/health").json()["documents"] == 2
    assert http.post(f"/staff/take/{token}", json=body).status_code == 200
    ingest(built, rebuild=True)
    found = {d["title"]: d for d in http.get("/api/docs").json()["documents"]}["试验区老字号办法"]
    assert found["doc_number"] == "沪府规〔2025〕33号" and found["district"] == "黄浦区"
    assert found["validity"]["effective_from"] == "2025-05-01"
    assert found["validity"]["expires"] is None
    again = upload(http, "老字号.txt", NEW_POLICY.encode()).text
    assert 'value="沪府规〔2025〕33号"' in again  # what was put right is not lost


def test_a_correction_that_is_not_taken_in_is_not_kept(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "INGEST_WAIT", 0.1)
    http = client(built)
    token = token_of(upload(http, "老字号.txt", NEW_POLICY.encode()).text)
    with writing(built.index):
        refused = http.post(f"/staff/take/{token}", json=[{"line_start": 1, **RIGHT}])
    assert refused.status_code == 503
    assert not list((built.state / "uploads").rglob("*.json"))


def test_a_preview_warns_of_what_is_held_and_of_what_was_not_found(built: Settings) -> None:
    http = client(built)
    same_text = upload(http, "又.txt", SMALL_POLICY.encode()).text
    assert "文号与已收录的《试验区支持企业发展办法》（甲.txt）相同" in same_text
    unnumbered = SMALL_POLICY.replace("沪试府规〔2024〕7号\n", "").encode()
    assert "内容与已收录的《试验区支持企业发展办法》" in upload(http, "又.txt", unnumbered).text
    bare = upload(http, "便条.txt", "风筝今天不放了，明天再看天气。".encode()).text
    assert "没有识别出标题" in bare and "没有识别出条款" in bare
    fresh = upload(http, "老字号.txt", NEW_POLICY.encode()).text
    assert "没有识别出" not in fresh and "已收" not in fresh
    assert http.post(f"/staff/take/{token_of(fresh)}").status_code == 200
    newer = upload(http, "老字号.txt", NEW_POLICY.replace("15", "16").encode()).text
    assert "将替换它" in newer and "可能重复" not in newer


def test_a_preview_can_be_discarded(built: Settings) -> None:
    http = client(built)
    token = token_of(upload(http, "老字号.txt", NEW_POLICY.encode()).text)
    assert http.delete(f"/staff/take/{token}").status_code == 200
    assert http.post(f"/staff/take/{token}").status_code == 404
    assert http.post("/staff/take/..%2f..").status_code in (404, 405)


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("a.exe", b"x", 415), ("a.txt", bytes(range(256)) * 40, 422), ("a.docx", b"no zip", 422)],
)
def test_files_that_cannot_be_read_are_refused(
    built: Settings, name: str, content: bytes, status: int
) -> None:
    response = upload(client(built), name, content)
    assert response.status_code == status
    assert "error-card" in response.text
    assert not list(built.state.glob("pending/*"))


def test_large_uploads_are_refused(built: Settings) -> None:
    http = client(with_changes(built, max_upload_mb=1))
    assert upload(http, "a.txt", b"x" * (3 << 20)).status_code == 413
    assert upload(http, "a.txt", b"x" * ((1 << 20) + 10)).status_code == 413
    assert http.post("/api/ask", content=b"x" * (5 << 20)).status_code == 413


def test_beyond_loopback_staff_functions_ask_for_the_password(built: Settings) -> None:
    closed = client(built, loopback=False)
    assert upload(closed, "a.txt", b"x").status_code == 403
    settings = with_changes(built, staff_password=SecretStr("口令 1"))
    http = client(settings, loopback=False)
    assert upload(http, "a.txt", NEW_POLICY.encode()).status_code == 401
    assert upload(http, "a.txt", NEW_POLICY.encode(), Authorization="Bearer x").status_code == 401
    right = {"Authorization": "Bearer %E5%8F%A3%E4%BB%A4%201"}
    assert upload(http, "老字号.txt", NEW_POLICY.encode(), **right).status_code == 200
    assert http.get("/staff/feedback").status_code == 401
    assert http.delete("/staff/feedback", headers=right).json() == {"deleted": 0}


def test_staff_read_and_delete_feedback(built: Settings) -> None:
    store = Service(built).feedback
    said = "\x07=HYPERLINK(1)<img src=x onerror=hack()>"
    for thumb, reason in (("down", "已过期"), ("up", None)):
        store.add(
            question="问<b>", answer={"answer": "答"}, thumb=thumb, reason=reason, comment=said,
            version="1",
        )  # fmt: skip
    http = client(built)
    table = http.get("/staff/feedback").text
    assert table.index("有用") < table.index("已过期") and table.count("<tr>") == 3
    assert "<img" not in table and "&lt;img" in table and "<b>" not in table
    assert http.get("/staff/feedback", params={"thumb": "down"}).text.count("<tr>") == 2
    assert "没有符合条件" in http.get("/staff/feedback", params={"words": "风筝"}).text
    sheet = load_workbook(BytesIO(http.get("/staff/feedback.xlsx?reason=已过期").content)).active
    assert sheet is not None
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert dict(zip(head, row, strict=True)) == {
        "时间": row[0], "评价": "没用", "原因": "已过期", "说明": f"'{said[1:]}",
        "问题": "问<b>", "回答": "答", "程序版本": "1",
    }  # fmt: skip
    assert http.delete("/staff/feedback/2").json() == {"deleted": True}
    assert http.get("/staff/feedback").text.count("<tr>") == 2
    assert http.delete("/staff/feedback").json() == {"deleted": 1}


@pytest.mark.parametrize("path", ["/api/health", "/api/docs/none", "/nowhere"])
def test_every_response_carries_the_security_headers(built: Settings, path: str) -> None:
    headers = client(built).get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"


def test_on_loopback_only_local_names_are_served(built: Settings) -> None:
    rebound = {"host": "attacker.example:7860"}
    assert client(built).get("/api/health", headers=rebound).status_code == 403
    assert client(built).get("/api/health", headers={"host": "[::1]:7860"}).status_code == 200
    beyond = client(built, loopback=False)
    assert beyond.get("/api/health", headers={"host": "policy.example"}).status_code == 200


def test_the_open_upload_of_gradio_is_shut(built: Settings) -> None:
    response = client(built).post("/gradio_api/upload", files={"files": ("a", b"x")})
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\x\\y.docx", "y.docx"),
        ("a\x00b<c>.txt", "a_b_c_.txt"),
        ("..", "文件.txt"),
        ("长" * 300 + ".pdf", "长" * 66 + ".pdf"),
    ],
)
def test_names_of_uploads_are_harmless(given: str, safe: str) -> None:
    assert staff.safe_name(given) == safe


CROSS = ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"},
         {"Origin": "http://elsewhere.example"}, {"Origin": "http://localhost:1"})  # fmt: skip


@pytest.mark.parametrize("headers", CROSS)
@pytest.mark.parametrize(
    "path", ["/staff/preview", "/staff/take/0", "/api/ask", "/gradio_api/queue/join"]
)
def test_pages_of_other_sites_can_change_nothing(
    built: Settings, path: str, headers: dict[str, str]
) -> None:
    response = client(built).post(path, files={"file": ("a.txt", b"x")}, headers=headers)
    assert response.status_code == 403
    assert "其他网站" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost:7860"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_our_own_page_may(built: Settings, headers: dict[str, str]) -> None:
    body = {"question": QUESTION}
    assert client(built).post("/api/ask", json=body, headers=headers).status_code == 200


def test_a_password_counts_on_loopback_too_and_before_anything_is_kept(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []

    def spool(*args: object, **kwargs: object) -> SpooledTemporaryFile[bytes]:
        kept.append(args)
        return SpooledTemporaryFile()

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", spool)
    http = client(with_changes(built, staff_password=SecretStr("x")))
    files = {"file": ("a.txt", b"x" * 100_000)}
    assert http.post("/staff/preview", files=files).status_code == 401
    assert kept == []
    right = {"authorization": "Bearer x"}
    assert http.post("/staff/preview", files=files, headers=right).status_code == 200
    assert kept  # this is how one would see it


@pytest.mark.parametrize(
    "raw",
    [
        b'{"question": "\xff"}',
        b'{"question": "\\ud83d"}',
        b'{"question": "?", "id": "\\udc00"}',
        b'{"question": "?", "question": "!"}',
        b'{"question": "?", "profile": {"headcount": 1e999}}',
        b'{"question": "?", "profile": {"headcount": NaN}}',
        b'{"question": "?", "profile": {"headcount": ' + b"9" * 5000 + b"}}",
        b'{"question": "?", "profile": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"question": 1}',
        b"",
    ],
)
def test_whatever_cannot_be_read_is_told_in_one_shape(built: Settings, raw: bytes) -> None:
    json_ = {"Content-Type": "application/json"}
    for path in ("/api/ask", "/api/match", "/v1/chat/completions"):
        response = client(built).post(path, content=raw, headers=json_)
        assert 400 <= response.status_code < 500
        assert response.json()["error"]["message"]


def test_no_route_and_no_number_breaks_the_shape(built: Settings) -> None:
    http = client(built)
    for response in (
        http.get("/nowhere"),
        http.put("/api/ask"),
        http.get("/api/docs", params={"q": "长" * 101}),
        http.delete(f"/staff/feedback/{'9' * 30}"),
        http.delete(f"/staff/feedback/{'9' * 5000}"),
        http.get("/api/docs", params={"as_of": "9" * 5000}),
        http.post("/api/ask", content=b"{}", headers={"Content-Length": "9" * 5000}),
    ):
        assert 400 <= response.status_code < 500
        assert response.json()["error"]["message"]


def test_a_profile_is_bounded(built: Settings) -> None:
    http = client(built)
    for profile in ({"needs": ["茶"] * 51}, {"needs": ["茶" * 501]}, {"headcount": 10**12}):
        assert http.post("/api/match", json={"profile": profile}).status_code == 400
    long = {"profile": {}, "question": "茶" * 2001}
    assert http.post("/api/match", json=long).status_code == 400


TEXT = st.text(st.characters() | st.sampled_from("\u2028\x00\x1b\U0001f375《（〔第条"), max_size=40)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "question": TEXT | st.integers(),
        "turns": st.lists(TEXT, max_size=3),
        "as_of": TEXT,
        "district": TEXT,
        "id": TEXT,
        "profile": st.dictionaries(
            st.sampled_from(["district", "needs", "headcount", "industry"]),
            TEXT | st.lists(TEXT, max_size=3) | st.integers() | st.floats(),
        ),
    },
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODY)
def test_any_body_gets_an_answer_or_an_error_in_the_one_shape(
    built: Settings, body: dict[str, object]
) -> None:
    if built.state not in _CLIENTS:
        _CLIENTS[built.state] = client(built)
    raw = json.dumps(body).encode()
    response = _CLIENTS[built.state].post(
        "/api/ask", content=raw, headers={"Content-Type": "application/json"}
    )
    found = response.json()
    assert "answer" in found if response.status_code == 200 else found["error"]["message"]
    assert response.status_code < 500


_CLIENTS: dict[Path, TestClient] = {}
