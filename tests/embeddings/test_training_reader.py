"""The reader's training on a made-up base: data file, examples, losses, figures, export."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterator, Sequence
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from embeddings.reader import Reader
from embeddings.reader_input import Pair, batch, pair, question_ids

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

from assistant.records import Document, Measure  # noqa: E402
from embeddings.training import base, reader_examples, reader_export  # noqa: E402
from embeddings.training import reader as training  # noqa: E402
from embeddings.training.evidence import held_out  # noqa: E402
from embeddings.training.reader_examples import NEITHER, NO, Examples, Group  # noqa: E402
from embeddings.training.reader_import import dequantised  # noqa: E402
from embeddings.training.reader_model import Read, ReaderModel  # noqa: E402
from scripts.reader_examples import Collection, Words, made  # noqa: E402

WIDTH, LAYERS, HEADS, INNER, POSITIONS, TYPES = 32, 2, 4, 64, 96, 2
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "冷", "库", "补", "贴", "停", "车", "无",
          "冷库", "停车", "ヌ", "2", "0", "。"]  # fmt: skip
ALIKE = [p for p in PIECES if p not in ("停车", "ヌ", "。")]  # what TEXTS keep, in order
TEXTS = ["冷库 冷库补贴\n冷库。", "停车。 ヌヌ 한"]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads cost more than they give on a small model, the more so on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


# -- the base's data file --------------------------------------------------------------------------


def quantised(dice: np.random.Generator, count: int) -> tuple[bytes, np.ndarray]:
    """Blocks of 32 weights, and the weights that they mean."""
    raw, values = b"", []
    for _ in range(count // 32):
        nibbles = dice.integers(0, 16, 32)
        scale = 2.0 ** -int(dice.integers(4, 7))
        packed = [int(nibbles[i]) | int(nibbles[i + 16]) << 4 for i in range(16)]
        raw += struct.pack("<e16B", scale, *packed)
        values.append((nibbles - 8) * scale)
    return raw, np.concatenate(values).astype(np.float32)


def data_file() -> tuple[bytes, dict[str, np.ndarray]]:
    """A file in the documented layout, and its tensors by name."""
    dice = np.random.default_rng(0)
    parts: dict[str, tuple[int, bytes]] = {}
    meant: dict[str, np.ndarray] = {}

    def matrix(name: str, count: int) -> None:
        raw, meant[name] = quantised(dice, count)
        parts[name] = (count, raw)

    def plain(name: str, values: np.ndarray) -> None:
        meant[name] = values.astype("<f4")
        parts[name] = (len(values), meant[name].tobytes())

    matrix("emb.word", len(PIECES) * WIDTH)
    matrix("emb.pos", (POSITIONS + 2) * WIDTH)  # two rows more than are used
    matrix("emb.type", TYPES * WIDTH)
    plain("emb.ln.w", np.ones(WIDTH))
    plain("emb.ln.b", dice.normal(0, 0.1, WIDTH))
    for layer in range(LAYERS):
        for short, rows, columns in (
            *((short, WIDTH, WIDTH) for short in ("q", "k", "v", "ao")),
            ("fi", INNER, WIDTH),
            ("fo", WIDTH, INNER),
        ):
            matrix(f"l{layer}.{short}.w", rows * columns)
            plain(f"l{layer}.{short}.b", dice.normal(0, 0.1, rows))
        for short in ("aln", "oln"):
            plain(f"l{layer}.{short}.w", np.ones(WIDTH))
            plain(f"l{layer}.{short}.b", dice.normal(0, 0.1, WIDTH))
    return _packed(parts), meant


def _packed(parts: dict[str, tuple[int, bytes]]) -> bytes:
    texts = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, texts)])
    scores = [0.0] * 4 + [-2.0 - 0.25 * i for i in range(len(PIECES) - 4)]
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", WIDTH, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, TYPES)
    head += struct.pack("<fi", 1e-5, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 1, 2, 3, len(b"".join(texts)))
    head += struct.pack(f"<{len(offsets)}I", *offsets) + struct.pack(f"<{len(scores)}f", *scores)
    head += b"".join(texts) + struct.pack("<iI", 1, 5) + b"table"
    at = len(head) + 4 + sum(2 + len(name.encode()) + 21 for name in parts)
    directory, body = struct.pack("<i", len(parts)), b""
    for name, (count, raw) in parts.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", len(raw) == 4 * count, count, at + len(body), len(raw))
        body += raw
    return head + directory + body


DATA, MEANT = data_file()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base as written from the made-up data file."""
    home = tmp_path_factory.mktemp("base")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "fetch", lambda: DATA)
        assert base.write(home, TEXTS) == len(ALIKE)
    return home


