/**
 * Roads and areas, where the registry has their shapes: lines and fills in the colours of their states, each status with
 * a dash and a hatching of its own, so that none is told by colour alone.
 */
import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as GlMap } from "maplibre-gl";

import { STATUSES, type Status } from "~/service/shapes";
import { css, GREY, type Rgb } from "./colours";
import { HATCHINGS, hatching } from "./hatching";
import type { Mark } from "./mark";
import type { Spot } from "./spots";

const SOURCE = "outlines";
const SKETCH = "sketch";

/** How the second colour lies on the first, in widths of the line. */
export const DASHES: Record<Exclude<Status, "unknown">, number[]> = {
  held: [4, 4],
  contested: [1, 1],
  disputed: [3, 3],
  changing: [0.01, 2.2],
  vacated: [1000, 0],
};

const painted = (name: string): ExpressionSpecification => ["feature-state", name];
const colourOf = (name: string): ExpressionSpecification => ["to-color", painted(name), css(GREY)];
const where = (test: ExpressionSpecification, then: number): ExpressionSpecification => ["case", test, then, 0];
const is = (status: Status): ExpressionSpecification => ["==", painted("status"), status];
const AREAS: ExpressionSpecification = ["==", ["get", "area"], true];

/** What is drawn, from the bottom up. */
const LAYERS: LayerSpecification[] = [
  {
    id: "outline-fill",
    type: "fill",
    source: SOURCE,
    filter: AREAS,
    paint: {
      "fill-color": colourOf("first"),
      "fill-opacity": ["case", is("unknown"), 0, ["==", painted("shown"), true], 0.26, 0],
    },
  },
  ...HATCHINGS.map((status): LayerSpecification => ({
    id: `outline-hatching-${status}`,
    type: "fill",
    source: SOURCE,
    filter: AREAS,
    paint: { "fill-pattern": `hatching-${status}`, "fill-opacity": where(is(status), 0.55) },
  })),
  line("outline-chosen", {
    "line-width": 3,
    "line-gap-width": 8,
    "line-opacity": where(["==", painted("chosen"), true], 1),
  }),
  line("outline-different", {
    "line-width": 3,
    "line-gap-width": 8,
    "line-dasharray": [2, 1],
    "line-opacity": where(["==", painted("different"), true], 1),
  }),
  line("outline-edge", {
    "line-width": 7,
    "line-opacity": where(["all", ["==", painted("shown"), true], ["!", is("unknown")]], 0.9),
  }),
  line("outline-line", {
    "line-color": colourOf("first"),
    "line-width": ["case", is("unknown"), 1.6, 4.5],
    "line-opacity": where(["==", painted("shown"), true], 1),
  }),
  ...STATUSES.filter((status) => status !== "unknown").map((status) =>
    line(
      `outline-${status}`,
      {
        "line-color": status === "vacated" ? "#fff" : colourOf("second"),
        "line-width": status === "vacated" ? 2.2 : 4.5,
        "line-dasharray": DASHES[status],
        "line-opacity": where(["all", ["==", painted("shown"), true], is(status)], 1),
      },
      status === "changing" ? "round" : "butt",
    ),
  ),
];

/** A sketch: its line, and a dot at each position of it. */
const SKETCHED: LayerSpecification[] = [
  { id: "sketch-line", type: "line", source: SKETCH, paint: { "line-width": 2, "line-dasharray": [3, 2] } },
  { id: "sketch-dots", type: "circle", source: SKETCH, paint: { "circle-radius": 4.5 } },
];

function line(id: string, paint: object, cap: "butt" | "round" = "butt"): LayerSpecification {
  return { id, type: "line", source: SOURCE, layout: { "line-cap": cap, "line-join": "round" }, paint };
}

export class Outlines {
  private map?: GlMap;
  private spots: readonly Spot[] = [];
  /** What each was painted as, so that a step tells the map of nothing but what changed. */
  private readonly told = new Map<number, string>();
  private readonly showing = new Set<number>();
  private sketched: Geometry | null = null;
  private ink: Rgb = [28, 36, 48];
  private card: Rgb = [255, 255, 255];

