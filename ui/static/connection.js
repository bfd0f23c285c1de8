// Whether the server is there, and still the process that made this page: to another one the page
// is unknown and must be loaded again.

import { $, notice, text } from "./dom.js";

const LOOK_MS = 700; // an accepted question is shown within 0.1 s: later it is worth looking
const ALIVE_MS = 1200; // with the wait before it less than two seconds
const AGAIN_MS = 1500;

let watched = 0;
let checking = 0;

// While `waiting()`, call `lost()` when the server does not answer and `found()` when it does again;
// at the end `replaced()` when another process has taken its place.
export async function watch(waiting, { lost, found, replaced }) {
  const mine = ++watched;
  let gone = false;
  for (let wait = LOOK_MS; ; wait = AGAIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (mine !== watched || (!gone && !waiting())) return;
    const process = await answering();
    if (mine !== watched) return;
    if (isOther(process)) return replaced();
    if (!process && !gone) lost();
    if (process && gone) found();
    gone = !process;
  }
}

// The same once, after something that is not waited for.
export function check() {
  clearTimeout(checking);
  checking = setTimeout(async () => {
    const process = await answering();
    if (isOther(process)) location.reload();
    else if (!process) notice(text("服务没有应答，请稍后再试。", "The server does not answer."));
  }, LOOK_MS);
}

const isOther = (process) => process && process !== $("meta[name=policy-process]").content;

// Gradio tells in English what went wrong on the way to the server; the page tells it in its own words.
export function translate() {
  let told = null;
  new MutationObserver(() => {
    const said = $(".toast-wrap .toast-body");
    if (said && said !== told) notice(text("与服务的连接有问题，操作没有完成，请稍后再试。", "The connection failed; please try again later."));
    told = said;
  }).observe(document.body, { childList: true, subtree: true });
}

// Which process answers; empty when none does.
async function answering() {
  let process = "";
  try {
    const signal = AbortSignal.timeout(ALIVE_MS);
    process = (await (await fetch("health", { cache: "no-store", signal })).json()).process;
  } catch {
    console.info("no answer from the server");
  }
  return process;
}
