/** A place's name in the reader's language, and in the other script beside it. */
import type { Force, Place } from "~/service/shapes";
import { language } from "~/words/words";

const ARABIC = /[\u0600-\u06ff]/;

const arabic = ({ name, aliases }: { name: string; aliases: string[] }): string | undefined =>
  ARABIC.test(name) ? name : aliases.find((alias) => ARABIC.test(alias));

const latin = ({ name, aliases }: { name: string; aliases: string[] }): string | undefined =>
  ARABIC.test(name) ? aliases.find((alias) => !ARABIC.test(alias)) : name;

export function nameOf(entry: Place | Force): string {
  return (language.value === "ar" ? arabic(entry) : latin(entry)) ?? entry.name;
}

/** The name in the other script, if there is one. */
export function otherName(entry: Place | Force): string | undefined {
  const other = language.value === "ar" ? latin(entry) : arabic(entry);
  return other === nameOf(entry) ? undefined : other;
}
