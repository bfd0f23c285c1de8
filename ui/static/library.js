// The library: searching, opening a document at a clause, comparing.

import { $, $$, applyLanguage } from "./dom.js";
import * as store from "./store.js";

let trigger = () => {};
let searchTimer = 0;

export function start(bridge) {
  trigger = bridge;
  const form = $("form.library-form");
  form.addEventListener("input", () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(search, 180);
  });
  search();
}

export function search() {
  const asked = Object.fromEntries(new FormData($("form.library-form")));
  const { as_of, validity, district } = store.filters();
  trigger("library", { ...asked, as_of, validity, place: district });
}

export function open(doc, label) {
  document.body.classList.add("reading");
  trigger("open", { doc, label: label || "", as_of: store.filters().as_of });
}

export function close() {
  document.body.classList.remove("reading");
}

export function compare(form) {
  const other = $("select", form).value;
  if (other) trigger("compare", { doc: form.dataset.doc, other });
}

// After a document arrived: go to the clause that was asked for, else to the top.
export function arrived() {
  applyLanguage($("#page-library"));
  const marked = $("#document .clause.marked");
  if (marked) {
    marked.scrollIntoView({ block: "center" });
    marked.focus({ preventScroll: true });
  } else {
    $("#page-library").scrollTop = 0;
  }
}

export function jump(id) {
  const clause = document.getElementById(id);
  if (!clause) return;
  for (const other of $$("#document .clause.marked")) other.classList.remove("marked");
  clause.classList.add("marked");
  clause.scrollIntoView({ block: "start" });
  clause.focus({ preventScroll: true });
}