  addTo(map: GlMap): void {
    this.map = map;
    this.told.clear();
    this.draw();
    map.addSource(SOURCE, { type: "geojson", data: features(this.spots), tolerance: 0.2 });
    LAYERS.forEach((layer) => map.addLayer(layer));
    map.addSource(SKETCH, { type: "geojson", data: sketch(this.sketched) });
    SKETCHED.forEach((layer) => map.addLayer(layer));
    this.colour(this.ink, this.card);
  }

  /** The places, in the order in which `paint` will speak of them. Returns the numbers of those that have a shape. */
  place(spots: readonly Spot[]): number[] {
    this.spots = spots;
    this.told.clear();
    this.showing.clear();
    this.map?.removeFeatureState({ source: SOURCE });
    this.map?.getSource<GeoJSONSource>(SOURCE)?.setData(features(spots));
    return spots.flatMap((spot, i) => (spot.place.shape ? [i] : []));
  }

  paint(i: number, { shape: status, first, second }: Mark, shown: boolean, chosen: boolean, different: boolean): void {
    const told = `${status} ${first.join()} ${second.join()} ${shown} ${chosen} ${different}`;
    if (!this.map?.getSource(SOURCE) || this.told.get(i) === told) return;
    this.told.set(i, told);
    if (shown) this.showing.add(i);
    else this.showing.delete(i);
    const same = first.join() === second.join(); // a fight of one party: the gaps are paper
    this.map.setFeatureState(
      { source: SOURCE, id: i },
      {
        status: shown ? status : "",
        first: css(first),
        second: css(same && status === "contested" ? this.card : second),
        shown,
        chosen: shown && chosen,
        different: shown && different,
      },
    );
  }

  colour(ink: Rgb, card: Rgb): void {
    [this.ink, this.card] = [ink, card];
    const map = this.map;
    if (!map?.getLayer("outline-edge")) return;
    this.draw();
    map.setPaintProperty("outline-edge", "line-color", ["case", is("contested"), css(ink), css(card)]);
    map.setPaintProperty("outline-vacated", "line-color", css(card));
    map.setPaintProperty("sketch-line", "line-color", css(ink));
    map.setPaintProperty("sketch-dots", "circle-color", css(ink));
    for (const ring of ["outline-chosen", "outline-different"]) map.setPaintProperty(ring, "line-color", css(ink));
  }

  /** The number of the place whose line or area is at a point: lines first, then the smallest area. */
  at(x: number, y: number, reach: number): number | undefined {
    if (!this.map?.getLayer("outline-line") || !this.showing.size) return undefined;
    const around: [[number, number], [number, number]] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    const shown = (found: { id?: string | number | undefined }[]) =>
      found.map((each) => Number(each.id)).find((i) => this.showing.has(i));
    return (
      shown(this.map.queryRenderedFeatures(around, { layers: ["outline-line"] })) ??
      shown(this.map.queryRenderedFeatures([x, y], { layers: ["outline-fill"] }).reverse())
    );
  }

  /** A shape that is being drawn; null for none. */
  sketch(shape: Geometry | null): void {
    this.sketched = shape;
    this.map?.getSource<GeoJSONSource>(SKETCH)?.setData(sketch(shape));
  }

  private draw(): void {
    for (const status of HATCHINGS) {
      const image = hatching(status, this.ink);
      if (this.map!.hasImage(`hatching-${status}`)) this.map!.updateImage(`hatching-${status}`, image);
      else this.map!.addImage(`hatching-${status}`, image, { pixelRatio: 2 });
    }
  }
}

function sketch(geometry: Geometry | null): FeatureCollection {
  return { type: "FeatureCollection", features: geometry ? [{ type: "Feature", properties: {}, geometry }] : [] };
}

function features(spots: readonly Spot[]): FeatureCollection {
  const found = spots.flatMap((spot, id): Feature[] => {
    const geometry = spot.place.shape;
    return geometry ? [{ type: "Feature", id, properties: { area: geometry.type.endsWith("Polygon") }, geometry }] : [];
  });
  return { type: "FeatureCollection", features: found };
}
