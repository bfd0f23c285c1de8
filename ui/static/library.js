// The library: searching, opening a document at a clause, comparing.

import { $, $$, applyLanguage } from "./dom.js";
import * as store from "./store.js";

let trigger = () => {};
let searchTimer = 0;
let chosen = null; // in the filters, while they come anew
let left = { at: 0, doc: "" }; // where the list was when a document was opened from it

export function start(bridge) {
  trigger = bridge;
  $("#library-form").addEventListener("input", () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(search, 180);
  });
  search();
}

export function clear() {
  $("form.library-form").reset();
  search();
}

export function search() {
  const asked = Object.fromEntries(new FormData($("form.library-form")));
  const { as_of, validity, district } = store.filters();
  trigger("library", { ...asked, as_of, validity, place: district });
}

// The filters anew, with what is held now; what was chosen stays chosen.
export function refresh() {
  chosen = Object.fromEntries(new FormData($("form.library-form")));
  trigger("library_form", {});
}

export function formArrived() {
  applyLanguage($("#library-form"));
  const form = $("form.library-form");
  if (!form || !chosen) return;
  for (const [name, value] of Object.entries(chosen)) {
    const field = form.elements[name];
    field.value = value;
    if (field.selectedIndex < 0) field.selectedIndex = 0; // nothing held has it any more
  }
  chosen = null;
  search();
}

// A document, at a clause; with `other`, the two side by side.
export function open(doc, label, other) {
  const reading = document.body.classList.contains("reading");
  if (!reading) left = { at: $("#page-library").scrollTop, doc };
  document.body.classList.add("reading");
  // what is shown again does not change
  if (!other && $("#document .document")?.dataset.doc === doc) arrived();
  const { as_of } = store.filters();
  trigger(other ? "compare" : "open", other ? { doc, other, as_of } : { doc, label: label || "", as_of });
}

export function close() {
  const reading = document.body.classList.contains("reading");
  document.body.classList.remove("reading");
  if (!reading) return;
  $(`#library-list [data-doc="${CSS.escape(left.doc)}"]`)?.focus({ preventScroll: true });
  $("#page-library").scrollTop = left.at;
}

// After a document arrived: go to the clause that was asked for, else to the top.
export function arrived() {
  applyLanguage($("#page-library"));
  if (!document.body.classList.contains("reading")) return; // it came after one had gone back
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
