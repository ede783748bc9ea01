/** What the service says of itself to the page: its zone, its version, an address of tiles if one was set. */
import { signal } from "@preact/signals";

import { serviceZone } from "~/reader";
import { get } from "./client";

export const tiles = signal<string | null>(null);
export const version = signal("");

export async function readPage(): Promise<void> {
  try {
    const found = await get<{ zone: string; tiles: string | null; version: string }>("page.json");
    serviceZone.value = found.zone;
    tiles.value = found.tiles;
    version.value = found.version;
  } catch {
    // the page works without it, in UTC
  }
}
