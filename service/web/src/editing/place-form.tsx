/** Registering a place; where it is, is set by clicking the map. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { camera, picking } from "~/map/camera";
import { say } from "~/words/words";
import { Chooser } from "./chooser";
import { placeEntries } from "./entries";
import { split } from "./fields";
import { Told } from "./outcome";
import { type Outcome, type Receipt, send } from "./sending";

const KINDS = [
  "country",
  "governorate",
  "district",
  "city",
  "town",
  "village",
  "neighbourhood",
  "facility",
  "base",
  "hill",
  "road",
  "crossing",
  "area",
];
const EMPTY = { id: "", name: "", kind: "town", parent: "", lon: "", lat: "", aliases: "" };

export function PlaceForm() {
  const form = useSignal(EMPTY);
  const told = useSignal<Outcome<Receipt> | null>(null);
  useEffect(() => () => void (picking.value = null), []);
  const set = (part: Partial<typeof EMPTY>) => (form.value = { ...form.value, ...part });
  const { id, name, kind, parent, lon, lat, aliases } = form.value;
  const pick = () => {
    picking.value = (at) => {
      set({ lon: at.lon.toFixed(5), lat: at.lat.toFixed(5) });
      picking.value = null;
    };
  };
  const submit = async () => {
    const location = lon.trim() && lat.trim() ? { location: { lon: Number(lon), lat: Number(lat) } } : {};
    told.value = await send(
      "v1/places",
      { id, name, kind, ...(parent && { parent }), ...location, aliases: split(aliases) },
      null,
    );
    if (told.value.done) form.value = EMPTY;
  };
  const line = (key: "id" | "name" | "lon" | "lat" | "aliases", label: string, needed = false) => (
    <label>
      {label}
      <input
        value={form.value[key]}
        required={needed}
        dir="auto"
        onInput={(event) => set({ [key]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h3>{say("registerPlace")}</h3>
      <label>
        {say("name")}
        <input
          required
          dir="auto"
          value={name}
          onInput={(event) =>
            set({
              name: event.currentTarget.value,
              id: !id || id === slug(name) ? slug(event.currentTarget.value) : id,
            })
          }
        />
      </label>
      {line("id", say("id"), true)}
      <label>
        {say("kind")}
        <select value={kind} onChange={(event) => set({ kind: event.currentTarget.value })}>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <Chooser
        label={say("parent")}
        entries={placeEntries.value}
        value={[parent].filter(Boolean)}
        set={([id]) => set({ parent: id ?? "" })}
      />
      {camera.value && (
        <button type="button" aria-pressed={picking.value !== null} onClick={pick}>
          {say("pickOnMap")}
        </button>
      )}
      {line("lon", say("longitude"))}
      {line("lat", say("latitude"))}
      {line("aliases", say("aliases"))}
      <p class="buttons">
        <button type="submit" class="main">
          {say("register")}
        </button>
      </p>
      <Told outcome={told.value} again={() => {}} />
    </form>
  );
}

/** An id that fits a name. */
function slug(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 64);
}
