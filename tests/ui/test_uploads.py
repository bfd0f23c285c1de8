"""Uploads are listed and undone: file, index, corrections and earlier versions go together."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.store.build import ingest
from assistant.store.lock import writing
from assistant.store.open import open_index
from tests.ui.test_damage import held, take
from tests.ui.test_http import NEW_POLICY, client, token_of, upload
from ui import uploads
from ui.uploads import Uploads

NAME = "老字号.txt"


def undo(http: TestClient, name: str = NAME):  # type: ignore[no-untyped-def]
    return http.delete(f"/staff/uploads/{name}")


def titles(settings: Settings) -> set[str]:
    return {document.title for document in open_index(settings).catalogue.documents()}


def test_what_was_taken_in_is_listed_and_taken_out_again(built: Settings) -> None:
    http = client(built)
    assert "还没有收入过文件" in http.get("/staff/uploads").text
    before = titles(built)
    take(http, NEW_POLICY)
    listed = http.get("/staff/uploads").text
    assert NAME in listed and "试验区老字号扶持办法" in listed and "撤销收入" in listed
    undone = undo(http)
    assert undone.status_code == 200 and "已撤销" in undone.text and "2 份文件" in undone.text
    assert titles(built) == before
    assert not list((built.state / "uploads").iterdir())
    assert not ingest(built).published  # nothing is missing, nothing is asked
    assert "还没有收入过文件" in http.get("/staff/uploads").text
    assert undo(http).status_code == 400


def test_the_version_before_comes_back_and_the_one_before_that(built: Settings) -> None:
    http = client(built)
    for amount in ("15万元", "16万元", "16万元", "17万元"):  # the third is the second once more
        take(http, NEW_POLICY.replace("15万元", amount))
    for amount in ("16万元", "15万元"):
        assert "恢复上一版本" in http.get("/staff/uploads").text
        assert undo(http).status_code == 200
        assert held(built) == (amount, amount)
    assert "撤销收入" in http.get("/staff/uploads").text
    assert undo(http).status_code == 200
    assert "试验区老字号扶持办法" not in titles(built)


def test_an_earlier_version_comes_back_as_it_was_corrected(built: Settings) -> None:
    http = client(built)
    token = token_of(upload(http, NAME, NEW_POLICY.encode()).text)
    fields = {"doc_number": "", "district": "", "effective_from": "", "expires": ""}
    body = [{"line_start": 1, "title": "试验区老字号新办法", **fields}]
    no_address = http.post(f"/staff/take/{token}", json=[{**body[0], "url": "javascript:alert(1)"}])
    assert no_address.status_code == 400 and "网址" in no_address.text
    body[0]["url"] = "https://www.example.gov.cn/8.html"
    assert http.post(f"/staff/take/{token}", json=body).status_code == 200
    take(http, NEW_POLICY.replace("15万元", "16万元"))
    assert "试验区老字号新办法" not in titles(built)
    undo(http)
    assert "试验区老字号新办法" in titles(built)
    urls = {d.url for d in open_index(built).catalogue.documents()}
    assert urls == {None, "https://www.example.gov.cn/8.html"}


def test_other_uploads_and_a_folder_out_of_reach_stay(built: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "丁.txt").write_text(NEW_POLICY.replace("老字号", "风筝店"), encoding="utf-8")
    ingest(built, [elsewhere])
    http = client(built)
    take(http, NEW_POLICY)
    (elsewhere / "丁.txt").unlink()  # as when a drive is not there
    refused = undo(http)
    assert refused.status_code == 422 and "来源不见了" in refused.text
    assert {"试验区老字号扶持办法", "试验区风筝店扶持办法"} <= titles(built)
    assert (built.state / "uploads" / NAME).is_file()


def test_what_cannot_be_undone_now_stays_whole(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "INGEST_WAIT", 0.1)
    http = client(built)
    for amount in ("15万元", "16万元"):
        take(http, NEW_POLICY.replace("15万元", amount))
    with writing(built.index):
        assert undo(http).status_code == 503
    assert held(built) == ("16万元", "16万元")
    assert undo(http).status_code == 200  # the same button once more
    assert held(built) == ("15万元", "15万元")


def test_only_so_many_versions_are_kept(built: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "EARLIER_KEPT", 2)
    http = client(built)
    for amount in range(15, 20):
        take(http, NEW_POLICY.replace("15万元", f"{amount}万元"))
    assert [one.earlier for one in Uploads(built).listed()] == [2]
    for amount in (18, 17):
        undo(http)
        assert held(built)[1] == f"{amount}万元"


def test_what_a_killed_process_left_does_not_stand_in_the_way(built: Settings) -> None:
    http = client(built)
    for amount in ("15万元", "16万元", "17万元"):
        take(http, NEW_POLICY.replace("15万元", amount))
    earlier = built.state / "earlier" / NAME
    (earlier / "2" / NAME).replace(built.state / "uploads" / NAME)  # undone, its folder still there
    ingest(built)
    (earlier / "3").mkdir()
    (earlier / "3" / "part").write_text("试验区老", encoding="utf-8")  # copied in part
    assert undo(http).status_code == 200
    assert held(built) == ("15万元", "15万元")
    assert undo(http).status_code == 200
    assert "还没有收入过文件" in http.get("/staff/uploads").text


@pytest.mark.parametrize("name", ["..%2f..%2fsources%2f甲.txt", "无.txt", ".corrections", "%00"])
def test_nothing_but_uploads_is_taken_out(built: Settings, name: str) -> None:
    http = client(built)
    take(http, NEW_POLICY)
    response = undo(http, name)
    assert 400 <= response.status_code < 500
    assert len(titles(built)) == 3
