/** The page starts here. */
import { effect } from "@preact/signals";
import { render } from "preact";

import { followAddress, readAddress } from "~/address/address";
import { App } from "~/app";
import { followFilters } from "~/chronology/matching";
import { extent } from "~/clocks/stops";
import { followDifferences } from "~/differences/differences";
import { listenToKeys } from "~/keyboard";
import { allReports, head, known, listing, loadRegistries, loadReports, reports, reportsAt } from "~/known";
import { at, knownAt } from "~/reader";
import { followLog } from "~/service/feed";
import { readPage } from "~/service/page";
import { follow } from "~/spans/sheets";
import { dark } from "~/theme";
import { followAnswers } from "~/why/answers";
import { direction, language, say } from "~/words/words";
import "./style.css";

const told = readAddress(location.search);

effect(() => {
  const root = document.documentElement;
  root.lang = language.value;
  root.dir = direction.value;
  root.dataset["theme"] = dark.value ? "dark" : "light";
  document.title = `${say("title")}: ${say("tagline")}`;
});

/** So long the page waits for the list of reports; of very many, it comes when the map is there. */
const PATIENCE = 1500;
const reportsCome = loadReports();
await Promise.all([readPage(), loadRegistries(), Promise.race([reportsCome, pause(PATIENCE)])]);
const first = at.peek();
const begin = () => {
  if (!told && at.peek() === first && allReports.peek().length) at.value = extent.peek().to;
};
begin();
if (listing.peek()) void reportsCome.then(begin);
render(<App />, document.getElementById("app")!);
document.getElementById("app")!.removeAttribute("aria-busy");

followAddress();
follow();
followAnswers();
followDifferences();
followFilters();
listenToKeys();
void followLog();

/** The reports are those that were known. */
let stop = new AbortController();
let timer = 0;
effect(() => {
  const [position, newest] = [known.value, allReports.value];
  clearTimeout(timer);
  stop.abort();
  if (knownAt.value === null) {
    reports.value = newest;
    return;
  }
  reports.value = newest.filter((each) => each.filed.position <= position); // at once; what was corrected since comes right below
  if (!reports.value.some((each) => each.version > 1)) return;
  timer = window.setTimeout(async () => {
    stop = new AbortController();
    try {
      reports.value = await reportsAt(Math.min(position, head.peek()), stop.signal);
    } catch {
      // the next step of the clock asks again
    }
  }, 80);
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
