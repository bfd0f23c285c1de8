// The conversation: composing, sending, stopping, citations, feedback.

import * as connection from "./connection.js";
import { $, $$, applyLanguage, copy, notice, text } from "./dom.js";
import * as overlay from "./overlay.js";
import * as store from "./store.js";
import * as talks from "./talks.js";

let trigger = () => {};
let editing = null;
let lastMark = "";
let stopped = ""; // the turn that was last stopped
let awaited = null; // the turn after which an answer is to be told

// Should the page be loaded again: what is in the composer, and what was sent but has no turn yet.
const DRAFT = "policy-draft";
const UNHEARD = "policy-unheard";

const field = () => $("#question");
const lastTurn = () => talks.shown()?.turns.at(-1);
const running = () => (lastTurn()?.state === "running" ? lastTurn().id : "");

export function start(bridge) {
  trigger = bridge;
  field().addEventListener("input", () => write(field().value));
  field().addEventListener("keydown", (event) => {
    // While an input method is composing, Enter chooses a candidate and must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  write(sessionStorage.getItem(DRAFT) || "");
  if (field().value) field().focus();
  talks.resume();
  const unheard = sessionStorage.getItem(UNHEARD);
  if (unheard) ask(JSON.parse(unheard));
  else reopen();
}

// Put words into the composer.
export function write(words) {
  if (field().value !== words) field().value = words;
  sessionStorage.setItem(DRAFT, words);
  resize();
}

export function send(question = field().value, replaced = editing) {
  const asked = question.trim();
  if (!asked || running() || tooLong(asked)) return;
  if (field().value.trim() === asked) write("");
  ask({ question: asked, replaces: replaced });
  cancelEdit();
}

export function retry(turn) {
  if (!running()) ask({ retry: turn });
}

function ask(what) {
  const before = lastTurn()?.id;
  awaited = before ?? "";
  sessionStorage.setItem(UNHEARD, JSON.stringify(what));
  trigger("ask", { ...what, talk: talks.shown(), profile: store.profile(), ...store.filters() });
  const heard = () => lastTurn()?.id !== before;
  connection.watch(() => !heard() || running(), {
    lost: () => {
      const given = !heard() && what.question;
      sessionStorage.removeItem(UNHEARD);
      if (given) write([what.question, field().value].filter(Boolean).join("\n"));
      warn(
        given
          ? text("服务没有应答，问题留在输入框里，恢复后请再发送。", "No reply; your question is kept.")
          : text("服务没有应答，恢复后请点“重新回答”。", "No reply; please ask again later."),
      );
    },
    found: () => {
      resize();
      notice(text("服务已恢复。", "The server is back."));
    },
    replaced: () => location.reload(),
  });
}

// Keep what the server sent.
export function keep(talk) {
  const last = talk.turns.at(-1);
  if (last?.id === stopped && last.state === "running") return reopen(); // it was on its way
  const before = lastTurn()?.id;
  talks.keep(talk);
  if (lastTurn()?.id === before) return;
  sessionStorage.removeItem(UNHEARD);
  if (lastTurn()?.question === field().value.trim()) write(""); // it was given back, but heard
}

// Show the conversation as this tab has it, without the turn under way.
export function reopen() {
  stopped = running() || stopped;
  trigger("show", { talk: talks.shown(), stop: running() });
}

// A conversation that the browser keeps, or a new one.
export function open(id) {
  const stop = running();
  stopped = stop || stopped;
  cancelEdit();
  talks.open(id);
  trigger("show", { talk: talks.shown(), stop });
}

function warn(message) {
  $("#counter").textContent = message;
  $("#counter").classList.add("over");
}

export function edit(button) {
  editing = button.dataset.turn;
  write(button.dataset.question);
  const turns = $$("#transcript .turn");
  const number = turns.findIndex((t) => t.dataset.turn === editing) + 1;
  $("#editing-text").textContent =
    number === turns.length
      ? text(`正在修改第 ${number} 问。`, `Editing question ${number}. `)
      : text(
          `正在修改第 ${number} 问，发送后另起一段对话，原来的留在历史里。`,
          `Editing question ${number}; a new chat begins there, the former stays in the history. `,
        );
  $("#editing").hidden = false;
  field().focus();
}

export function cancelEdit() {
  editing = null;
  $("#editing").hidden = true;
}

export function shown() {
  resize();
}

export function changed() {
  const busy = Boolean(running());
  $("#send").hidden = busy;
  $("#stop").hidden = !busy;
  document.body.classList.toggle("has-turns", Boolean($("#transcript .turn")));
  const last = $$("#transcript .turn").at(-1);
  const mark = last ? `${last.dataset.turn} ${last.dataset.state}` : "";
  if (last && mark !== lastMark) last.scrollIntoView({ block: "start" });
  lastMark = mark;
  const answered = last && last.dataset.turn !== awaited && last.dataset.state !== "running";
  if (awaited !== null && answered && !busy) {
    awaited = null;
    tell(last);
  }
  applyLanguage($("#page-chat"));
}

// To those who do not see it: the answer without its marks, in the language of the screen.
function tell(turn) {
  const answer = $(".prose-zh, .error-card, .streaming", turn).cloneNode(true);
  for (const node of $$(`.cite, button, [lang="en"]`, answer)) node.remove();
  const n = $$(".sources li", turn).length;
  const sources = n ? text(`共 ${n} 个来源。`, ` ${n} sources.`) : "";
  $("#spoken").textContent = `${text("回答：", "Answer: ")}${answer.textContent}${sources}`;
}

// Show the sources of a turn and, with `n`, one clause among them; with `place`, the words in it
// that stand behind this one of its marks.
export function showSource(turn, n, place = "0", mark = undefined) {
  for (const section of $$("#evidence .evidence-turn")) section.hidden = section.dataset.turn !== turn;
  const card = document.getElementById(`e-${turn}-${n}`);
  if (!card) return;
  overlay.open("sheet-open", mark);
  for (const other of $$(".evidence-card.active")) other.classList.remove("active");
  for (const other of $$(".cite.active")) other.classList.remove("active");
  for (const mark of $$(`.cite[data-turn="${turn}"][data-n="${n}"]`)) mark.classList.add("active");
  card.classList.add("active");
  card.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const quotes = $$("mark", card);
  const own = quotes.filter((mark) => mark.dataset.places.split(" ").includes(place));
  for (const mark of quotes) mark.classList.toggle("current", own.includes(mark));
  const quote = own[0] ?? quotes[0];
  const tall = card.offsetHeight > $("#sources").clientHeight * 0.9;
  (tall && quote ? quote : card).scrollIntoView({
    block: tall && quote ? "center" : "start",
    behavior: calm ? "auto" : "smooth",
  });
}

export function copyAnswer(turn) {
  const section = document.getElementById(`t-${turn}`);
  const prose = $(".prose-zh", section).cloneNode(true);
  for (const mark of $$(".cite", prose)) mark.textContent = `[${mark.dataset.n}]`;
  const answer = $$("p, li", prose).map((line) => line.textContent.trim()).join("\n");
  const cards = $$(`#evidence .evidence-turn[data-turn="${turn}"] .evidence-card`);
  const sources = cards.map((card) => `[${card.dataset.n}] ${card.getAttribute("aria-label")}`);
  copy([answer, ...sources].join("\n"));
}

export function openComplaint(button) {
  const form = $(`form.complaint[data-turn="${button.dataset.turn}"]`);
  form.hidden = !form.hidden;
  button.setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) $("input", form).focus();
}

export function rate(turn, thumb, form) {
  trigger("rate", {
    talk: talks.shown(),
    turn,
    thumb,
    reason: form ? $("input[type=radio]:checked", form)?.value : null,
    comment: form ? $("input[name=comment]", form).value : "",
  });
}

function resize() {
  const area = field();
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
  const limit = Number(area.dataset.limit);
  const length = [...area.value.trim()].length;
  $("#counter").textContent = length > limit * 0.8 ? `${length} / ${limit}` : "";
  $("#counter").classList.toggle("over", length > limit);
}

function tooLong(question) {
  const limit = Number(field().dataset.limit);
  const length = [...question].length;
  if (length <= limit) return false;
  warn(
    text(
      `问题太长：${length} 字，最多 ${limit} 字。请只保留要问的事。`,
      `Too long: ${length} characters, at most ${limit}.`,
    ),
  );
  return true;
}