@pytest.fixture(scope="module")
def tokens(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def test_the_data_file_is_read_as_documented() -> None:
    weights = base.Weights(DATA)
    assert [text for text, _ in weights.pieces] == PIECES
    assert [score for _, score in weights.pieces[3:6]] == [0.0, -2.0, -2.25]
    config = weights.config
    assert (config.hidden_size, config.num_hidden_layers) == (WIDTH, LAYERS)
    assert (config.num_attention_heads, config.intermediate_size) == (HEADS, INNER)
    assert (config.vocab_size, config.max_position_embeddings) == (len(PIECES), POSITIONS)
    assert (config.type_vocab_size, config.pad_token_id) == (TYPES, 1)
    assert config.layer_norm_eps == pytest.approx(1e-5)
    for name, values in MEANT.items():
        assert weights.tensor(name).tolist() == values.tolist(), name


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="E5S1"):
        base.Weights(b"E5S2" + DATA[4:])


def test_the_state_has_the_rows_of_the_kept_pieces() -> None:
    state = base.state_of(base.Weights(DATA), [0, 1, 2, 3, 12, 6])
    words = MEANT["emb.word"].reshape(-1, WIDTH)
    assert state["embeddings.word_embeddings.weight"].tolist() == words[
        [0, 1, 2, 3, 12, 6]
    ].tolist()  # fmt: skip
    places = MEANT["emb.pos"].reshape(-1, WIDTH)[:POSITIONS]
    assert state["embeddings.position_embeddings.weight"].tolist() == places.tolist()
    inner = state["encoder.layer.1.intermediate.dense.weight"]
    assert inner.tolist() == MEANT["l1.fi.w"].reshape(INNER, WIDTH).tolist()
    norm = state["encoder.layer.0.attention.output.LayerNorm.bias"]
    assert norm.tolist() == MEANT["l0.aln.b"].tolist()
    assert len(state) == 5 + 16 * LAYERS


def test_pieces_kept_are_those_seen_and_common_characters() -> None:
    """停车 is seen once, ヌ twice: too few; the characters of GB 2312 stay, seen or not."""
    pieces = base.Weights(DATA).pieces
    kept = [pieces[i][0] for i in base.kept_pieces(pieces, TEXTS)]
    assert kept == ALIKE
    more = [pieces[i][0] for i in base.kept_pieces(pieces, [*TEXTS, "停车 停车 ヌ 。"])]
    assert more == PIECES


def test_what_is_written_loads_again(folder: Path, tokens: Tokenizer) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (config["vocab_size"], config["hidden_size"]) == (len(ALIKE), WIDTH)
    assert tokens.get_vocab() == {piece: i for i, piece in enumerate(ALIKE)}
    encoded = tokens.encode("冷库　补贴２0停车ヌ", add_special_tokens=False)
    assert encoded.tokens == ["▁", "冷库", "▁", "补", "贴", "2", "0", "停", "车", "ヌ"]
    assert encoded.ids[-1] == 3  # <unk>
    model = ReaderModel(folder, 1)
    assert len(model.bert.encoder.layer) == 1
    words = model.bert.embeddings.word_embeddings.weight.tolist()
    known = MEANT["emb.word"].reshape(-1, WIDTH)
    assert words == [known[PIECES.index(piece)].tolist() for piece in ALIKE]
    first = model.bert.encoder.layer[0].attention.self.query.weight
    assert first.tolist() == MEANT["l0.q.w"].reshape(WIDTH, WIDTH).tolist()


# -- the model and its losses ----------------------------------------------------------------------


def group_of(
    pairs: Sequence[Pair], *, answers: bool = True, topic: bool = True, marks: Sequence[int] = (1,),
    yes_no: int = NEITHER, standing: int = 0, aside: Sequence[int] = (),
) -> Group:  # fmt: skip
    own = list(marks) if answers else []
    return Group(list(pairs), answers, topic, frozenset(aside), own, yes_no, standing)


