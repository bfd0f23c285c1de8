// Entry: one listener for every click and form of the page, the three pages, deep links.
// Markup says what it does by data-act; the server is reached through the Gradio bridge.

import * as chat from "./chat.js";
import * as connection from "./connection.js";
import { $, $$, applyLanguage, applyTheme, copy, download, notice, watch, whenPresent } from "./dom.js";
import * as past from "./history.js";
import * as library from "./library.js";
import * as overlay from "./overlay.js";
import * as profile from "./profile.js";
import * as staff from "./staff.js";
import * as store from "./store.js";
import * as talks from "./talks.js";

const PAGES = ["chat", "finder", "library"];
const BODIES = { chat: "#talk", finder: "#page-finder", library: "#page-library" };
let trigger = () => {};

applyTheme();

const acts = {
  page: (node) => go(node.dataset.page),
  skip: () => {
    const body = $(BODIES[document.body.dataset.page]);
    body.tabIndex = -1;
    body.focus();
  },
  profile: () => go("finder"),
  matches: (node) => {
    go("finder");
    find(node.dataset.question); // what the question told about the company counts, too
  },
  language: () => {
    store.set("lang", store.get("lang") === "en" ? "zh" : "en");
    applyLanguage();
    profile.show();
    past.show();
  },
  theme: () => {
    store.set("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    applyTheme();
  },
  ask: (node) => {
    go("chat");
    chat.send(node.dataset.question, null);
  },
  send: () => chat.send(),
  stop: chat.reopen,
  retry: (node) => chat.retry(node.dataset.turn),
  edit: chat.edit,
  "cancel-edit": chat.cancelEdit,
  cite: (node) => chat.showSource(node.dataset.turn, node.dataset.n, node.dataset.place, node),
  "close-overlay": overlay.close,
  copy: (node) => chat.copyAnswer(node.dataset.turn),
  "copy-quote": (node) => copy(quoted(node.closest(".evidence-card"))),
  "copy-link": (node) => copy(new URL(node.dataset.href, location.origin + location.pathname).href),
  "rate-up": (node) => chat.rate(node.dataset.turn, "up"),
  "rate-down": chat.openComplaint,
  "take-back": (node) => chat.rate(node.dataset.turn, ""),
  complain: (form) => chat.rate(form.dataset.turn, "down", form),
  new: () => conversation(""),
  "new-customer": () => {
    profile.clear();
    profile.reset();
    library.clear();
    chat.write("");
    unfind();
    conversation("");
  },
  conversation: (node) => conversation(node.dataset.id),
  rename: (node) => past.rename(node.dataset.id),
  forget: (node) => past.remove(node.dataset.id),
  "undo-forget": past.undo,
  "toggle-history": (node) =>
    document.body.classList.contains("history-open") ? overlay.close() : overlay.open("history-open", node),
  print: () => print(),
  export: (node) => trigger("export", { format: node.dataset.format, talk: talks.shown() }),
  "reset-filters": profile.reset,
  "clear-profile": () => {
    profile.clear();
    unfind();
  },
  find: () => find(""),
  "export-matches": () => trigger("export_matches", sought),
  library: library.search,
  "clear-library": () => {
    profile.reset();
    library.clear();
  },
  open: (node) => openDocument({ doc: node.dataset.doc, ...(node.dataset.label && { label: node.dataset.label }) }),
  back: () => {
    history.pushState({}, "", `${location.pathname}#library`);
    route();
  },
  jump: (node) => library.jump(node.dataset.to),
  compare: (form) => {
    const other = $("select", form).value;
    if (other) openDocument({ doc: form.dataset.doc, other });
  },
  "export-comparison": ({ dataset: { doc, other } }) =>
    trigger("export_comparison", { doc, other, as_of: store.filters().as_of }),
  "ask-about": (node) => {
    go("chat");
    chat.write(`《${node.dataset.title}》`);
    $("#question").focus();
  },
  preview: staff.preview,
  take: staff.take,
  discard: staff.discard,
  "staff-key": staff.show,
  undo: staff.undo,
  feedback: staff.feedback,
  "feedback-export": staff.exportFeedback,
  "feedback-delete": staff.deleteFeedback,
  "feedback-clear": staff.clearFeedback,
};

let sought = {};

function conversation(id) {
  if (overlay.shown()) overlay.close();
  if (!id || id !== talks.shown()?.id) chat.open(id);
}

function find(question) {
  sought = { question, profile: store.profile() || {}, ...store.filters() };
  trigger("find", sought);
}

// What was found for one company must not stand beside the empty form of the next.
const unfind = () => trigger("find", { blank: true });

function quoted(card) {
  const marked = $$("mark", card).map((mark) => mark.textContent).join("");
  return `“${marked || $(".clause", card).innerText}”——${card.getAttribute("aria-label")}`;
}

function openDocument(wanted) {
  history.pushState({}, "", `${location.pathname}?${new URLSearchParams(wanted)}#library`);
  route();
}

function go(page) {
  history.pushState({}, "", `${location.pathname}#${page}`);
  route();
}

// The address says which page is shown and which document is open.
function route() {
  const wanted = new URLSearchParams(location.search);
  const doc = wanted.get("doc");
  const named = location.hash.slice(1);
  const page = doc ? "library" : PAGES.includes(named) ? named : "chat";
  document.body.dataset.page = page;
  for (const link of $$("nav.pages a")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  overlay.hide();
  if (page === "chat") chat.shown();
  if (doc) library.open(doc, wanted.get("label"), wanted.get("other"));
  else library.close();
}

document.addEventListener("click", (event) => {
  const node = event.target.closest("[data-act]");
  if (!node || node.tagName === "FORM" || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const act = acts[node.dataset.act];
  if (!act) return;
  event.preventDefault();
  act(node);
});

document.addEventListener("submit", (event) => {
  const act = acts[event.target.dataset.act];
  if (!act) return;
  event.preventDefault();
  act(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") overlay.close();
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    go("chat");
    $("#question").focus();
  }
});

addEventListener("popstate", (event) => {
  if (overlay.shown()) return overlay.hide();
  route();
  if (event.state?.over) overlay.open(event.state.over);
});

// Documents shown depend on district, date and validity; answers already given keep theirs.
function filtersChanged() {
  library.search();
  const doc = new URLSearchParams(location.search).get("doc");
  if (doc) route();
}

// What the server sends besides markup: conversations to keep, files and notices.
function received(value) {
  if (!value) return;
  const message = JSON.parse(value);
  if (message.talk) {
    chat.keep(message.talk);
    past.show();
    chat.changed(); // the markup may have come before
  }
  if (message.notice) notice(message.notice);
  if (message.file) download(message.file);
}

function start(bridge) {
  trigger = (name, data) => {
    bridge.trigger(name, data);
    if (name !== "ask") connection.check(); // what is asked is watched until its answer is there
  };
  bridge.receive(received);
  whenPresent(["#question", "#filter-district", "#profile-form", "ul.history", "form.library-form", "#document"], () => {
    applyTheme();
    profile.start(filtersChanged);
    connection.translate();
    overlay.start();
    chat.start(trigger);
    past.start(conversation);
    library.start(trigger);
    staff.start(library.refresh);
    applyLanguage();
    route();
    chat.changed();
    watch($("#transcript"), chat.changed);
    watch($("#document"), library.arrived);
    watch($("#library-form"), library.formArrived);
    watch($("#finder-result"), () => {
      if (innerWidth <= 820 && $("table.matches")) $("#finder-right").scrollIntoView({ block: "start" });
    });
    for (const id of ["#page-finder", "#library-list"]) {
      watch($(id), () => applyLanguage($(id)));
    }
    document.body.dataset.ready = "true";
  });
}

if (window.policyBridge) start(window.policyBridge);
else addEventListener("policy-bridge", () => start(window.policyBridge), { once: true });
