// The history: the conversations of this browser, to be searched, opened, renamed and deleted.
// One stop for the Tab key and the arrow keys within, as in a menu.

import { $, $$, applyLanguage, text } from "./dom.js";
import * as store from "./store.js";
import * as talks from "./talks.js";

let open = () => {};
let removed = null;

export function start(onOpen) {
  open = onOpen;
  $("#history-search").addEventListener("input", show);
  $("ul.history").addEventListener("keydown", keyed);
  $("ul.history").addEventListener("focusin", (event) => activate(row(event.target)));
  addEventListener("storage", show); // another tab has written
  show();
}

export function show() {
  const list = $("ul.history");
  if ($("input", list)) return; // a name is being written
  const had = list.contains(document.activeElement) ? row(document.activeElement).dataset.id : "";
  const kept = talks.all();
  const words = $("#history-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = kept.filter((talk) => {
    const said = words.length ? spoken(talk) : "";
    return words.every((word) => said.includes(word));
  });
  list.replaceChildren(...found.map(entry));
  $("#history-search").hidden = !kept.length;
  $("#history-empty").hidden = kept.length > 0;
  $("#history-none").hidden = !kept.length || found.length > 0;
  $("#history-undo").hidden = !removed;
  if (removed) $("#history-removed").textContent = talks.titleOf(removed);
  activate(rowOf(had || talks.shown()?.id) || $("li", list));
  if (had) $(".history-item", rowOf(had) || list)?.focus({ preventScroll: true });
}

function entry(talk) {
  const item = $("#history-row").content.firstElementChild.cloneNode(true);
  item.dataset.id = talk.id;
  $(".history-title", item).textContent = talks.titleOf(talk);
  $(".history-when", item).textContent = `${when(talk.updated)} · ${text(
    `${talk.turns.length} 问`,
    `${talk.turns.length} asked`,
  )}`;
  if (talk.id === talks.shown()?.id) $(".history-item", item).setAttribute("aria-current", "true");
  for (const button of $$("button", item)) {
    button.dataset.id = talk.id;
    button.tabIndex = -1;
  }
  applyLanguage(item);
  return item;
}

function spoken(talk) {
  const answers = talk.turns.map((turn) => `${turn.question}\n${turn.answer?.answer ?? ""}`);
  return [talk.name ?? "", ...answers].join("\n").toLowerCase();
}

function when(seconds) {
  const then = new Date(seconds * 1000);
  const [day, time] = [store.day(then), then.toTimeString().slice(0, 5)];
  if (day === store.today()) return `${text("今天", "Today")} ${time}`;
  return day.slice(0, 4) === store.today().slice(0, 4) ? `${day.slice(5)} ${time}` : day;
}

export function remove(id) {
  removed = talks.read(id);
  talks.remove(id);
  show();
  $("#history-undo button").focus();
  if (id === talks.shown()?.id) open("");
}

export function undo() {
  const back = removed;
  removed = null;
  talks.write(back);
  show();
  if (!talks.shown()?.turns.length) open(back.id);
}

export function rename(id) {
  const item = rowOf(id);
  const title = $(".history-title", item).textContent;
  const field = document.createElement("input");
  field.className = "history-name";
  field.value = title;
  field.maxLength = 60;
  field.setAttribute("aria-label", text("对话名称", "Name of the conversation"));
  $(".history-item", item).replaceWith(field);
  field.select();
  field.focus();
  let ended = false;
  const done = (name) => {
    if (ended) return; // taking the field away ends its focus, too
    ended = true;
    const talk = talks.read(id);
    field.remove();
    if (talk && name && name !== title) talks.write({ ...talk, name });
    show();
    $(".history-item", rowOf(id))?.focus();
  };
  field.addEventListener("blur", () => done(field.value.trim()));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter") done(field.value.trim());
    if (event.key === "Escape") done("");
  });
}

const row = (node) => node.closest("li");
const rowOf = (id) => $$("ul.history > li").find((item) => item.dataset.id === id);

// The row is what Tab reaches, with its buttons; the others are reached by the arrow keys.
function activate(item) {
  for (const button of $$("ul.history button")) button.tabIndex = row(button) === item ? 0 : -1;
}

function keyed(event) {
  const item = row(event.target);
  const to = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling }[event.key];
  if (to) $(".history-item", to).focus();
  else if (event.key === "F2") rename(item.dataset.id);
  else if (event.key === "Delete") remove(item.dataset.id);
  else return;
  event.preventDefault();
}
