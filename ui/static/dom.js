// Small things about the page: finding elements, language, theme, notices, downloads.

import * as store from "./store.js";

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function text(zh, en) {
  return store.get("lang") === "en" ? en : zh;
}

export function applyTheme() {
  const wanted =
    store.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = wanted;
  document.body?.classList.toggle("dark", wanted === "dark");
  return wanted;
}

export function applyLanguage(root = document) {
  const lang = store.get("lang") === "en" ? "en" : "zh";
  document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
  document.documentElement.dataset.lang = lang;
  for (const node of $$("[data-label-zh]", root)) {
    const label = node.getAttribute(`data-label-${lang}`);
    if (node.getAttribute("aria-label") === label) continue;
    node.setAttribute("aria-label", label);
    if (node.title) node.title = label;
  }
  for (const node of $$("[data-placeholder-zh]", root)) {
    const wanted = node.getAttribute(`data-placeholder-${lang}`);
    if (node.placeholder !== wanted) node.placeholder = wanted;
  }
  for (const node of $$("option[data-text-zh]", root)) {
    const wanted = node.getAttribute(`data-text-${lang}`);
    if (node.textContent !== wanted) node.textContent = wanted;
  }
}

let noticeTimer = 0;

export function notice(message) {
  let box = $("#notice");
  if (!box) {
    box = document.createElement("div");
    box.id = "notice";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  box.textContent = message;
  box.classList.add("shown");
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => box.classList.remove("shown"), Math.max(2600, 150 * message.length));
}

export async function copy(value) {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    // Without HTTPS there is no clipboard API: the old way still works.
    const area = document.createElement("textarea");
    area.value = value;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  notice(text("已复制", "Copied"));
}

export function download({ name, type, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  save(name, new Blob([bytes], { type }));
}

export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Calls `ready` once all selectors are on the page.
export function whenPresent(selectors, ready) {
  const there = () => selectors.every((selector) => $(selector));
  if (there()) return ready();
  const observer = new MutationObserver(() => {
    if (!there()) return;
    observer.disconnect();
    ready();
  });
  observer.observe(document.documentElement, { childList: true, subtree: true });
}

// Calls `changed` after the contents of `node` changed, once per frame.
export function watch(node, changed) {
  let pending = false;
  new MutationObserver(() => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      changed();
    });
  }).observe(node, { childList: true, subtree: true, attributeFilter: ["data-state", "data-turn"] });
}