def two_groups(tokens: Tokenizer) -> list[Group]:
    """Cold stores are answered by the first passage, parking by none."""

    def own(question: str, *passages: tuple[str, list[str]]) -> list[Pair]:
        asked = question_ids(tokens, [question])
        return [pair(tokens, asked, context, sentences) for context, sentences in passages]

    cold, parked = ("冷库", ["冷库补贴20", "无车"]), ("停", ["停车无补贴"])
    return [
        group_of(own("冷库补贴", cold, parked), marks=[1, 0], yes_no=0),
        group_of(own("停车2", cold, parked), answers=False, topic=False, standing=1),
    ]


def test_logits_have_the_shape_of_the_groups(folder: Path, tokens: Tokenizer) -> None:
    model = ReaderModel(folder, LAYERS).eval()
    ids, mask, pool = map(torch.from_numpy, batch(two_groups(tokens)[0].pairs))
    found = model(ids, mask, pool)
    assert [tuple(values.shape) for values in found] == [(2,), (2,), (2, 3), (2,), (2, 2)]


def test_reading_in_parts_gives_each_group_its_own_logits(
    folder: Path, tokens: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "PART", 3)
    torch.manual_seed(1)
    model, groups = ReaderModel(folder, LAYERS).eval(), two_groups(tokens)
    with torch.no_grad():
        found = training.read(model, groups)
        for read, group in zip(found, groups, strict=True):
            for row, own in enumerate(group.pairs):
                alone = model(*map(torch.from_numpy, batch([own])))
                for k in range(4):
                    assert torch.allclose(read[k][row], alone[k][0], atol=1e-5)
                count = len(own.spans)
                assert torch.allclose(
                    read.sentences[row][:count], alone.sentences[0][:count], atol=1e-5
                )


def logits(answers: list[float], **more: Any) -> Read:
    """Made-up logits of one group; what is not given is 0."""
    n = len(answers)
    topic, standing = more.get("topic", [0.0] * n), more.get("standing", [0.0] * n)
    yes_no = more.get("yes_no", [[0.0] * 3] * n)
    sentences = [torch.tensor(row) for row in more.get("sentences", [[0.0]] * n)]
    return Read(
        torch.tensor(answers), torch.tensor(topic), torch.tensor(yes_no),
        torch.tensor(standing), sentences,
    )  # fmt: skip


NOTHING = Pair([0, 2], [])


def test_losses_on_logits_worked_out_by_hand() -> None:
    found = logits(
        [log(2), 0.0], topic=[log(2), log(9)], yes_no=[[log(2), 0.0, 0.0], [9.0, 9.0, 9.0]],
        standing=[log(3), 9.0], sentences=[[log(3), log(7), 50.0], [9.0]],
    )  # fmt: skip
    group = group_of([NOTHING] * 2, marks=[1, 0], yes_no=0, standing=1, aside=[1])
    values = {name: value.item() for name, value in training.losses([found], [group]).items()}
    assert values == pytest.approx(
        {
            "answers": log(2),  # 2 of 1 + 2 + 1
            "topic": log(3 / 2),  # 2 of 1 + 2: the passage beside it does not count
            "sentences": (log(4 / 3) + log(8)) / 2,  # the padded third does not count
            "yes_no": training.POLAR * log(2),  # 2 of 2 + 1 + 1; a supposition weighs more
            "standing": log(4 / 3),
        }
    )


def test_losses_where_nothing_answers() -> None:
    found = logits([log(2), 0.0], topic=[log(2), 0.0])
    group = group_of([NOTHING] * 2, answers=False)
    values = {name: value.item() for name, value in training.losses([found], [group]).items()}
    assert values == pytest.approx({"answers": log(4), "topic": log(2), "standing": log(2)})
    group = group_of([NOTHING] * 2, answers=False, topic=False)
    assert training.losses([found], [group])["topic"].item() == pytest.approx(log(4))


def test_losses_are_means_over_the_groups() -> None:
    found = [logits([0.0]), logits([0.0, 0.0, 0.0])]
    groups = [group_of([NOTHING]), group_of([NOTHING] * 3, answers=False)]
    values = training.losses(found, groups)
    assert values["answers"].item() == pytest.approx((log(2) + log(4)) / 2)
    assert values["yes_no"].item() == pytest.approx(log(3))  # of the first alone


