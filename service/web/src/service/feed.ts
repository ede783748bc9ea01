/** The feed of the log's events: what is new appears without a reload; a broken connection is said and mended. */
import { computed, signal } from "@preact/signals";

import { head, listing, loadAgain, loading, loadRegistries, loadReports } from "~/known";
import { number, say } from "~/words/words";
import { forget } from "~/chronology/wholes";
import { ask, Refusal } from "./client";
import { connection, tryAgain } from "./connection";

/** How many events came since the page was opened. */
export const fresh = signal(0);

export const liveWords = computed(() => {
  const word = { connecting: say("connecting"), live: say("live"), broken: say("broken"), none: say("noLive") }[
    connection.value
  ];
  return fresh.value && connection.value === "live" ? `${word}: ${say("newEvents", { n: number(fresh.value) })}` : word;
});

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** Without a sign of life for this long the connection is taken for broken; the service sends comments more often. */
const SILENCE = 45_000;

/** Follow the log from the newest event that is known of; for as long as the page is open. */
export async function followLog(): Promise<void> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 2)) {
    try {
      await listen(() => (wait = FIRST_WAIT));
      connection.value = "broken";
    } catch (error) {
      if (error instanceof Refusal && (error.status === 404 || error.status === 406)) {
        connection.value = "none";
        return;
      }
      connection.value = "broken";
    }
    await Promise.race([
      new Promise((done) => setTimeout(done, wait * (0.75 + Math.random() / 2))),
      new Promise((done) => addEventListener("online", done, { once: true })),
    ]);
  }
}

async function listen(alive: () => void): Promise<void> {
  const stop = new AbortController();
  let watch = setTimeout(() => stop.abort(), SILENCE);
  const cut = () => stop.abort();
  addEventListener("offline", cut);
  try {
    const answer = await ask(`v1/events?after=${head.peek()}`, {
      headers: { Accept: "text/event-stream" },
      signal: stop.signal,
    });
    if (!answer.headers.get("Content-Type")?.startsWith("text/event-stream"))
      throw new Refusal({ status: 406, title: "", detail: "no stream" });
    const again = connection.peek() === "broken";
    connection.value = "live";
    alive();
    if (again) {
      missed = true;
      refresh(head.peek()); // what was missed while it was broken
      tryAgain(0);
    }
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENCE);
      const parts = (rest + value).split(/\r?\n\r?\n/);
      rest = parts.pop()!;
      parts.forEach(take);
    }
  } finally {
    clearTimeout(watch);
    removeEventListener("offline", cut);
    stop.abort();
  }
}

/** One message: its id is the event's position, its data the event. */
function take(message: string): void {
  const position = Number(/^id:\s*(\d+)/m.exec(message)?.[1]);
  if (!position || position <= seen) return;
  if (position > head.peek()) fresh.value += 1;
  seen = position;
  const subject = /"subject":\s*"(\w+):([a-z0-9-]+)"/.exec(message);
  if (subject?.[1] === "report") changed.add(subject[2]!);
  else registered = true;
  refresh(position);
}

let seen = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The reports that something happened to, and whether a registry has more in it; `missed` where that is not known. */
const changed = new Set<string>();
let registered = false;
let missed = false;

/** More than these are not read one by one. */
const MANY = 500;

/** Load what is new, once for many events; the clocks stay where they are. */
function refresh(position: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (loading.peek() || listing.peek()) refresh(position);
    else void catchUp(position);
  }, 300);
}

async function catchUp(position: number): Promise<void> {
  const [ids, more, all] = [[...changed], registered, missed || changed.size > MANY];
  changed.clear();
  [registered, missed] = [false, false];
  forget(ids);
  await Promise.all([more || all ? loadRegistries() : null, all ? loadReports() : ids.length ? loadAgain(ids) : null]);
  head.value = Math.max(head.peek(), position);
}
