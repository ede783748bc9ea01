/** The part of the page with the map, or with two of them, and what lies over it. */
import { Icon } from "~/icons";
import { allReports, head, known, loading, places } from "~/known";
import { at, beside, embedded, knownAt, lens, panel } from "~/reader";
import { search } from "~/address/address";
import { settled, stalled, unavailable } from "~/spans/sheets";
import { tiles } from "~/service/page";
import { number, say, time } from "~/words/words";
import { ASKED, camera, fit, picking } from "./camera";
import { Legend } from "./legend";
import { canDraw, MapPane } from "./pane";

export function MapArea() {
  const two = beside.value !== null && !embedded.value;
  return (
    <main class="map-area" id="map" tabIndex={-1} aria-label={say("map")}>
      {embedded.value && <h1 class="hidden">{say("title")}</h1>}
      {canDraw ? (
        places.value.length > 0 && (
          <div class={two ? "maps two" : "maps"}>
            <Framed label={two ? say(`lens_${lens.value}`) : null}>
              <MapPane key={tiles.value ?? ""} />
            </Framed>
            {two && (
              <Framed label={say(`lens_${beside.value!}`)}>
                <MapPane key={`${tiles.value}${beside.value}`} by={beside.value!} />
              </Framed>
            )}
          </div>
        )
      ) : (
        <div class="notice no-map">
          <p>{say("noWebGl")}</p>
          <button type="button" onClick={() => (panel.value = "places")}>
            {say("places")}
          </button>
        </div>
      )}
      <Status />
      {canDraw && (
        <div class="map-buttons">
          <Button name="plus" label={say("zoomIn")} act={() => camera.value?.zoomIn({}, ASKED)} />
          <Button name="minus" label={say("zoomOut")} act={() => camera.value?.zoomOut({}, ASKED)} />
          <Button name="fit" label={say("fit")} act={() => fit()} />
        </div>
      )}
      {canDraw && (
        <p class="credit">{tiles.value ? new URL(tiles.value.replace(/[{}]/g, "")).host : say("basemapCredit")}</p>
      )}
      {places.value.length > 0 && <Legend />}
      {embedded.value && (
        <a class="card whole" href={search().replace(/&(embed|panel)=[^&]*/g, "")} target="_blank" rel="noopener">
          {say("title")}: {time(at.value)}
          {knownAt.value !== null && `, ${say("asKnown", { n: number(known.value) })}`} ({say("openWhole")})
        </a>
      )}
    </main>
  );
}

function Framed({ label, children }: { label: string | null; children: preact.ComponentChildren }) {
  return (
    <div class="framed">
      {children}
      {label && <p class="map-label card">{label}</p>}
    </div>
  );
}

function Status() {
  const text = unavailable.value
    ? say("notHere")
    : stalled.value
      ? say("offline")
      : picking.value
        ? say(picking.value.what === "shape" ? "pickingShape" : "picking")
        : loading.value || (!settled.value && allReports.value.length > 0 && head.value > 0)
          ? say("loading")
          : null;
  return (
    <div class="map-status" role="status">
      {text && <p class="card">{text}</p>}
    </div>
  );
}

function Button({ name, label, act }: { name: "plus" | "minus" | "fit"; label: string; act: () => void }) {
  return (
    <button type="button" class="round card" title={label} aria-label={label} onClick={act}>
      <Icon name={name} />
    </button>
  );
}
