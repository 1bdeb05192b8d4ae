// @ts-check
/** bot: the visitor's token. It says who we are and expires; it is made by the server and kept in this browser. */
import { keep, recall } from "../kit/storage.js";

const TOKEN = "desk:visitor";
const RETRY_MS = 2000;

export function token() {
  return recall(TOKEN) ?? "";
}

/** @param {string} fresh */
export function keepToken(fresh) {
  keep(TOKEN, fresh);
}

/** Forget who we were: the server does not know the token any more. */
export function forgetToken() {
  keep(TOKEN, null);
}

/**
 * Make sure there is a token; asks until the server gives one.
 * @param {(ok: boolean) => void} tell whether the last try worked
 */
export async function ensureToken(tell) {
  while (!token()) {
    const fresh = await askForToken();
    tell(Boolean(fresh));
    // Another window of this browser may have been faster; both must be the same visitor.
    if (fresh && !token()) keepToken(fresh);
    else if (!fresh) await new Promise((resolve) => window.setTimeout(resolve, RETRY_MS));
  }
}

/** @returns {Promise<string>} empty when there is no answer */
async function askForToken() {
  try {
    const answer = await fetch("/api/visitor", { method: "POST" });
    return answer.ok ? String((await answer.json()).token ?? "") : "";
  } catch {
    return "";
  }
}
