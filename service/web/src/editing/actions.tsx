/** What can be done to a report, for whoever has a token: correct it, grade it, retract it. */
import { useSignal } from "@preact/signals";

import { CREDIBILITIES, type Credibility, type Report } from "~/service/shapes";
import { say } from "~/words/words";
import { correct } from "./draft";
import { Told } from "./outcome";
import { type Outcome, type Receipt, send } from "./sending";
import { token } from "./token";
import { submitting } from "./submitting";

export function Actions({ report }: { report: Report }) {
  const open = useSignal<"assess" | "retract" | null>(null);
  if (!token.value || report.retracted) return null;
  const toggle = (what: "assess" | "retract") => () => (open.value = open.value === what ? null : what);
  return (
    <div class="actions">
      <button type="button" class="link" onClick={() => correct(report)}>
        {say("correct")}
      </button>
      <button type="button" class="link" aria-expanded={open.value === "assess"} onClick={toggle("assess")}>
        {say("assess")}
      </button>
      <button type="button" class="link" aria-expanded={open.value === "retract"} onClick={toggle("retract")}>
        {say("retract")}
      </button>
      {open.value && <Judging key={open.value} report={report} what={open.value} />}
    </div>
  );
}

function Judging({ report, what }: { report: Report; what: "assess" | "retract" }) {
  const reason = useSignal("");
  const grade = useSignal<Credibility>(report.credibility);
  const told = useSignal<Outcome<Receipt> | null>(null);
  /** The version that was read when this was opened: what comes later is somebody else's. */
  const read = useSignal(report.version).peek();
  const path = `v1/reports/${encodeURIComponent(report.id)}/${what === "assess" ? "assessments" : "retraction"}`;
  const submit = async (version = read) => {
    const body = { reason: reason.value, ...(what === "assess" && { credibility: grade.value }) };
    told.value = await send(path, body, { id: report.id, version });
  };
  return (
    <form class="form" onSubmit={submitting(() => submit())}>
      {what === "assess" && (
        <label>
          {say("credibility")}
          <select value={grade.value} onChange={(event) => (grade.value = event.currentTarget.value as Credibility)}>
            {CREDIBILITIES.map((each) => (
              <option key={each} value={each}>
                {say(each)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {say("reason")}
        <input
          required
          dir="auto"
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="main">
        {say(what)}
      </button>
      <Told outcome={told.value} again={(version) => void submit(version)} />
    </form>
  );
}
