/** Giving the page a token. */
import { useSignal } from "@preact/signals";

import { say } from "~/words/words";
import { token } from "./token";

export function TokenForm({ done }: { done?: () => void }) {
  const text = useSignal("");
  if (token.value && !done)
    return (
      <button type="button" onClick={() => (token.value = "")}>
        {say("signOut")}
      </button>
    );
  return (
    <form
      class="token"
      onSubmit={(event) => {
        event.preventDefault();
        token.value = text.value.trim();
        done?.();
      }}
    >
      <label>
        {say("token")}
        <input type="password" autocomplete="off" dir="ltr" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <p class="quiet">{say("tokenHint")}</p>
      <button type="submit" disabled={!text.value.trim()}>
        {say("signIn")}
      </button>
    </form>
  );
}
