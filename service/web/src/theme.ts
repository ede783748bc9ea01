/** Light or dark: as the reader says, or as the system does. */
import { computed, signal } from "@preact/signals";

import type { Ink } from "~/map/labels";
import type { Paper } from "~/map/basemap";
import type { Rgb } from "~/map/colours";
import { theme } from "~/reader";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
system.addEventListener("change", () => (systemDark.value = system.matches));

export const dark = computed(() => (theme.value === "auto" ? systemDark.value : theme.value === "dark"));

const still = matchMedia("(prefers-reduced-motion: reduce)");
/** Whether the reader wants nothing to move by itself. */
export const calm = (): boolean => still.matches;

interface MapColours {
  paper: Paper;
  label: Ink;
  ink: Rgb;
  card: Rgb;
}

const LIGHT: MapColours = {
  paper: { sea: "#d3dfe8", land: "#f6f4ee", coast: "#a5b8c6", border: "#a99fae", river: "#b3c9d8" },
  label: { text: "#1c2430", quiet: "#5d6672", halo: "rgba(250,249,245,.92)" },
  ink: [28, 36, 48],
  card: [255, 255, 255],
};
const DARK: MapColours = {
  paper: { sea: "#10171f", land: "#1e262f", coast: "#3d4d5c", border: "#6a6474", river: "#2f4254" },
  label: { text: "#eef1f5", quiet: "#a9b3bf", halo: "rgba(20,26,33,.92)" },
  ink: [236, 240, 245],
  card: [24, 31, 39],
};

export const mapColours = computed(() => (dark.value ? DARK : LIGHT));
