/** The report that is being written. It lives beside the form, so that nothing typed is lost when the form is left. */
import { signal } from "@preact/signals";

import { panel } from "~/reader";
import type { Report } from "~/service/shapes";
import { claimOf, type DraftClaim, draftOf, emptyClaim } from "./fields";

export interface DraftSource {
  source: string;
  citation: string;
  url: string;
  published: string;
  origin: string;
}

export interface Draft {
  text: string;
  occurred: string;
  credibility: string;
  sources: DraftSource[];
  claims: DraftClaim[];
  reason: string;
  /** The report that is corrected, and the version that was read. */
  of: { id: string; version: number } | null;
  /** Makes the id of a new report, the same however often it is sent. */
  key: string;
}

export const emptySource = (): DraftSource => ({ source: "", citation: "", url: "", published: "", origin: "" });

export function emptyDraft(): Draft {
  const key = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return {
    text: "",
    occurred: "",
    credibility: "",
    sources: [emptySource()],
    claims: [emptyClaim("control")],
    reason: "",
    of: null,
    key,
  };
}

export const draft = signal<Draft>(emptyDraft());

export type FormName = "fileReport" | "registerPlace" | "registerForce" | "registerAlignment" | "registerSource";
/** The form that is open. */
export const open = signal<FormName>("fileReport");

export function edit(part: Partial<Draft>): void {
  draft.value = { ...draft.value, ...part };
}

/** What was begun and laid aside for another, by the report that it corrects; a new one by NEW. */
const aside = new Map<string, Draft>();
const NEW = "";

/** Put a report into the form, to be corrected; what is being typed there waits until that is done. */
export function correct(report: Report): void {
  aside.set(draft.peek().of?.id ?? NEW, draft.peek());
  draft.value = aside.get(report.id) ?? correctionOf(report);
  open.value = "fileReport";
  panel.value = "editing";
}

/** The draft is sent or given up: what it was begun instead of comes back. */
export function finish(): void {
  aside.delete(draft.peek().of?.id ?? NEW);
  draft.value = aside.get(NEW) ?? emptyDraft();
}

function correctionOf(report: Report): Draft {
  return {
    ...emptyDraft(),
    text: report.text,
    occurred: report.occurred,
    sources: report.sources.map((each) => ({
      source: each.source,
      citation: each.citation ?? "",
      url: each.url ?? "",
      published: each.published ?? "",
      origin: each.origin ?? "",
    })),
    claims: report.claims.map(draftOf),
    of: { id: report.id, version: report.version },
  };
}

/** The draft as the API takes it. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const sources = draft.sources
    .filter((each) => each.source)
    .map((each) => Object.fromEntries(Object.entries(each).filter(([, value]) => value)));
  return {
    text: draft.text,
    occurred: draft.occurred,
    ...(draft.credibility && { credibility: draft.credibility }),
    ...(sources.length && { sources }),
    claims: draft.claims.map(claimOf),
    ...(draft.of && { reason: draft.reason }),
  };
}