def test_a_step_lowers_the_loss(folder: Path, tokens: Tokenizer) -> None:
    torch.manual_seed(2)
    model, groups = ReaderModel(folder, LAYERS).train(), two_groups(tokens)

    def total() -> Any:
        return sum(training.losses(training.read(model, groups), groups).values())

    before = total()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
    before.backward()
    assert all(p.grad is not None for p in model.whole.parameters())
    optimiser.step()
    assert total().item() < before.item() - 0.001


def test_area_under_the_curve() -> None:
    def area(scores: list[float], truth: list[bool]) -> float:
        return training.auc(np.array(scores), np.array(truth))

    assert area([3.0, 1.0, 2.0, 0.0], [True, True, False, False]) == 0.75
    assert area([2.0, 1.0], [True, False]) == 1.0
    assert area([1.0, 2.0], [True, False]) == 0.0
    assert area([1.0, 1.0, 0.0], [True, False, False]) == 0.75  # a tie counts half


# -- examples --------------------------------------------------------------------------------------

PASSAGES = [
    {"context": "冷库", "sentences": ["无车。", "冷库补贴20。", "停车。"]},
    {"context": "停车", "sentences": ["停车补贴。", "无贴。"]},
    {"context": "库", "sentences": ["库20。"]},
    {"context": "车", "sentences": ["车无贴。"]},
    {"context": "贴", "sentences": ["冷贴。"]},
]


def example(**more: Any) -> dict[str, Any]:
    return {
        "id": "e", "source": "own", "kind": "answer", "style": "plain", "turns": ["冷库补贴"],
        "held_out": False, "right": [[0, [0, 1, 0]]], "topic": False, "near": [],
        "wrong": [2, 3, 4], "yes_no": NEITHER, "quotes": [], "standing": 0, **more,
    }  # fmt: skip


def examples_in(
    home: Path, tokens: Tokenizer, rows: Sequence[dict[str, Any]], passages: Any = PASSAGES
) -> Examples:
    for name, lines in (("passages", passages), ("examples", rows)):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (home / f"{name}.jsonl").write_text(text + "\n", encoding="utf-8")
    return Examples(home, tokens)


def draws(made: Examples, row: dict[str, Any], count: int = 80) -> list[Group]:
    return [made.group(row, random.Random(seed)) for seed in range(count)]


def test_cut_evidence_leaves_the_topic_but_no_answer(tmp_path: Path, tokens: Tokenizer) -> None:
    row = example(yes_no=NO, kind="no")
    own = examples_in(tmp_path, tokens, [row])
    whole, without = own.read(["冷库补贴"], 0), own.read(["冷库补贴"], 0, [1])
    asked = question_ids(tokens, ["冷库补贴"])
    assert without == pair(tokens, asked, "冷库", ["无车。", "停车。"])
    found = draws(own, row)
    cut = [g for g in found if g.pairs[0] == without]
    assert {(g.answers, g.topic, tuple(g.marks)) for g in cut} == {(False, True, ())}
    rest = [g for g in found if g.pairs[0] == whole]
    assert {(g.answers, g.topic, tuple(g.marks)) for g in rest} == {(True, True, (0, 1, 0))}
    assert len(cut) + len(rest) == len(found)
    assert 0.1 < len(cut) / len(found) < 0.45
    assert {g.yes_no for g in rest} == {NO}


@pytest.mark.parametrize(
    "more",
    [
        {"right": [[2, [1]]]},  # nothing would be left of the passage
        {"right": [[0, [0, 1, 0]], [1, [1, 0]]]},  # the other one would still answer
        {"kind": "list"},
    ],
)
def test_evidence_that_cannot_be_cut(
    tmp_path: Path, tokens: Tokenizer, more: dict[str, Any]
) -> None:
    row = example(**{"wrong": [3, 4], **more})
    found = draws(examples_in(tmp_path, tokens, [row]), row)
    assert all(g.answers and g.topic for g in found)
    assert {tuple(g.marks) for g in found} == {tuple(marks) for _, marks in row["right"]}


