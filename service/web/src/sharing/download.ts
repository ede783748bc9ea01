/** Saving what the service answers as a file. */
import { ask, Refusal } from "~/service/client";
import { type Form, FORMS, linkTo } from "./views";

/** Ask for a view in a form and save it. Returns what went wrong, or null. */
export async function download(path: string, form: Form): Promise<string | null> {
  try {
    keep(await (await ask(linkTo(path, form))).blob(), nameOf(path, form));
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.problem.detail;
    throw error;
  }
}

/** What the file of a view is called. */
export const nameOf = (path: string, form: Form): string =>
  `${path.split("?")[0]!.replace(/^v1\//, "").replaceAll("/", "-")}.${FORMS[form]}`;

/** Hand a file to the reader. */
export function keep(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
