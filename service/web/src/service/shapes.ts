/** What the API answers with (docs/api.md), as far as the page reads it. */
import type { Geometry } from "geojson";

export const STATUSES = ["held", "contested", "disputed", "changing", "vacated", "unknown"] as const;
export type Status = (typeof STATUSES)[number];

export const CREDIBILITIES = ["confirmed", "probable", "possible", "doubtful", "improbable", "unverified"] as const;
export type Credibility = (typeof CREDIBILITIES)[number];

export interface Shown {
  status: Status;
  holders: string[];
  parties: string[];
  challenger: string[] | null;
}

/** Null is as far back as anything is told. */
export interface Since {
  earliest: string | null;
  latest: string | null;
}

export interface Answer extends Shown {
  place: string;
  before: Shown | null;
  after: Shown | null;
  since: Since | null;
  last_confirmed: string | null;
  credibility: Credibility | null;
  basis: string[];
  dissent: string[];
  unconfirmed: string[];
  inherited_from: string | null;
  exceptions: string[];
}

export interface Times {
  at: string;
  known_at: number;
  as_of_position: number;
}

export interface Segment extends Answer {
  from: string | null;
  until: string | null;
}

export interface Window {
  earliest: string | null;
  latest: string;
}

export interface Citation {
  source: string;
  citation?: string | null;
  url?: string | null;
  published?: string | null;
  origin?: string | null;
}

export type Claim = { kind: string; occurred?: string; window?: Window; [field: string]: unknown };

/** What is gone of a report: JSON Pointers to the texts that are empty for it. */
export interface Redaction {
  parts: string[];
  position: number;
  recorded_at: string;
  reason: string;
}

export interface Report {
  id: string;
  version: number;
  text: string;
  occurred: string;
  window: Window;
  sources: Citation[];
  claims: Claim[];
  credibility: Credibility;
  filed: { position: number; recorded_at: string };
  retracted: { position: number; recorded_at: string; reason: string } | null;
  redacted: Redaction[];
}

/** Of a report when, about which places and by whom it is. */
export interface Brief {
  id: string;
  version: number;
  window: Window;
  credibility: Credibility;
  filed: { position: number; recorded_at: string };
  retracted: { position: number; recorded_at: string } | null;
  sources: string[];
  places: string[];
}

export interface Place {
  id: string;
  name: string;
  kind: string;
  parent: string | null;
  location: { lon: number; lat: number } | null;
  /** A line or an area, as GeoJSON. */
  shape?: Geometry | null;
  aliases: string[];
}

export interface Force {
  id: string;
  name: string;
  kind: string | null;
  aliases: string[];
  alignments: { with: string; window: { from: string | null; until: string | null } }[];
}

export interface Source {
  id: string;
  name: string;
  kind: string | null;
  reliability: string | null;
  affiliation: string | null;
}

/** One frame of a replay. */
export interface Frame {
  at: string | null;
  known_at: number;
  event?: { position: number; type: string; id: string; recorded_at: string };
  places: Answer[];
}

/** An event of the log, as a CloudEvent. */
export interface LogEvent {
  id: string;
  type: string;
  subject?: string;
  time: string;
  data?: unknown;
}

export interface Problem {
  status: number;
  title: string;
  detail: string;
  errors?: { detail: string; pointer: string }[];
}
