/** The reader's token, kept for as long as the tab is open and nowhere else. */
import { effect, signal } from "@preact/signals";

const KEY = "chronology-token";

export const token = signal<string>(kept());

effect(() => {
  const value = token.value;
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing: the token lasts until the page is left
  }
});

function kept(): string {
  try {
    const embedded = new URLSearchParams(location.search).has("embed"); // in somebody else's frame nothing is done for the reader
    return embedded ? "" : (sessionStorage.getItem(KEY) ?? "");
  } catch {
    return "";
  }
}
