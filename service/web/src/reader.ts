/** What the reader has set: the two clocks, the policy, what is looked at and how. All of it is in the address. */
import { computed, signal } from "@preact/signals";

import { type Instant, now } from "~/clocks/instants";
import { ownZone } from "~/clocks/zones";

export const LENSES = ["default", "strict", "everything"] as const;
export type Lens = (typeof LENSES)[number];

export const PANELS = ["reports", "places", "differences", "holdings", "editing"] as const;
export type Panel = (typeof PANELS)[number];

/** The world's clock. */
export const at = signal<Instant>(now());
/** The clock of knowledge: a position of the log; null is the newest there is. */
export const knownAt = signal<number | null>(null);
export const lens = signal<Lens>("default");
export const bySide = signal(false);

/** The stretch that the world's slider covers; null until the reader narrows it. */
export const period = signal<{ from: Instant; to: Instant } | null>(null);

export const place = signal<string | null>(null);
/** What is open beside the map where the address does not say: on a phone, the map alone. */
export const firstPanel = (): Panel | null => (matchMedia("(max-width: 60rem)").matches ? null : "reports");
export const panel = signal<Panel | null>(null);

/** What the list of reports, and the map, are narrowed to. */
export const words = signal("");
export const narrow = signal({ place: "", force: "", source: "", kind: "" });
/** Statuses and forces switched off in the legend. */
export const hidden = signal<ReadonlySet<string>>(new Set());

/** Since when differences are shown, on which clock; and the other lens. */
export const since = signal<{ axis: "valid" | "knowledge"; from: number } | null>(null);
export const beside = signal<Lens | null>(null);

/** "local", "UTC" or "service": whose zone times are shown in. */
export const zoneChoice = signal<"local" | "UTC" | "service">("service");
export const serviceZone = signal("UTC");
export const zone = computed(() => ({ local: ownZone(), UTC: "UTC", service: serviceZone.value })[zoneChoice.value]);

export const theme = signal<"auto" | "light" | "dark">("auto");
export const embedded = signal(false);

/** Where the map looks: null until it has been moved. */
export const view = signal<{ lon: number; lat: number; zoom: number } | null>(null);

export const policy = computed(() => ({
  lens: lens.value === "default" ? null : lens.value,
  by: bySide.value ? "side" : null,
}));
