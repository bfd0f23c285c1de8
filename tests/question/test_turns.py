"""Turns: the last one is asked, places and names come from before, both wordings are searched."""

from __future__ import annotations

from assistant.question import understand
from assistant.question.turns import EARLIER, understand_turns


def test_a_single_turn_is_understood_and_searched_alone() -> None:
    text = "嘉定的冷库补贴多少？"
    found = understand_turns([text], as_of="2030-05-01")
    assert found.turns == (text,)
    assert found.query == understand(text, as_of="2030-05-01")
    assert found.searched == (found.query,)
    assert found.joined == text


def test_all_turns_together_and_the_last_alone_are_searched() -> None:
    found = understand_turns(["冷库建设有补贴吗？", "多少？"])
    assert found.turns == ("冷库建设有补贴吗？", "多少？")
    assert [q.text for q in found.searched] == ["冷库建设有补贴吗？，多少？", "多少？"]
    assert found.searched[1] == found.query
    assert found.joined == "冷库建设有补贴吗？，多少？"
    assert "冷库" in found.searched[0].terms and "冷库" not in found.query.terms


def test_of_earlier_turns_only_the_end_is_joined() -> None:
    before = ["冷" * 100, "库" * 100, "末尾"]
    last = "要" * 200
    found = understand_turns([*before, last])
    assert found.joined == f"{'，'.join(before)[-EARLIER:]}，{last}"
    assert len(found.joined) == EARLIER + 1 + len(last)
    assert found.joined.startswith("冷" * (EARLIER - 104) + "，" + "库" * 100 + "，末尾，")


def test_the_place_of_the_last_turn_wins() -> None:
    found = understand_turns(["嘉定的冷库补贴多少？", "那松江呢？"], district="青浦区")
    for query in (found.query, *found.searched):
        assert (query.district, query.districts) == ("松江区", ("松江区",))


def test_a_place_named_before_holds_on_and_goes_before_the_profile() -> None:
    found = understand_turns(["嘉定的冷库补贴多少？", "要什么材料？"], district="青浦区")
    for query in (found.query, *found.searched):
        assert (query.district, query.districts) == ("嘉定区", ("嘉定区",))


def test_without_any_place_the_profile_counts() -> None:
    found = understand_turns(["冷库补贴多少？", "要什么材料？"], district="青浦")
    for query in (found.query, *found.searched):
        assert (query.district, query.districts) == ("青浦区", ())


def test_of_several_earlier_places_the_last_one_holds_on() -> None:
    found = understand_turns(["嘉定的冷库补贴多少？", "那松江呢？", "要什么材料？"])
    assert (found.query.district, found.query.districts) == ("松江区", ("松江区",))


def test_a_place_that_comes_back_holds_on() -> None:
    turns = ["嘉定的冷库补贴多少？", "那松江呢？", "还是说嘉定吧。", "要什么材料？"]
    assert understand_turns(turns).query.districts == ("嘉定区",)


def test_several_places_of_the_last_turn_are_all_kept() -> None:
    found = understand_turns(["青浦的冷库补贴多少？", "嘉定和松江的冷库补贴一样吗？"])
    assert found.query.districts == ("嘉定区", "松江区")
    assert [side.district for side in found.query.sides] == ["嘉定区", "松江区"]
    assert found.searched[0].sides == ()


def test_names_are_inherited() -> None:
    found = understand_turns(["《冷库扶持办法》和沪府规〔2030〕9号怎么说？", "要什么材料？"])
    for query in found.searched:
        assert query.titles == ("冷库扶持办法",)
        assert query.doc_numbers == ("沪府规〔2030〕9号",)


def test_a_name_in_the_last_turn_puts_the_earlier_ones_aside() -> None:
    found = understand_turns(["《冷库扶持办法》补多少？", "沪府规〔2030〕9号呢？"])
    assert (found.query.titles, found.query.doc_numbers) == ((), ("沪府规〔2030〕9号",))
    found = understand_turns(["沪府规〔2030〕9号补多少？", "《冷库扶持办法》呢？"])
    assert (found.query.titles, found.query.doc_numbers) == (("冷库扶持办法",), ())


def test_a_label_is_that_of_the_last_turn_alone() -> None:
    found = understand_turns(["第三条说什么？", "第五条呢？"])
    assert [[label.path for label in q.labels] for q in found.searched] == [[(5,)], [(5,)]]
    found = understand_turns(["第三条说什么？", "补多少？"])
    assert [q.labels for q in found.searched] == [(), ()]


def test_the_day_of_an_earlier_turn_holds_until_another_is_named() -> None:
    first = "今天是2030年6月1日，冷库补贴多少？"
    found = understand_turns([first, "要什么材料？"], as_of="2031-01-01")
    assert (found.query.as_of, found.query.as_of_named) == ("2030-06-01", True)
    found = understand_turns([first, "现在是2030年7月2日呢？"], as_of="2031-01-01")
    assert (found.query.as_of, found.query.as_of_named) == ("2030-07-02", True)
    found = understand_turns(["冷库补贴多少？", "要什么材料？"], as_of="2031-01-01")
    assert (found.query.as_of, found.query.as_of_named) == ("2031-01-01", False)
