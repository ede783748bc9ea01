/** Giving the page a token. */
import { useSignal } from "@preact/signals";

import { get, Refusal } from "~/service/client";
import { say } from "~/words/words";
import { token } from "./token";
import { submitting } from "./submitting";

export function TokenForm({ done }: { done?: () => void }) {
  const text = useSignal("");
  const refused = useSignal<string | null>(null);
  /** A token that is not taken would keep the reader from what needs none. */
  const use = async () => {
    const before = token.peek();
    token.value = text.value.trim();
    try {
      await get("v1/reports", { limit: 1 });
      done?.();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      token.value = before;
      refused.value = error.status === 0 ? say("offline") : error.problem.detail;
    }
  };
  if (token.value && !done)
    return (
      <button type="button" onClick={() => (token.value = "")}>
        {say("signOut")}
      </button>
    );
  return (
    <form class="token" onSubmit={submitting(() => use())}>
      <label>
        {say("token")}
        <input
          type="password"
          autocomplete="off"
          dir="ltr"
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </label>
      <p class="quiet">{say("tokenHint")}</p>
      {refused.value && (
        <p class="wrong" role="alert">
          {refused.value}
        </p>
      )}
      <button type="submit" disabled={!text.value.trim()}>
        {say("signIn")}
      </button>
    </form>
  );
}
