// The conversations that this browser keeps, each under a key of its own, so that tabs never write
// over each other's; and which of them this tab shows.

import { notice, text } from "./dom.js";

const PREFIX = "policy-talk:";
const SHOWN = "policy-shown"; // of this tab alone: another one serves another customer
// A browser stores at least 2.5 million characters a site, and a conversation of five turns with
// its clauses takes some 40,000.
const KEPT = 50;
const KEPT_CHARS = 2_000_000;

let current = null;
const seen = new Map(); // id → when what this tab has shown of the conversation was written
const moved = new Map(); // id → the one under which this tab goes on with it
const parsed = new Map(); // id → what is stored as text, and the conversation in it

// The conversation on the screen, as the server last sent it.
export const shown = () => current;

function show(talk) {
  current = talk;
  sessionStorage.setItem(SHOWN, talk?.id ?? "");
  if (talk) seen.set(talk.id, talk.updated);
}

// Another one that is kept; a new one where there is none under the id.
export function open(id) {
  moved.clear();
  show(read(id));
}

// Go on with what this tab showed before it was loaded again; a new tab begins with nothing.
export const resume = () => open(sessionStorage.getItem(SHOWN));

export function read(id) {
  const value = localStorage.getItem(PREFIX + id);
  if (!value) return null;
  if (parsed.get(id)?.value !== value) parsed.set(id, { value, talk: fromText(value) });
  return parsed.get(id).talk;
}

// All that are kept, the newest first.
export function all() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => read(key.slice(PREFIX.length)))
    .filter(Boolean)
    .sort((a, b) => b.updated - a.updated);
}

// Keep and show what the server sent.  Where another tab has gone on with the same conversation, or
// the server has begun a branch of it, both stay in the history.
export function keep(talk) {
  let id = moved.get(talk.id) || talk.id;
  const stored = read(id);
  if (stored && stored.updated !== seen.get(id)) {
    id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
    moved.set(talk.id, id);
  }
  if (current?.turns.length && current.id !== id) {
    notice(text("原来的对话保留在“历史对话”里。", "The former conversation stays in the history."));
  }
  if (talk.dropped > (stored?.dropped ?? 0)) {
    notice(text("对话太长，最早的一问已不再保留，请及时导出。", "Too long: the earliest question is kept no more; please export."));
  }
  show({ ...talk, id, name: stored?.name });
  if (talk.turns.length && stored?.updated !== talk.updated) write(current);
}

// Store one; when there is no room, the oldest of the others go.
export function write(talk) {
  const value = JSON.stringify(talk);
  let room = KEPT_CHARS - value.length;
  const gone = [];
  const others = all().filter((other) => other.id !== talk.id);
  others.forEach((other, place) => {
    room -= parsed.get(other.id).value.length;
    if (room < 0 || place >= KEPT - 1) gone.push(other);
  });
  for (const other of gone) remove(other.id);
  if (gone.length) {
    const names = gone.map((other) => `“${titleOf(other).slice(0, 20)}”`).join("、");
    notice(text(`历史对话存满了，最早的 ${names} 已删除。`, `The history is full; the oldest went: ${names}`));
  }
  try {
    localStorage.setItem(PREFIX + talk.id, value);
  } catch (error) {
    console.info("browser storage refused", error.name);
    notice(text("浏览器存不下这段对话，请及时导出。", "The browser cannot keep this; please export."));
  }
}

export function remove(id) {
  localStorage.removeItem(PREFIX + id);
  parsed.delete(id);
}

export const titleOf = (talk) => talk.name || talk.turns[0].question;

function fromText(value) {
  try {
    const talk = JSON.parse(value);
    return talk?.id && Array.isArray(talk.turns) && talk.turns.length ? talk : null;
  } catch {
    return null;
  }
}
