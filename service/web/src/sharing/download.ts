/** Saving what the service answers as a file. */
import { ask, Refusal } from "~/service/client";
import { say } from "~/words/words";
import type { Form } from "./views";

const TYPES: Record<Form, [string, string]> = {
  JSON: ["application/json", "json"],
  GeoJSON: ["application/geo+json", "geojson"],
  CSV: ["text/csv", "csv"],
};

/** Ask for a form and save it. Returns what went wrong, or null. */
export async function download(path: string, form: Form): Promise<string | null> {
  const [type, ending] = TYPES[form];
  try {
    const answer = await ask(path, { headers: { Accept: type } });
    if (!answer.headers.get("Content-Type")?.startsWith(type)) return `${form}: ${say("notHere")}`;
    keep(await answer.blob(), `${path.split("?")[0]!.replace(/^v1\//, "").replaceAll("/", "-")}.${ending}`);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.problem.detail;
    throw error;
  }
}

/** Hand a file to the reader. */
export function keep(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
