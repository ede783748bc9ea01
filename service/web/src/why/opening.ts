/** Opening the answer about a place. */
import { flyTo, keepInSight } from "~/map/camera";
import { place } from "~/reader";

/** What had the focus before the panel was opened; it gets it back. */
let before: Element | null = null;

export function openPlace(id: string, fly = false): void {
  if (!place.peek()) before = document.activeElement;
  place.value = id;
  if (fly) flyTo(id);
  else keepInSight(id);
}

export function closePlace(): void {
  place.value = null;
  if (before instanceof HTMLElement && before.isConnected) before.focus();
}
