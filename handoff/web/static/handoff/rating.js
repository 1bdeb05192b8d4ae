// @ts-check
/** handoff: the agent says whether the context of the open conversation was of use. */
import { ask } from "./http.js";

/** @typedef {import("./talk.js").Talk} Talk */

/** @param {HTMLElement} context @param {Talk} talk @param {(work: () => Promise<void>) => Promise<void>} attempt */
export function takeRatings(context, talk, attempt) {
  context.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-rate]") : null;
    if (!(button instanceof HTMLElement)) return;
    const conversation = talk.conversation;
    void attempt(async () => {
      const body = { useful: button.dataset.rate === "yes" };
      const shown = await ask(`/desk/conversations/${encodeURIComponent(conversation)}/rate`, body);
      if (conversation === talk.conversation) talk.take(shown);
    });
  });
}
