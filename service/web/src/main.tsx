/** The page starts here. */
import { effect } from "@preact/signals";
import { render } from "preact";

import { followAddress, readAddress } from "~/address/address";
import { App } from "~/app";
import { extent } from "~/clocks/stops";
import { followDifferences } from "~/differences/differences";
import { listenToKeys } from "~/keyboard";
import { head, known, load, readReports, reports, allReports } from "~/known";
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

await Promise.all([readPage(), load()]);
if (!told && allReports.peek().length) at.value = extent.peek().to;
render(<App />, document.getElementById("app")!);
document.getElementById("app")!.removeAttribute("aria-busy");

followAddress();
follow();
followAnswers();
followDifferences();
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
  timer = window.setTimeout(async () => {
    stop = new AbortController();
    try {
      reports.value = await readReports(Math.min(position, head.peek()), stop.signal);
    } catch {
      // the next step of the clock asks again
    }
  }, 80);
});
