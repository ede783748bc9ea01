/** What is said where there is nothing to see: nothing there, not allowed, not reached. */
import { load } from "~/known";
import { TokenForm } from "~/editing/token-form";
import type { Problem } from "~/service/shapes";
import { say } from "~/words/words";

export function Empty() {
  return (
    <div class="notice">
      <strong>{say("empty")}</strong>
      <p>{say("emptyHow")}</p>
    </div>
  );
}

export function Failed({ problem }: { problem: Problem }) {
  if (problem.status === 401 || problem.status === 403)
    return (
      <div class="notice" role="alert">
        <strong>{say("privateStore")}</strong>
        <TokenForm done={() => void load()} />
      </div>
    );
  return (
    <div class="notice" role="alert">
      <strong>{say("failed")}</strong>
      <p>{problem.status === 0 ? say("offline") : problem.detail}</p>
      <button type="button" onClick={() => void load()}>
        {say("retry")}
      </button>
    </div>
  );
}
