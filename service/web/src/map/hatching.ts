/** The hatchings of areas: one for each status that is not plain, in the colour of ink. */
import type { Status } from "~/service/shapes";
import type { Rgb } from "./colours";

export const HATCHINGS = ["contested", "disputed", "changing", "vacated"] as const satisfies readonly Status[];
export type Hatched = (typeof HATCHINGS)[number];

/** Of a pattern, in pixels of the device at two to one. */
const SIDE = 24;

/** Whether a pixel is inked. */
const INKED: Record<Hatched, (x: number, y: number) => boolean> = {
  contested: (x, y) => (x + y) % 12 < 3 || (x - y + SIDE) % 12 < 3, // crossed
  disputed: (x, y) => (x + y) % 12 < 4, // one way
  changing: (x, y) => ((x % 12) - 6) ** 2 + ((y % 12) - 6) ** 2 < 8, // dots
  vacated: (_, y) => y % 24 < 2, // level, and sparse
};

export function hatching(status: Hatched, ink: Rgb): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) if (INKED[status](x, y)) data.set([...ink, 255], (y * SIDE + x) * 4);
  return { width: SIDE, height: SIDE, data };
}