def test_a_changed_figure_turns_yes_into_no(tmp_path: Path, tokens: Tokenizer) -> None:
    row = example(
        turns=["停车", "2020年冷库补贴20"], yes_no=0, quotes=["2020年冷库补贴20。"], kind="yes"
    )
    own = examples_in(tmp_path, tokens, [row])
    changes = {
        tuple(own.read(["停车", f"2020年冷库补贴{n}"], 0).ids): n for n in (20, 40, 25, 200, 10)
    }
    seen: dict[int, set[int]] = {}
    for g in draws(own, row):
        if g.answers:
            seen.setdefault(g.yes_no, set()).add(changes[tuple(g.pairs[0].ids)])
    assert seen[0] == {20}
    assert seen[NO] <= {40, 25, 200, 10} and len(seen[NO]) > 1
    assert row["turns"] == ["停车", "2020年冷库补贴20"]  # the example itself stays


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("最高补贴30吗", ["补贴20。"]),  # the rule does not confirm it
        ("2024年起补贴吗", ["自2024年起补贴。"]),  # years stay
        ("补贴2.5吗", ["补贴2.5。"]),
        ("有补贴吗", ["补贴20。"]),
        ("补贴20吗", []),
    ],
)
def test_figures_that_are_not_exchanged(question: str, quotes: list[str]) -> None:
    for seed in range(20):
        changed = reader_examples._other_figure(question, quotes, random.Random(seed))
        assert changed == (question, False)


def test_an_exchanged_figure_is_none_that_the_evidence_states() -> None:
    quotes = ["补贴20，首店40，连锁25，总部200。"]
    found = {
        reader_examples._other_figure("补贴20吗", quotes, random.Random(seed)) for seed in range(40)
    }
    assert found == {("补贴20吗", False), ("补贴10吗", True)}


def test_a_question_that_nothing_answers(tmp_path: Path, tokens: Tokenizer) -> None:
    row = example(right=[], topic=True, near=[1, 0], standing=1, kind="not_stated")
    own = examples_in(tmp_path, tokens, [row])
    for g in draws(own, row, 20):
        assert g.pairs[0] == own.read(["冷库补贴"], 1)  # where it would be stated
        assert (g.answers, g.topic, g.marks, g.standing) == (False, True, [], 1)
    row = example(right=[], topic=False, kind="absent")
    for g in draws(own, row, 20):
        assert g.pairs[0] == own.read(["冷库补贴"], 2)
        assert (g.answers, g.topic) == (False, False)


def test_other_passages_are_drawn_and_those_of_the_measure_stand_aside(
    tmp_path: Path, tokens: Tokenizer
) -> None:
    row = example(near=[1], kind="list")
    own = examples_in(tmp_path, tokens, [row])
    texts = [own.read(["冷库补贴"], i) for i in range(5)]
    found = draws(own, row)
    for g in found:
        assert g.pairs[0] == texts[0] and texts[0] not in g.pairs[1:]
        assert len({tuple(p.ids) for p in g.pairs}) == len(g.pairs) <= 3
        assert (g.aside == {1}) == (texts[1] in g.pairs)
        assert texts[1] not in g.pairs[2:]
    assert {bool(g.aside) for g in found} == {True, False}


def test_held_out_examples_are_not_trained_on(tmp_path: Path, tokens: Tokenizer) -> None:
    rows = [
        example(id="a"),
        example(id="b", held_out=True),
        example(id="c", wrong=[]),  # nothing to tell it from
        example(id="d", held_out=True, wrong=[]),
    ]
    own = examples_in(tmp_path, tokens, rows)
    assert [e["id"] for e in own.training] == ["a"]
    assert [e["id"] for e in own.held_out] == ["b"]


