// The conversation: composing, sending, stopping, citations, feedback.

import { $, $$, applyLanguage, copy, text } from "./dom.js";
import * as overlay from "./overlay.js";
import * as store from "./store.js";

let trigger = () => {};
let editing = null;
let lastTurn = "";
let lastMark = "";
let patience = 0;

const PATIENCE_MS = 5000; // then it is asked whether the server is still there

const field = () => $("#question");
const isRunning = () => Boolean($('#transcript .turn[data-state="running"]'));

export function running() {
  return $('#transcript .turn[data-state="running"]')?.dataset.turn || "";
}

export function start(bridge) {
  trigger = bridge;
  field().addEventListener("input", resize);
  field().addEventListener("keydown", (event) => {
    // While an input method is composing, Enter chooses a candidate and must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  resize();
}

export function send(question = field().value, replaced = editing) {
  const asked = question.trim();
  if (!asked || isRunning() || tooLong(asked)) return;
  trigger("ask", { question: asked, replaces: replaced, profile: store.profile(), ...store.filters() });
  field().value = "";
  cancelEdit();
  resize();
  waitFor(asked, lastTurn);
}

// No new turn, or one that does not end: if the server is gone, say so and give the words back.
function waitFor(question, before) {
  clearTimeout(patience);
  patience = setTimeout(async () => {
    if (lastTurn !== before && !isRunning()) return;
    if (await isAlive()) return waitFor(question, before);
    for (const turn of $$('#transcript .turn[data-state="running"]')) turn.dataset.state = "stopped";
    if (!field().value) field().value = question;
    resize();
    warn(
      text("与服务的连接断开了，请稍后重试或刷新页面。", "Connection lost; try again or reload."),
    );
  }, PATIENCE_MS);
}

async function isAlive() {
  try {
    await fetch("api/health", { signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}

function warn(message) {
  $("#counter").textContent = message;
  $("#counter").classList.add("over");
}

export function retry(turn) {
  if (!isRunning()) trigger("ask", { retry: turn, profile: store.profile(), ...store.filters() });
}

export function edit(button) {
  editing = button.dataset.turn;
  field().value = button.dataset.question;
  const number = $$("#transcript .turn").findIndex((t) => t.dataset.turn === editing) + 1;
  $("#editing-text").textContent = text(
    `正在修改第 ${number} 问，发送后其后的对话将被替换。`,
    `Editing question ${number}; what follows will be replaced. `,
  );
  $("#editing").hidden = false;
  resize();
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
  const running = isRunning();
  $("#send").hidden = running;
  $("#stop").hidden = !running;
  document.body.classList.toggle("has-turns", Boolean($("#transcript .turn")));
  const last = $$("#transcript .turn").at(-1);
  const mark = last ? `${last.dataset.turn} ${last.dataset.state}` : "";
  if (last && mark !== lastMark) last.scrollIntoView({ block: "start" });
  lastMark = mark;
  lastTurn = last ? last.dataset.turn : "";
  applyLanguage($("#page-chat"));
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
