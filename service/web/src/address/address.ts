/** What is seen is in the address, and comes back from it. */
import { effect } from "@preact/signals";

import { instant, rfc3339 } from "~/clocks/instants";
import { again, loop, type Pace, pace, PACES, playing, speed, SPEEDS, type Speed } from "~/clocks/play";
import * as reader from "~/reader";
import { isLanguage, language } from "~/words/words";

/** Read the address into what the reader has set. Whether it named an instant is returned. */
export function readAddress(search: string): boolean {
  const query = new URLSearchParams(search);
  const text = (name: string) => query.get(name) ?? "";
  const one = <T extends string>(name: string, of: readonly T[]): T | undefined =>
    of.find((each) => each === query.get(name));
  const at = time(text("at"));
  if (at !== undefined) reader.at.value = at;
  reader.knownAt.value = /^\d{1,15}$/.test(text("known_at")) ? Number(text("known_at")) : null;
  reader.lens.value = one("lens", reader.LENSES) ?? "default";
  reader.bySide.value = text("by") === "side";
  reader.place.value = text("place") || null;
  reader.panel.value = text("panel") === "none" ? null : (one("panel", reader.PANELS) ?? reader.firstPanel());
  reader.words.value = text("q");
  reader.narrow.value = { place: text("in"), force: text("force"), source: text("source"), kind: text("kind") };
  reader.hidden.value = new Set(text("hide").split(",").filter(Boolean));
  reader.zoneChoice.value = one("zone", ["local", "UTC", "service"]) ?? "service";
  reader.theme.value = one("theme", ["auto", "light", "dark"]) ?? "auto";
  reader.beside.value = one("beside", reader.LENSES) ?? null;
  reader.embedded.value = query.has("embed");
  const [from, to] = [time(text("from")), time(text("to"))];
  reader.period.value = from !== undefined && to !== undefined && from < to ? { from, to } : null;
  reader.since.value = since(text("since"));
  reader.view.value = view(text("map"));
  speed.value = (Object.keys(SPEEDS) as Speed[]).find((each) => each === text("speed")) ?? "speedQuarter";
  loop.value = query.has("loop");
  pace.value = one("pace", Object.keys(PACES) as Pace[]) ?? "paceMiddle";
  again.value = query.has("again");
  if (isLanguage(text("lang"))) language.value = text("lang") as "en";
  return at !== undefined;
}

function time(text: string): number | undefined {
  try {
    const found = text ? instant(text) : NaN;
    return Number.isFinite(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function since(text: string): { axis: "valid" | "knowledge"; from: number } | null {
  if (/^\d{1,15}$/.test(text)) return { axis: "knowledge", from: Number(text) };
  const from = time(text);
  return from === undefined ? null : { axis: "valid", from };
}

function view(text: string): { lon: number; lat: number; zoom: number } | null {
  const [lon, lat, zoom] = text.split(",").map(Number);
  const real = [lon, lat, zoom].every((each) => each !== undefined && Number.isFinite(each));
  return text && real
    ? { lon: lon!, lat: Math.max(-85, Math.min(85, lat!)), zoom: Math.max(0, Math.min(16, zoom!)) }
    : null;
}

/** The address of what is seen; without what is as it is from the start. */
export function search(): string {
  const { place, force, source, kind } = reader.narrow.value;
  const seen = reader.view.value;
  const period = reader.period.value;
  const since = reader.since.value;
  const parts: [string, string | number | null | false | undefined][] = [
    ["at", rfc3339(reader.at.value)],
    ["known_at", reader.knownAt.value],
    ["lens", reader.lens.value !== "default" && reader.lens.value],
    ["by", reader.bySide.value && "side"],
    ["place", reader.place.value],
    ["panel", reader.panel.value ?? "none"],
    ["q", reader.words.value],
    ["in", place],
    ["force", force],
    ["source", source],
    ["kind", kind],
    ["hide", [...reader.hidden.value].join()],
    ["from", period && rfc3339(period.from)],
    ["to", period && rfc3339(period.to)],
    ["since", since && (since.axis === "valid" ? rfc3339(since.from) : since.from)],
    ["beside", reader.beside.value],
    ["map", seen && `${seen.lon.toFixed(4)},${seen.lat.toFixed(4)},${seen.zoom.toFixed(2)}`],
    ["zone", reader.zoneChoice.value !== "service" && reader.zoneChoice.value],
    ["theme", reader.theme.value !== "auto" && reader.theme.value],
    ["lang", language.value],
    ["speed", speed.value !== "speedQuarter" && speed.value],
    ["loop", loop.value && "1"],
    ["pace", pace.value !== "paceMiddle" && pace.value],
    ["again", again.value && "1"],
    ["embed", reader.embedded.value && "1"],
  ];
  const given = parts.filter(([, value]) => value !== null && value !== false && value !== undefined && value !== "");
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** Keep the address in step: a place or a panel is a step back, a clock is not. */
export function followAddress(): () => void {
  let timer = 0;
  let step = `${reader.place.peek()} ${reader.panel.peek()}`;
  const back = () => {
    readAddress(location.search);
    step = `${reader.place.peek()} ${reader.panel.peek()}`;
  };
  addEventListener("popstate", back);
  const end = effect(() => {
    const wanted = search();
    const now = `${reader.place.value} ${reader.panel.value}`;
    if (playing.value) return; // when it rests
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (wanted === location.search) return;
      if (now === step) history.replaceState(null, "", wanted);
      else history.pushState(null, "", wanted);
      step = now;
    }, 200);
  });
  return () => {
    end();
    removeEventListener("popstate", back);
  };
}