def test_an_example_on_a_held_out_title_is_never_in_training(
    tmp_path: Path, tokens: Tokenizer
) -> None:
    """From the questions, as the script makes them, to what is trained on."""
    titles = [f"冷库扶持办法之{n}" for n in range(60)]
    apart = [t for t in titles if held_out(t)]
    ours = [t for t in titles if not held_out(t)][:5]
    collection = Collection()
    for title in (*apart, *ours):
        document = Document(title, title, "甲.txt", 1, 9)
        text = f"新建冷库的补贴见{title}。停车另行规定。"
        collection.add(document, Measure(f"{title}#1", title, "第一条", "", text, 1, 2))
    other = Document("停车", "停车办法", "乙.txt", 1, 9)
    collection.add(other, Measure("停车#1", "停车", "第一条", "", "停车没有补贴。", 1, 2))
    words = Words(dict(enumerate(collection.texts)))

    def question(name: str, *docs: str) -> dict[str, Any]:
        evidence = [
            {"doc": doc, "label": "第一条", "quote": f"新建冷库的补贴见{doc}。"} for doc in docs
        ]
        return {
            "id": name, "kind": "answer", "style": "plain", "question": "新建冷库补贴多少？",
            "evidence": evidence[:1], "alts": evidence[1:],
        }  # fmt: skip

    asked = [question(title, title) for title in (*apart, *ours)]
    asked.append(question("both", ours[0], apart[0]))  # an equally right place is held out
    assert [held_out(name) for name in ("none 0", "none 2")] == [False, True]
    for name in ("none 0", "none 2"):
        asked.append({**question(name), "kind": "absent"})
    rows = [made(q, "laws", None, collection, words, words) for q in asked]  # type: ignore[arg-type]
    passages = [
        {"context": p.context, "sentences": [s.text for s in p.sentences]}
        for p in collection.passages
    ]
    own = examples_in(tmp_path, tokens, [r for r in rows if r], passages)
    assert [e["id"] for e in own.training] == [*ours, "none 0"]
    assert [e["id"] for e in own.held_out] == [*apart, "both", "none 2"]
    first = own.training[0]
    assert first["right"] == [[len(apart), [1, 0]]]
    # the same rule in other documents is no wrong answer
    assert first["wrong"] == [len(apart) + len(ours)]


# -- figures, a whole run, export ------------------------------------------------------------------


def test_figures_worked_out_by_hand(tmp_path: Path, tokens: Tokenizer) -> None:
    """A passage scores 5 with 冷, -4 with 停, -6 with 贴, else -5; 库 and 无 choose a sentence."""
    high, middle, low = (tokens.token_to_id(letter) for letter in "冷停贴")
    chosen = {tokens.token_to_id(letter) for letter in "库无"}

    def fake(ids: Any, mask: Any, pool: Any) -> Read:
        answers = torch.full((len(ids),), -5.0)
        for value, score in ((low, -6.0), (middle, -4.0), (high, 5.0)):
            answers[(ids == value).any(1)] = score
        hits = torch.stack([(ids == value) for value in chosen]).any(0).float()
        sentences = (pool * hits[:, None]).sum(2) - 0.01
        yes_no = torch.tensor([[0.0, 1.0, 9.0]] * len(ids))  # says no
        return Read(answers, answers, yes_no, answers, sentences)

    passages = [
        {"context": "", "sentences": ["冷补库", "无车"]},  # 0: 5, both sentences chosen
        {"context": "", "sentences": ["补20", "停20"]},  # 1: -4, none chosen
        {"context": "", "sentences": ["补"]},  # 2: -5
        {"context": "", "sentences": ["补贴"]},  # 3: -6
        {"context": "", "sentences": ["冷"]},  # 4: 5
        {"context": "", "sentences": ["库2", "20"]},  # 5: -5, the first chosen
    ]
    fixed = {"held_out": True, "kind": "list", "turns": ["2"]}
    none = {**fixed, "kind": "absent", "right": []}
    rows = [
        example(**fixed, right=[[0, [1, 0]]], wrong=[3], yes_no=NO),
        example(**fixed, right=[[1, [0, 1]]], wrong=[2], yes_no=0),
        example(**fixed, right=[[5, [1, 0]]], wrong=[4]),
        example(**none, wrong=[2]),
        example(**none, wrong=[4]),
    ]
    own = examples_in(tmp_path, tokens, rows, passages)
    found = training.evaluate(fake, own, 100)  # type: ignore[arg-type]
    assert found == pytest.approx(
        {
            "of_all": 2 / 5,  # the first and the fourth
            "right_first": 2 / 3,  # not the third
            "auc": (2 + 2 * 0.5 + 1) / 6,  # 5, -4, 5 against -5, 5
            "sentence_f1": 2 * 2 / (3 + 3),
            "yes_no": 1 / 2,
        }
    )
    assert training.evaluate(fake, own, 5) == found  # type: ignore[arg-type]


