// Whether the server is there while somebody waits for it.

const LOOK_MS = 700; // an accepted question is shown within 0.1 s: later it is worth looking
const ALIVE_MS = 1200; // with the wait before it less than two seconds
const AGAIN_MS = 1500;

let watched = 0;

// While `waiting()`, call `lost()` when the server does not answer and `found()` when it does again.
export async function watch(waiting, lost, found) {
  const mine = ++watched;
  let gone = false;
  for (let wait = LOOK_MS; ; wait = AGAIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (mine !== watched || (!gone && !waiting())) return;
    const alive = await isAlive();
    if (mine !== watched) return;
    if (!alive && !gone) lost();
    if (alive && gone) found();
    gone = !alive;
  }
}

async function isAlive() {
  try {
    return (await fetch("health", { cache: "no-store", signal: AbortSignal.timeout(ALIVE_MS) })).ok;
  } catch {
    return false;
  }
}
