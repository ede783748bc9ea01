/** What came of a change, in words: every fault at its place, or what somebody else changed meanwhile. */
import type { Report } from "~/service/shapes";
import { number, say } from "~/words/words";
import type { Outcome, Receipt } from "./sending";

export function Told({
  outcome,
  again,
  yours,
}: {
  outcome: Outcome<Receipt> | null;
  again: (version: number) => void;
  yours?: { text: string; occurred: string };
}) {
  if (!outcome) return null;
  if (outcome.done)
    return (
      <p class="notice good" role="status">
        {say("filedAs", { id: outcome.done.id, n: number(outcome.done.position) })}
      </p>
    );
  if (outcome.theirs)
    return <Overtaken theirs={outcome.theirs} again={again} yours={yours} detail={outcome.problem!.detail} />;
  const { detail, errors, status } = outcome.problem!;
  return (
    <div class="notice" role="alert">
      <strong>{status === 409 ? say("conflictTaken") : say("failed")}</strong>
      {errors ? (
        <ul>
          {errors.map((each) => (
            <li key={each.pointer}>
              <code dir="ltr">{each.pointer}</code> {each.detail}
            </li>
          ))}
        </ul>
      ) : (
        <p>{status === 0 ? say("offline") : detail}</p>
      )}
    </div>
  );
}

function Overtaken({
  theirs,
  again,
  yours,
  detail,
}: {
  theirs: Report;
  again: (version: number) => void;
  yours?: { text: string; occurred: string } | undefined;
  detail: string;
}) {
  return (
    <div class="notice" role="alert">
      <strong>{say("conflict")}</strong>
      <p>{say("conflictChanged")}</p>
      <p class="quiet">{detail}</p>
      <dl>
        <dt>{say("theirs")}</dt>
        <dd dir="auto">
          {theirs.text} <small>({theirs.occurred})</small>{" "}
          <span class={`grade ${theirs.credibility}`}>{say(theirs.credibility)}</span>
          {theirs.retracted && (
            <span class="grade retracted">{say("retracted", { reason: theirs.retracted.reason })}</span>
          )}
        </dd>
        {yours && (
          <>
            <dt>{say("yours")}</dt>
            <dd dir="auto">
              {yours.text} <small>({yours.occurred})</small>
            </dd>
          </>
        )}
      </dl>
      {!theirs.retracted && (
        <button type="button" onClick={() => again(theirs.version)}>
          {say("sendAnyway")}
        </button>
      )}
    </div>
  );
}
