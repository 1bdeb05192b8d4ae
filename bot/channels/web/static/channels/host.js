// @ts-check
/**
 * bot: the page that shows the widget, as far as the widget talks to it. Only the page that frames us is heard, only
 * from the origin it named itself by, only words we know; it is told when to close and how much is unread.
 *
 * Events: `shown`, `hidden`.
 */

/** A page with an older copy of the loader does not answer; nobody is to wait for it. */
const ANSWER_MS = 1000;

export class Host extends EventTarget {
  /** @type {string | null} */ #origin;
  /** @type {((identity: string) => void) | null} */ #answer = null;
  /** Whether somebody looks at the window. */
  shown = true;

  constructor() {
    super();
    this.#origin = window.parent === window ? null : originOf(new URLSearchParams(window.location.search).get("host"));
    if (this.#origin === null) return;
    this.shown = false;
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== this.#origin) return;
      const said = event.data;
      if (typeof said !== "object" || said === null) return;
      if (said.desk === "identity" && typeof said.identity === "string") this.#answer?.(said.identity);
      if (!["shown", "hidden"].includes(said.desk)) return;
      this.shown = said.desk === "shown";
      this.dispatchEvent(new Event(said.desk));
    });
  }

  /** Whether a page frames us that takes our messages. */
  get present() {
    return this.#origin !== null;
  }

  /**
   * Who is signed in at the page, as its server signed it; empty where nobody is, or where the page does not say.
   * @returns {Promise<string>}
   */
  identity() {
    if (!this.present) return Promise.resolve("");
    return new Promise((resolve) => {
      const patience = window.setTimeout(() => resolve(""), ANSWER_MS);
      this.#answer = (identity) => {
        window.clearTimeout(patience);
        resolve(identity);
      };
      this.tell({ desk: "who" });
    });
  }

  /** @param {{desk: string} & Record<string, string | number>} message */
  tell(message) {
    if (this.#origin !== null) window.parent.postMessage(message, this.#origin);
  }
}

/** @param {string | null} named @returns {string | null} null unless it is an origin and nothing else */
function originOf(named) {
  try {
    const origin = new URL(named ?? "").origin;
    return origin === named && /^https?:/.test(origin) ? origin : null;
  } catch {
    return null;
  }
}