def test_a_run_trains_writes_a_checkpoint_and_goes_on(
    folder: Path, tokens: Tokenizer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [example(id=str(i)) for i in range(3)]
    rows += [example(held_out=True, kind="list"), example(held_out=True, right=[], kind="absent")]
    examples_in(tmp_path, tokens, rows)
    out = tmp_path / "out"

    def run(steps: int) -> dict[str, Any]:
        training.train(folder, tmp_path, out, steps=steps, decay=2, layers=LAYERS, seed=1)
        state: dict[str, Any] = torch.load(out / "checkpoint.pt")
        return state

    first = run(2)
    assert first["step"] == 2
    assert "held out of_all" in capsys.readouterr().out
    start = ReaderModel(folder, LAYERS).state_dict()
    for name, values in first["model"].items():
        frozen = name.startswith(("bert.embeddings.", "bert.encoder.layer.0."))
        if frozen:
            assert torch.equal(values, start[name]), name
    moved = "bert.encoder.layer.1.output.dense.weight"
    assert not torch.equal(first["model"][moved], start[moved])
    # what stands in the checkpoint is what it goes on from, by one small step
    first["model"][moved] += 1.0
    torch.save(first, out / "checkpoint.pt")
    second = run(3)
    assert second["step"] == 3
    gap = (second["model"][moved] - first["model"][moved]).abs().max().item()
    assert 0 < gap < 1e-4


def test_what_is_exported_reads_like_the_model(
    folder: Path, tokens: Tokenizer, tmp_path: Path
) -> None:
    torch.manual_seed(3)
    model, groups = ReaderModel(folder, LAYERS).train(), two_groups(tokens)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in range(40):  # until the probabilities lie apart
        optimiser.zero_grad()
        sum(training.losses(training.read(model, groups), groups).values()).backward()
        optimiser.step()
    torch.save({"mean": model.state_dict(), "step": 40}, tmp_path / "checkpoint.pt")
    out = tmp_path / "out"
    reader_export.export(folder, tmp_path / "checkpoint.pt", out)
    passages = [("冷库", ["冷库补贴20", "无车"]), ("停", ["停车无补贴"])]
    reader = Reader(out, threads=1)
    for question, group in zip(("冷库补贴", "停车2"), groups, strict=True):
        with torch.no_grad():
            expected = model.eval()(*map(torch.from_numpy, batch(group.pairs)))
        polar = expected.yes_no.softmax(1)
        judged = reader.read([question], passages)
        for row, j in enumerate(judged):
            assert [j.answers, j.topic, j.standing, j.yes, j.no, *j.sentences] == pytest.approx(
                [
                    *(values[row].sigmoid().item() for values in (expected[0], expected[1])),
                    expected.standing[row].sigmoid().item(),
                    *polar[row, :2].tolist(),
                    *expected.sentences[row, : len(j.sentences)].sigmoid().tolist(),
                ],
                abs=0.1,
            )
    answered = reader.read(["冷库补贴"], passages)
    assert answered[0].answers > 0.7 > 0.3 > answered[1].answers  # else the above says little


def test_an_export_keeps_what_was_fitted(folder: Path, tokens: Tokenizer, tmp_path: Path) -> None:
    torch.manual_seed(4)
    model = ReaderModel(folder, 1)
    torch.save({"mean": model.state_dict(), "step": 7}, tmp_path / "checkpoint.pt")
    out = tmp_path / "out"
    reader_export.export(folder, tmp_path / "checkpoint.pt", out)
    config = json.loads((out / "reader.json").read_text(encoding="utf-8"))
    assert (config["layers"], config["steps"], config["calibration"]) == (1, 7, {})
    assert config["thresholds"] == reader_export.UNFITTED["thresholds"]
    fitted = {**config, "calibration": {"answers": [2.0, 1.0]}, "order": [0.1, 0.9], "sha256": ""}
    (out / "reader.json").write_text(json.dumps(fitted), encoding="utf-8")
    reader_export.export(folder, tmp_path / "checkpoint.pt", out)
    reader = Reader(out, threads=1)  # the sum is that of the new weights
    assert reader.order == (0.1, 0.9)
    (judged,) = reader.read(["冷库"], [("", ["补贴"])])
    arrays = batch([pair(tokens, question_ids(tokens, ["冷库"]), "", ["补贴"])])
    with torch.no_grad():
        logit = model.eval()(*map(torch.from_numpy, arrays)).answers.item()
    assert judged.answers == pytest.approx(1 / (1 + exp(-(2 * logit + 1))), abs=0.1)


def uneven(folder: Path, seed: int) -> ReaderModel:
    """No two parameters are alike: the exporter keeps only one of equal ones."""
    torch.manual_seed(seed)
    model = ReaderModel(folder, LAYERS)
    with torch.no_grad():
        for value in model.parameters():
            value += 0.02 * torch.randn_like(value)
    return model


def test_exported_weights_are_read_back(folder: Path, tmp_path: Path) -> None:
    model = uneven(folder, 5)
    torch.save({"mean": model.state_dict(), "step": 1}, tmp_path / "checkpoint.pt")
    reader_export.export(folder, tmp_path / "checkpoint.pt", tmp_path / "out")
    found = dequantised(tmp_path / "out")
    own = {k: v for k, v in model.state_dict().items() if ".embeddings." not in k}
    assert found.keys() == own.keys()
    for name, value in own.items():
        step = value.abs().max().item() / 63  # seven bits
        assert (found[name] - value).abs().max().item() <= step, name


def test_an_average_lies_between(folder: Path, tmp_path: Path) -> None:
    models = []
    for seed in (6, 7):
        models.append(uneven(folder, seed))
        checkpoint = {"mean": models[-1].state_dict(), "step": seed}
        torch.save(checkpoint, tmp_path / f"{seed}.pt")
        reader_export.export(folder, tmp_path / f"{seed}.pt", tmp_path / str(seed))
    reader_export.export(folder, tmp_path / "7.pt", tmp_path / "mean", tmp_path / "6")
    name = "bert.encoder.layer.0.output.dense.weight"
    first, second = (m.state_dict()[name] for m in models)
    mean = dequantised(tmp_path / "mean")[name]
    assert (mean - (first + second) / 2).abs().max().item() < first.abs().max().item() / 20


@pytest.mark.parametrize(
    ("question", "opened"),
    [("冷库补贴多少", True), ("冷库补贴谁发", False), ("冷库补贴多少？车呢？停车呢？", False)],
    ids=["a figure is asked", "none is asked", "other parts stay answered"],
)
def test_a_figure_that_is_asked_for_is_left_open(
    tmp_path: Path, tokens: Tokenizer, question: str, opened: bool
) -> None:
    passages = [
        {"context": "冷库", "sentences": ["2023年1月起。", "冷库补贴20万元。"]},
        *PASSAGES[1:],
    ]
    row = example(turns=[question], right=[[0, [0, 1]]], kind="answer")
    own = examples_in(tmp_path, tokens, [row], passages)
    found = [own._left_open(row, 0, [0, 1], random.Random(seed)) for seed in range(60)]
    changed = [texts for texts in found if texts]
    assert bool(changed) is opened
    assert all(texts.keys() == {1} and "20" not in texts[1] for texts in changed)
    assert len(changed) < len(found)  # mostly it is left as it is


def test_dates_are_not_left_open(tmp_path: Path, tokens: Tokenizer) -> None:
    passages = [{"context": "冷库", "sentences": ["自2023年1月5日起补贴。"]}, *PASSAGES[1:]]
    row = example(turns=["冷库补贴几时起"], right=[[0, [1]]])
    own = examples_in(tmp_path, tokens, [row], passages)
    assert not any(own._left_open(row, 0, [1], random.Random(seed)) for seed in range(60))


def test_a_question_put_before_comes_with_the_passage_that_answers_it(
    tmp_path: Path, tokens: Tokenizer
) -> None:
    row = example(wrong=[1])
    other = example(id="f", turns=["停车补贴"], right=[[1, [1, 0]]], wrong=[2])
    own = examples_in(tmp_path, tokens, [row, other])
    earlier = [own._earlier(row, random.Random(seed)) for seed in range(80)]
    assert [1] in earlier and [] in earlier
    assert not any(own._earlier(example(held_out=True), random.Random(s)) for s in range(80))
