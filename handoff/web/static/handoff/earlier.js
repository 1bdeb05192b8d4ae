// @ts-check
/**
 * handoff: what was said before the newest lines of a conversation. Those are shown at once; the rest comes part by part
 * while the page has nothing else to do, so that scrolling, the keys and the browser's own search find all of it.
 */
import { ask } from "./http.js";

/** @typedef {import("../kit/chat-thread.js").ChatThread} ChatThread */

/** Lines that are shown at once; more than any screen holds. */
export const NEWEST = 60;
/** A page that is never idle fetches a part all the same, after so many milliseconds. */
const PATIENCE_MS = 1000;

export class EarlierLines {
  #thread;
  /** Names the conversation under way; another one, or none, ends it. */ #under = {};

  /** @param {ChatThread} thread */
  constructor(thread) {
    this.#thread = thread;
  }

  /** Fetch what stands before `seq` and put it above. @param {string} conversation @param {number} seq */
  async fetch(conversation, seq) {
    const under = (this.#under = {});
    let before = seq;
    while (before > 1) {
      await idle();
      if (under !== this.#under) return;
      const path = `/desk/conversations/${encodeURIComponent(conversation)}/lines?before=${before}`;
      const part = await ask(path).catch(() => null);
      if (under !== this.#under) return;
      // The connection is gone: whoever asks when it is back begins where this stopped.
      if (!part) return this.#thread.markEarlier(() => void this.fetch(conversation, before));
      this.#thread.takeEarlier(part.entries);
      before = part.after + 1;
    }
  }

  /** Another conversation is shown, or none. */
  stop() {
    this.#under = {};
  }
}

/** @returns {Promise<void>} when the page has nothing else to do */
function idle() {
  return new Promise((resolve) => {
    // Safari has no requestIdleCallback.
    if ("requestIdleCallback" in window) window.requestIdleCallback(() => resolve(), { timeout: PATIENCE_MS });
    else setTimeout(resolve, 50);
  });
}
