/** Sharing what is seen: its link, its data, its picture, the code that puts it into another page. */
import { useSignal } from "@preact/signals";

import { search } from "~/address/address";
import { camera } from "~/map/camera";
import { Popover } from "~/popover";
import { say } from "~/words/words";
import { Links } from "./links";
import { save } from "./picture";
import { views } from "./views";

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
        <Links views={views.value} />
      </section>
    </Popover>
  );
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
