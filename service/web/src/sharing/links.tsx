/** The links of a view to its data: plain ones, which can be copied and given away. */
import { signal } from "@preact/signals";

import { token } from "~/editing/token";
import { say } from "~/words/words";
import { download, nameOf } from "./download";
import { FORMS, type Form, linkTo, type View } from "./views";

const failed = signal<{ path: string; detail: string } | null>(null);

export function Links({ views }: { views: readonly View[] }) {
  return (
    <ul class="data-links" aria-label={say("asData")}>
      {views.map((view) => (
        <li key={view.path}>
          <span>{view.name}</span>
          {(Object.keys(FORMS) as Form[]).map((form) => (
            <DataLink key={form} view={view} form={form} />
          ))}
          {failed.value?.path === view.path && (
            <p class="wrong" role="alert">
              {failed.value.detail}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function DataLink({ view: { name, path }, form }: { view: View; form: Form }) {
  /** A link carries no token: for whoever has one the page fetches what it leads to. */
  const fetched = async (event: Event) => {
    if (!token.value) return;
    event.preventDefault();
    const detail = await download(path, form);
    failed.value = detail ? { path, detail } : null;
  };
  return (
    <a
      href={linkTo(path, form)}
      download={form === "JSON" ? undefined : nameOf(path, form)}
      target={form === "JSON" ? "_blank" : undefined}
      rel="noopener"
      aria-label={`${name}: ${form}`}
      onClick={(event) => void fetched(event)}
    >
      {form}
    </a>
  );
}

/** The same below a panel, folded away. */
export function AsData({ views }: { views: readonly View[] }) {
  if (!views.length) return null;
  return (
    <details class="as-data">
      <summary>{say("asData")}</summary>
      <Links views={views} />
    </details>
  );
}
