/** A map: the basemap, the places in their states, their names. */
import { computed, effect, useSignal } from "@preact/signals";
import { Map as GlMap, type MapEventType, setWorkerUrl } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { useEffect, useRef } from "preact/hooks";

import { forces, placeNumbers, places } from "~/known";
import { knownAt, type Lens, place, view } from "~/reader";
import { current, read, states } from "~/spans/sheets";
import { ABSENT } from "~/spans/states";
import { different, supposed } from "~/differences/differences";
import { tiles } from "~/service/page";
import { mapColours } from "~/theme";
import { openPlace } from "~/why/opening";
import { stateWords } from "~/why/sentence";
import { number, say } from "~/words/words";
import { followView, style } from "./basemap";
import { ASKED, bounds, camera, drawing, fit, keepInSight, padding, picking } from "./camera";
import { followGraticule } from "./graticule";
import { type Box, drawLabels } from "./labels";
import { type Mark, mark, SHAPES } from "./mark";
import { nameOf } from "./names";
import { Outlines } from "./outlines";
import { allSpots, narrowed, ranked, spotNumbers, visible, visibleState } from "./places";
import type { Spot } from "./spots";
import { CHOSEN, DIFFERENT, TownsLayer } from "./towns";

setWorkerUrl(new URL(workerUrl, location.href).href);

export const canDraw = (() => {
  try {
    return !!document.createElement("canvas").getContext("webgl2");
  } catch {
    return false;
  }
})();

/** The names wait until the clocks rest, so many milliseconds. */
const RESTED = 150;
/** How near a click must be, in pixels. */
const REACH = 16;
const SMALL = new Set(["village", "neighbourhood", "facility", "hill", "road", "crossing"]);

export function MapPane({ by }: { by?: Lens }) {
  const box = useRef<HTMLDivElement>(null);
  const names = useRef<HTMLCanvasElement>(null);
  const hover = useSignal<{ spot: Spot; x: number; y: number } | null>(null);
  useEffect(() => (box.current && names.current ? start(box.current, names.current, by, hover) : undefined), []);
  return (
    <div class="map-pane">
      <div ref={box} class="map-canvas" />
      <canvas ref={names} class="map-names" aria-hidden="true" />
      {hover.value && <Tip {...hover.value} by={by} />}
    </div>
  );
}

function Tip({ spot, x, y, by }: { spot: Spot; x: number; y: number; by: Lens | undefined }) {
  const i = allSpots.value.indexOf(spot);
  const state = states.all[(by ? read(by) : current.value)[i] ?? ABSENT]!;
  return (
    <div
      class="map-tip"
      style={{ insetInlineStart: 0, transform: `translate(${x}px, ${y}px)` }}
      aria-hidden="true"
      dir="auto"
    >
      <strong>{nameOf(spot.place)}</strong>
      <span>{stateWords(state)}</span>
      {spot.beside && <em>{say("beside", { place: nameOf(spot.beside) })}</em>}
    </div>
  );
}

type Hover = { value: { spot: Spot; x: number; y: number } | null };

