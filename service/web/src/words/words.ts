/** The words of the page in the reader's language, and the things that are said with them: numbers, lists, times. */
import { computed, signal } from "@preact/signals";

import type { Instant } from "~/clocks/instants";
import { zone } from "~/reader";
import { ar } from "./ar";
import { en, type Word, type Words } from "./en";

const LANGUAGES = { en, ar } satisfies Record<string, Words>;
export type Language = keyof typeof LANGUAGES;
export const languages = Object.entries(LANGUAGES).map(([code, words]) => ({
  code: code as Language,
  name: words.language,
}));

export const isLanguage = (code: string): code is Language => code in LANGUAGES;

export const language = signal<Language>(first());
export const direction = computed((): "rtl" | "ltr" => (language.value === "ar" ? "rtl" : "ltr"));

/** The first of the reader's languages that there are words for. */
function first(): Language {
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages;
  return wanted.map((each) => each.slice(0, 2)).find(isLanguage) ?? "en";
}

/** What turns letters around (Unicode's embeddings and overrides): in somebody's words it would turn ours around too. */
const TURNING = /[\u202a-\u202e]/g;

/** A word, its places filled in. */
export function say(word: Word, parts: Record<string, string | number> = {}): string {
  const text: string = LANGUAGES[language.value][word];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? "").replace(TURNING, ""));
}

/** Whether there is such a word: what comes from the API may be newer than the page. */
export const isWord = (name: string): name is Word => name in en;

/** To make a format takes longer than to use it a hundred times. */
const numbers = computed(() => new Intl.NumberFormat(locale()));
const lists = computed(() => new Intl.ListFormat(locale(), { type: "conjunction" }));

export const number = (value: number): string => numbers.value.format(value);

export const list = (items: readonly string[]): string => lists.value.format(items);

/** Digits are western in both languages: times are typed and compared. */
function locale(): string {
  return language.value === "ar" ? "ar-SY-u-nu-latn" : "en-GB";
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${zone.value} ${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found)
    formats.set(
      key,
      (found = new Intl.DateTimeFormat(locale(), { timeZone: zone.value, hourCycle: "h23", ...options })),
    );
  return found;
}

/** The zone that times are shown in, as it is called then: UTC, GMT+3. */
export const zoneName = (at: Instant): string =>
  format({ timeZoneName: "short" })
    .formatToParts(at / 1e3)
    .find((part) => part.type === "timeZoneName")?.value ?? zone.value;

/** 5 Dec 2024, 14:30, in the reader's zone. */
export function time(at: Instant): string {
  if (!Number.isFinite(at)) return "…";
  return format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(
    at / 1e3,
  );
}

export const day = (at: Instant): string => format({ day: "numeric", month: "short" }).format(at / 1e3);
export const year = (at: Instant): string => format({ month: "short", year: "numeric" }).format(at / 1e3);
export const clock = (at: Instant): string => format({ hour: "2-digit", minute: "2-digit" }).format(at / 1e3);
