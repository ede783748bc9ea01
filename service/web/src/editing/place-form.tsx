/** Registering a place; where it is, is set by clicking the map, or typed. */
import { signal } from "@preact/signals";
import type { Position } from "geojson";
import { useEffect } from "preact/hooks";

import { camera, picking } from "~/map/camera";
import { say } from "~/words/words";
import { Chooser } from "./chooser";
import { positions, shapeOf, written } from "./drawn";
import { placeEntries } from "./entries";
import { EntryForm, Line } from "./entry-form";
import { split } from "./fields";
import { ShapeField } from "./shape-field";

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
] as const;
const EMPTY = { id: "", name: "", kind: "town", parent: "", lon: "", lat: "", shape: "", outline: false, aliases: "" };
const draft = signal(EMPTY);

export function PlaceForm() {
  useEffect(() => () => void (picking.value = null), []);
  const set = (part: Partial<typeof EMPTY>) => (draft.value = { ...draft.value, ...part });
  const { kind, parent, lon, lat, shape, outline, aliases } = draft.value;
  const pick = () => {
    const take = (at: { lon: number; lat: number }) => {
      set({ lon: at.lon.toFixed(5), lat: at.lat.toFixed(5) });
      picking.value = null;
    };
    picking.value = { what: "location", take };
  };
  const add = (position: Position) => set({ shape: written([...(positions(draft.peek().shape) ?? []), position]) });
  return (
    <EntryForm title="registerPlace" draft={draft} empty={EMPTY} path="v1/places" body={bodyOf}>
      <label>
        {say("kind")}
        <select value={kind} onChange={(event) => set({ kind: event.currentTarget.value })}>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {say(`kind_${each}`)}
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
        <button type="button" aria-pressed={picking.value?.what === "location"} onClick={pick}>
          {say("pickOnMap")}
        </button>
      )}
      <Line label={say("longitude")} value={lon} set={(typed) => set({ lon: typed })} />
      <Line label={say("latitude")} value={lat} set={(typed) => set({ lat: typed })} />
      <ShapeField text={shape} outline={outline} set={set} add={add} />
      <Line label={say("aliases")} value={aliases} set={(typed) => set({ aliases: typed })} />
    </EntryForm>
  );
}

function bodyOf({ id, name, kind, parent, lon, lat, shape, outline, aliases }: typeof EMPTY) {
  const location = lon.trim() && lat.trim() ? { location: { lon: Number(lon), lat: Number(lat) } } : {};
  const drawn = shapeOf(shape, outline);
  return {
    id,
    name,
    kind,
    ...(parent && { parent }),
    ...location,
    ...(drawn && { shape: drawn }),
    aliases: split(aliases),
  };
}