/** Make the map and keep it in step. Returns how to end it. */
function start(box: HTMLElement, names: HTMLCanvasElement, by: Lens | undefined, hover: Hover): () => void {
  const map = make(box);
  const layer = new TownsLayer();
  const outlines = new Outlines();
  map.on("style.load", () => {
    outlines.addTo(map);
    map.addLayer(layer);
    repaint();
  });
  followView(map);
  followGraticule(map);
  const label = () => {
    const visibleNow = visible.peek();
    const shownNow = by ? read(by) : current.peek();
    const numbers = spotNumbers.peek();
    const number = (spot: Spot) => shownNow[numbers.get(spot)!] ?? ABSENT;
    const shown = (spot: Spot) =>
      number(spot) !== ABSENT && (spot.wide || visibleNow(spot.place.id, states.all[number(spot)]!));
    const told = (spot: Spot) => states.all[number(spot)]!.status !== "unknown";
    const ringed = ({ place: { id } }: Spot) => id === place.peek() || different.peek().has(id);
    const ink = mapColours.peek().label;
    drawLabels(names, map, ranked.peek(), place.peek(), layer.size, ink, shown, told, ringed, covered(box));
  };
  let shaped: number[] = [];
  const repaint = () => paint(layer, outlines, shaped, supposing(by ? read(by) : current.value));
  let labelling = 0;
  let named = 0;
  const labelSoon = () => {
    cancelAnimationFrame(labelling);
    labelling = requestAnimationFrame(label);
  };
  map.on("move", label);
  map.on("resize", label);
  map.on("load", label);
  const ends: (() => void)[] = [
    effect(() => {
      layer.place(allSpots.value);
      shaped = outlines.place(allSpots.value);
      labelSoon();
    }),
    effect(() => {
      allSpots.value;
      repaint();
      clearTimeout(named);
      named = window.setTimeout(labelSoon, RESTED); // what is told of is named before what is not
    }),
    effect(() => {
      [place.value, visible.value, mapColours.value, allSpots.value, knownAt.value, different.value];
      say("map");
      labelSoon();
    }),
    effect(() => colour(map, layer, outlines)),
    effect(() => outlines.sketch(drawing.value)),
    effect(() => {
      const name = say("mapName", { n: number(places.value.length) });
      map.getCanvas().setAttribute("aria-label", by ? `${say(`lens_${by}`)}: ${name}` : name);
    }),
  ];
  listen(map, layer, outlines, by, hover);
  if (!by) look(map);
  else ends.push(together(map));
  return () => {
    ends.forEach((end) => end());
    clearTimeout(named);
    cancelAnimationFrame(labelling);
    if (!by) camera.value = null;
    map.remove();
  };
}

/** This is the map that is looked at: until the reader moves it, it shows all that there is in whatever room it has. */
function look(map: GlMap): void {
  camera.value = map;
  const opened = place.peek();
  map.on("resize", () => !view.peek() && !map.isMoving() && fit(false));
  if (opened && !view.peek()) map.once("load", () => keepInSight(opened));
}

/** What lies over the map: no name is written under it. */
function covered(box: HTMLElement): Box[] {
  const map = box.getBoundingClientRect();
  const over = document.querySelectorAll(".legend, .map-buttons, .credit, .map-label, .whole, .why");
  return [...over].map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return { left: left - map.left, top: top - map.top, right: right - map.left, bottom: bottom - map.top };
  });
}

