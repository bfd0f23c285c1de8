// What lies over the chat on a narrow screen: the sources as a sheet, the history as a drawer.
// Opening one is a step of the browser's history, so that Back closes it and stays on the page.

import { $, $$ } from "./dom.js";

const WIDTHS = { "sheet-open": 820, "history-open": 1180 }; // up to which they cover the page
let opener = null;

const covers = (name) => innerWidth <= WIDTHS[name];
export const shown = () =>
  Object.keys(WIDTHS).find((name) => document.body.classList.contains(name) && covers(name));

export function start() {
  const shade = document.createElement("div");
  shade.className = "shade";
  shade.dataset.act = "close-overlay";
  $("#page-chat").append(shade);
}

export function open(name, by = document.activeElement) {
  if (covers(name) && !shown()) history.pushState({ over: name }, "");
  for (const other of Object.keys(WIDTHS)) if (other !== name) document.body.classList.remove(other);
  document.body.classList.add(name);
  opener = by;
  expanded();
}

export function close() {
  if (shown() && history.state?.over) history.back(); // the step back hides it
  else hide();
}

export function hide() {
  const open = Object.keys(WIDTHS).filter((name) => document.body.classList.contains(name));
  document.body.classList.remove(...open);
  expanded();
  if (open.length && opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

function expanded() {
  const open = document.body.classList.contains("history-open");
  for (const node of $$(".history-toggle")) node.setAttribute("aria-expanded", String(open));
}
