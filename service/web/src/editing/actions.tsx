/** What can be done to a report, for whoever has a token: correct it, grade it, retract it. */
import { CREDIBILITIES, type Credibility, type Report } from "~/service/shapes";
import { say } from "~/words/words";
import { correct } from "./draft";
import { type Judgement, judgementOf, toggle } from "./judgements";
import { Told } from "./outcome";
import { send } from "./sending";
import { submitting } from "./submitting";
import { token } from "./token";

export function Actions({ report }: { report: Report }) {
  if (!token.value || report.retracted) return null;
  const judgement = judgementOf(report);
  return (
    <div class="actions">
      <button type="button" class="link" onClick={() => correct(report)}>
        {say("correct")}
      </button>
      {(["assess", "retract"] as const).map((what) => (
        <button
          key={what}
          type="button"
          class="link"
          aria-expanded={judgement?.what === what}
          onClick={() => toggle(report, what)}
        >
          {say(what)}
        </button>
      ))}
      {judgement && <Judging key={judgement.what} report={report} judgement={judgement} />}
    </div>
  );
}

function Judging({ report, judgement }: { report: Report; judgement: Judgement }) {
  const { what, read, reason, grade, told } = judgement;
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
