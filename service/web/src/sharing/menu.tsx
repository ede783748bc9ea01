/** Sharing what is seen: its link, its data, its picture, the code that puts it into another page. */
import { signal, useSignal } from "@preact/signals";

import { search } from "~/address/address";
import { camera } from "~/map/camera";
import { Popover } from "~/popover";
import { say } from "~/words/words";
import { download } from "./download";
import { save } from "./picture";
import { views } from "./views";

const failed = signal<string | null>(null);

export function ShareMenu() {
  return (
    <Popover icon="share" label={say("share")}>
      <Copy label={say("copyLink")} text={() => new URL(search(), location.href).href} />
      <Copy label={say("embed")} text={embedCode} />
      {camera.value && (
        <button type="button" onClick={() => void save()}>
          {say("picture")}
        </button>
      )}
      <section>
        <h2>{say("download")}</h2>
        <ul class="downloads">
          {views.value.map((view) => (
            <li key={view.path}>
              <a href={view.path} target="_blank" rel="noopener">
                {view.name()}
              </a>
              {view.forms.map((form) => (
                <button type="button" key={form} class="link" onClick={() => void get(view.path, form)}>
                  {form}
                </button>
              ))}
            </li>
          ))}
        </ul>
        {failed.value && (
          <p class="wrong" role="alert">
            {failed.value}
          </p>
        )}
      </section>
    </Popover>
  );
}

async function get(path: string, form: "JSON" | "GeoJSON" | "CSV"): Promise<void> {
  failed.value = null;
  failed.value = await download(path, form);
}

function Copy({ label, text }: { label: string; text: () => string }) {
  const copied = useSignal(false);
  const shown = useSignal("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      copied.value = true;
      setTimeout(() => (copied.value = false), 2000);
    } catch {
      shown.value = text(); // no clipboard without https: to be copied by hand
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {copied.value ? say("copied") : label}
      </button>
      {shown.value && (
        <textarea
          readOnly
          rows={3}
          dir="ltr"
          aria-label={label}
          value={shown.value}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    </>
  );
}

function embedCode(): string {
  const query = new URLSearchParams(search());
  query.delete("panel");
  query.set("embed", "1");
  const address = new URL(`?${query}`, location.href).href;
  return `<iframe src="${address.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}" width="800" height="600" title="${say("title")}"></iframe>`;
}
