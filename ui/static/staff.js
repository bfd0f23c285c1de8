// The staff's corner: taking in new files, reading what users said.

import { $, $$, applyLanguage, notice, save, text } from "./dom.js";

let changed = () => {};

export function start(libraryChanged) {
  changed = libraryChanged;
  for (const box of $$(".staff-box")) box.addEventListener("toggle", show);
}

export async function preview(form) {
  const file = $("input[type=file]", form).files[0];
  if (!file) return notice(text("请先选择文件", "Choose a file first"));
  const body = new FormData();
  body.append("file", file);
  await fill("#upload-result", "preview", { method: "POST", body });
  const head = $("#upload-result h3");
  if (!head) return;
  head.focus({ preventScroll: true });
  head.scrollIntoView({ block: "start" });
}

// What cannot be taken in as it was corrected is said above the button, and nothing typed is lost.
export async function take(button) {
  const typed = $$("#upload-result .corrections").map((fields) => ({
    line_start: Number(fields.dataset.line),
    ...Object.fromEntries($$("[name]", fields).map((field) => [field.name, field.value])),
  }));
  const response = await call("#take-result", `take/${button.dataset.token}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(typed),
  });
  if (!response) return;
  await put($(response.ok ? "#upload-result" : "#take-result"), response);
  if (response.ok) await taken();
}

async function taken() {
  changed();
  await fill("#uploads", "uploads");
}

export async function undo(button) {
  const name = button.dataset.name;
  if (!confirm(`${name}\n${button.innerText}${text("？", "?")}`)) return;
  const path = `uploads/${encodeURIComponent(name)}`;
  if (await fill("#upload-result", path, { method: "DELETE" })) await taken();
}

export async function discard(button) {
  await fill("#upload-result", `take/${button.dataset.token}`, { method: "DELETE" });
}

const sought = () => new URLSearchParams(new FormData($(".feedback-form")));

export async function feedback() {
  await fill("#feedback-result", `feedback?${sought()}`);
}

export async function exportFeedback() {
  const response = await call("#feedback-result", `feedback.xlsx?${sought()}`);
  if (response?.ok) save("用户反馈.xlsx", await response.blob());
  else if (response) await put($("#feedback-result"), response);
}

export async function deleteFeedback(button) {
  await remove(`feedback/${button.dataset.id}`);
}

export async function clearFeedback() {
  if (confirm(text("确定删除全部反馈？不能恢复。", "Delete all feedback? This cannot be undone."))) {
    await remove("feedback");
  }
}

async function remove(path) {
  const response = await call("#feedback-result", path, { method: "DELETE" });
  if (response?.ok) await feedback();
  else if (response) await put($("#feedback-result"), response);
}

// What the open boxes show; not asked for before there is a password to ask with.
export function show() {
  const password = $(".staff-key input");
  if (password && !password.value) return;
  if ($(".upload-box").open) fill("#uploads", "uploads");
  if ($(".feedback-box").open) feedback();
}

// The server's answer in the place of `where`; whether it did what was asked.
async function fill(where, path, options) {
  const response = await call(where, path, options);
  if (response) await put($(where), response);
  return response?.ok;
}

async function call(where, path, options = {}) {
  const password = $(".staff-key input")?.value;
  const headers = { ...options.headers };
  if (password) headers.Authorization = `Bearer ${encodeURIComponent(password)}`;
  const result = $(where);
  result.setAttribute("aria-busy", "true");
  try {
    return await fetch(`staff/${path}`, { ...options, headers });
  } catch {
    result.textContent = text("与服务的连接断开了，请重试。", "Connection lost; please try again.");
    return null;
  } finally {
    result.removeAttribute("aria-busy");
  }
}

async function put(result, response) {
  const content = await response.text();
  if (response.headers.get("content-type")?.startsWith("text/html")) {
    result.innerHTML = content; // made and escaped by the server
  } else {
    const { message, next_step } = JSON.parse(content).error;
    result.textContent = [message, next_step].filter(Boolean).join("。");
  }
  applyLanguage(result);
}
