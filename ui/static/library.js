// The library: searching, opening a document at a clause, comparing, taking in new files.

import { $, $$, applyLanguage, notice, text } from "./dom.js";
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

export async function preview(form) {
  const file = $("input[type=file]", form).files[0];
  if (!file) return notice(text("请先选择文件", "Choose a file first"));
  const body = new FormData();
  body.append("file", file);
  await staff(form, "staff/preview", { method: "POST", body });
}

export async function take(button) {
  const form = $("form.upload-form");
  const taken = await staff(form, `staff/take/${button.dataset.token}`, { method: "POST" });
  if (taken) search();
}

export async function discard(button) {
  await staff($("form.upload-form"), `staff/take/${button.dataset.token}`, { method: "DELETE" });
}

async function staff(form, path, options) {
  const password = $("input[type=password]", form)?.value;
  const headers = password ? { Authorization: `Bearer ${encodeURIComponent(password)}` } : {};
  const result = $("#upload-result");
  result.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(path, { ...options, headers });
    const content = await response.text();
    if (response.headers.get("content-type")?.startsWith("text/html")) {
      result.innerHTML = content; // made and escaped by the server
    } else {
      const { message, next_step } = JSON.parse(content).error;
      result.textContent = [message, next_step].filter(Boolean).join("。");
    }
    applyLanguage(result);
    return response.ok;
  } catch {
    result.textContent = text("与服务的连接断开了，请重试。", "Connection lost; please try again.");
    return false;
  } finally {
    result.removeAttribute("aria-busy");
  }
}
