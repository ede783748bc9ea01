/** The fields of every kind of claim (docs/api.md), for the form: what they are called and what goes into them. */
import { western } from "~/clocks/typed";
import type { Claim } from "~/service/shapes";

export type FieldType =
  | "place"
  | "places"
  | "force"
  | "forces"
  | "report"
  | "by"
  | "of"
  | "line"
  | "lines"
  | "count"
  | "figure"
  | readonly string[];

export interface Field {
  name: string;
  type: FieldType;
  needed?: boolean;
}

const field = (name: string, type: FieldType, needed = false): Field => ({ name, type, needed });

export const FIELDS: Record<string, readonly Field[]> = {
  control: [
    field("place", "place", true),
    field("forces", "forces", true),
    field("effect", ["takes", "loses", "holds", "contests"], true),
    field("means", ["assault", "agreement", "withdrawal", "unopposed"]),
  ],
  clash: [field("places", "places"), field("forces", "forces"), field("intensity", "line")],
  strike: [
    field("places", "places"),
    field("by", "forces"),
    field("against", "forces"),
    field("weapon", ["air", "drone", "artillery", "missile", "explosive"]),
    field("count", "count"),
  ],
  casualties: [
    field("places", "places"),
    field("of", "of", true),
    field("killed", "figure"),
    field("injured", "figure"),
    field("captured", "figure"),
    field("cause", "line"),
  ],
  movement: [
    field("forces", "forces"),
    field("persons", "lines"),
    field("from", "place"),
    field("to", "place"),
    field("what", ["arrival", "withdrawal", "reinforcement", "convoy", "advance", "halt"]),
  ],
  operation: [
    field("forces", "forces"),
    field("against", "forces"),
    field("places", "places"),
    field("stage", ["launched", "halted", "ended"], true),
    field("name", "line"),
    field("objective", "line"),
  ],
  presence: [field("place", "place", true), field("forces", "forces", true)],
  agreement: [field("parties", "forces"), field("with", "lines"), field("places", "places"), field("terms", "line")],
  joining: [
    field("force", "force", true),
    field("operation", "line"),
    field("alongside", "forces"),
    field("led_by", "line"),
  ],
  denial: [field("of", "report", true), field("by", "by")],
};

/** What every claim can have beside. */
export const BESIDE: readonly Field[] = [field("occurred", "line"), field("event", "line")];

/** A claim as it is typed: every field a text or a list of texts. */
export type DraftClaim = { kind: string } & Record<string, string | string[]>;

const MANY = new Set<FieldType>(["places", "forces"]);
export const isMany = (type: FieldType): boolean => MANY.has(type);

export const emptyClaim = (kind: string): DraftClaim => ({ kind });

/** A claim as the API takes it. What is left empty is left out. */
export function claimOf(draft: DraftClaim): Record<string, unknown> {
  const found: Record<string, unknown> = { kind: draft.kind };
  for (const { name, type } of [...FIELDS[draft.kind]!, ...BESIDE]) {
    const value = draft[name];
    if (value === undefined || value.length === 0) continue;
    found[name] = typeof value === "string" ? read(value, type) : value;
  }
  return found;
}

function read(value: string, type: FieldType): unknown {
  if (type === "lines") return split(value);
  return type === "count" || type === "figure" ? (figure(value, type) ?? value.trim()) : value.trim();
}

interface Figure {
  low: number;
  best?: number | null;
  high?: number | null;
}

const FIGURE = /^(\d+)\s*(?:(\+)|[-–]\s*(\d+))?\s*(?:\((\d+)\))?$/;

/** "3" is three, "3-5" from three to five, "3+" at least three, "3-10 (5)" rather five; undefined if it is none of these. */
function figure(text: string, type: "count" | "figure"): Figure | undefined {
  const found = FIGURE.exec(western(text.trim()));
  if (!found) return undefined;
  const [, low, open, high, best] = found;
  const exact = !open && high === undefined;
  const guess = best ?? (exact && type === "figure" ? low : undefined);
  return {
    low: Number(low),
    ...(guess !== undefined && { best: Number(guess) }),
    ...(!open && { high: Number(high ?? low) }),
  };
}

export const split = (value: string): string[] =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

/** A claim of the API as it would have been typed. */
export function draftOf(claim: Claim): DraftClaim {
  const found: DraftClaim = { kind: claim.kind };
  for (const { name, type } of [...(FIELDS[claim.kind] ?? []), ...BESIDE]) {
    const value = claim[name];
    if (value === undefined || value === null) continue;
    if (type === "count" || type === "figure") found[name] = written(value as Figure);
    else if (type === "lines") found[name] = (value as string[]).join(", ");
    else if (isMany(type)) found[name] = value as string[];
    else found[name] = String(value);
  }
  return found;
}

/** The same as it would have been typed. */
function written({ low, best, high }: Figure): string {
  const open = high === null || high === undefined;
  const range = open ? `${low}+` : high === low ? `${low}` : `${low}-${high}`;
  return best === null || best === undefined || (high === low && best === low) ? range : `${range} (${best})`;
}