function make(box: HTMLElement): GlMap {
  const seen = view.peek();
  const around = bounds();
  const map = new GlMap({
    container: box,
    style: style(mapColours.peek().paper, tiles.peek()),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    maxPitch: 0,
    maxZoom: 16,
    renderWorldCopies: false,
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true }, // a picture of it can be saved
    fadeDuration: 0,
    ...(seen
      ? { center: [seen.lon, seen.lat], zoom: seen.zoom }
      : around
        ? { bounds: around, fitBoundsOptions: { padding: padding(box), maxZoom: 11 } }
        : { center: [20, 25], zoom: 1 }),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  return map;
}

/** What places would show if what is being tried out were filed; the others as they are. */
function supposing(numbers: Uint32Array): Uint32Array {
  if (!supposed.value.size) return numbers;
  const found = numbers.slice();
  for (const [id, state] of supposed.value) {
    const i = placeNumbers.value.get(id);
    if (i !== undefined) found[i] = states.number(state);
  }
  return found;
}

/** A step of a clock comes here for every place: what can be said of a state is looked up by its number. */
function paint(layer: TownsLayer, outlines: Outlines, shaped: readonly number[], numbers: Uint32Array): void {
  const [chosen, changed, all, below, shownState] = [
    place.value,
    different.value,
    allSpots.value,
    narrowed.value,
    visibleState.value,
  ];
  const toBeSeen = states.all.map(shownState);
  performance.mark("paint");
  for (let i = 0; i < all.length; i++) {
    const { place, drawn, wide, beside } = all[i]!;
    const number = numbers[i] ?? ABSENT;
    const { shape, first, second } = marks(number);
    const none = number === ABSENT || !drawn || (wide && shape === "unknown");
    const shown = !none && toBeSeen[number] && (!below || below.has(place.id)) ? 1 : 0;
    const flags = (chosen === place.id ? CHOSEN : 0) | (changed.size && changed.has(place.id) ? DIFFERENT : 0);
    const size = beside || (shape === "unknown" && SMALL.has(place.kind)) ? 0 : 1;
    layer.paint(i, first, second, SHAPES[shape], flags, size, shown);
  }
  layer.show();
  const isVisible = visible.value;
  for (const i of shaped) {
    const { place } = all[i]!;
    const number = numbers[i] ?? ABSENT;
    const shown = number !== ABSENT && isVisible(place.id, states.all[number]!);
    outlines.paint(i, marks(number), shown, chosen === place.id, changed.has(place.id));
  }
  performance.measure("paint", "paint");
}

/** The marks of the states, each worked out once for the forces that are known. */
const marksOf = computed((): Mark[] => (forces.value, []));
function marks(number: number): Mark {
  return (marksOf.value[number] ??= mark(states.all[number]!));
}

function colour(map: GlMap, layer: TownsLayer, outlines: Outlines): void {
  const { paper, ink, card } = mapColours.value;
  [layer.ink, layer.paper] = [ink, card];
  outlines.colour(ink, card);
  if (!map.isStyleLoaded() && !map.getLayer("sea")) return;
  map.setPaintProperty("sea", "background-color", paper.sea);
  map.setPaintProperty("land", "fill-color", paper.land);
  map.setPaintProperty("coast", "line-color", paper.coast);
  map.setPaintProperty("graticule", "line-color", paper.coast);
  map.setPaintProperty("rivers", "line-color", paper.river);
  map.setPaintProperty("borders", "line-color", paper.border);
}

function listen(map: GlMap, layer: TownsLayer, outlines: Outlines, by: Lens | undefined, hover: Hover): void {
  const near = (x: number, y: number): Spot | undefined =>
    nearest(map, layer.size, by ? read(by) : current.peek(), x, y) ??
    allSpots.peek()[outlines.at(x, y, REACH / 3) ?? -1];
  map.on("click", ({ point, lngLat }) => {
    if (picking.value) return picking.value.take({ lon: lngLat.lng, lat: lngLat.lat });
    const found = near(point.x, point.y);
    if (found) openPlace(found.place.id);
  });
  map.on("mousemove", ({ point }) => {
    const found = near(point.x, point.y);
    map.getCanvas().style.cursor = picking.value ? "crosshair" : found ? "pointer" : "";
    if (hover.value?.spot !== found) hover.value = found ? { spot: found, x: point.x, y: point.y } : null;
  });
  map.on("mouseout", () => (hover.value = null));
  map.on("movestart", () => (hover.value = null));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (picking.value) {
      const { lng, lat } = map.getCenter();
      return picking.value.take({ lon: lng, lat });
    }
    const { clientWidth, clientHeight } = map.getCanvas();
    const found = nearest(map, layer.size, current.peek(), clientWidth / 2, clientHeight / 2, Infinity);
    if (found) openPlace(found.place.id);
  });
  if (by) return;
  map.on("moveend", (moved: MapEventType["moveend"] & Partial<typeof ASKED>) => {
    const { lng, lat } = map.getCenter();
    if (moved.originalEvent || moved.asked || view.peek()) view.value = { lon: lng, lat, zoom: map.getZoom() };
  });
}

function nearest(
  map: GlMap,
  size: number,
  numbers: Uint32Array,
  x: number,
  y: number,
  reach = REACH,
): Spot | undefined {
  let found: Spot | undefined;
  let least = reach;
  const isVisible = visible.peek();
  const world = 512 * 2 ** map.getZoom();
  const middle = map.project([0, 0]); // the map is never turned or tilted: pixels are a scaled mercator
  allSpots.peek().forEach((spot, i) => {
    const number = numbers[i] ?? ABSENT;
    if (!spot.drawn || number === ABSENT) return;
    const state = states.all[number]!;
    if ((spot.wide && state.status === "unknown") || !isVisible(spot.place.id, state)) return;
    const far = Math.hypot(
      (spot.x - 0.5) * world + middle.x + spot.shift[0] * size - x,
      (spot.y - 0.5) * world + middle.y + spot.shift[1] * size - y,
    );
    if (far < least) [found, least] = [spot, far];
  });
  return found;
}

/** Keep two maps looking at the same. */
function together(second: GlMap): () => void {
  const first = camera.peek();
  if (!first) return () => {};
  let moving = false;
  const follow = (from: GlMap, to: GlMap) => () => {
    if (moving) return;
    moving = true;
    to.jumpTo({ center: from.getCenter(), zoom: from.getZoom() });
    moving = false;
  };
  const [there, back] = [follow(first, second), follow(second, first)];
  first.on("move", there);
  second.on("move", back);
  there();
  return () => first.off("move", there);
}
