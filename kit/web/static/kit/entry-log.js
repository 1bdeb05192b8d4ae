// @ts-check
/**
 * kit: what one window knows of one conversation's numbered entries: the last one it has, and whether one is missing.
 *
 * @typedef {Object} Entry
 * @property {number} seq
 * @property {"customer" | "bot" | "agent" | "note" | "event"} kind
 * @property {string} key
 * @property {string} text
 * @property {string} [html]      sanitised by the server; only bot answers have it
 * @property {string} language    `zh` or `en`
 * @property {string} author
 * @property {string} at          ISO time
 * @property {Record<string, any>} payload
 *
 * @typedef {Object} EntriesFrame
 * @property {Entry[]} entries    ascending
 * @property {number} [after]     the frame holds everything this reader may see with after < seq <= upto;
 * @property {number} [upto]      numbers missing inside are entries the reader may not see (internal notes)
 */

export class EntryLog {
  /** The last number seen; named in `hello` and `watch`. */
  last = 0;
  #askedFrom = -1;

  /**
   * The entries of `frame` that are new here. `gap`: something before them was missed, so nothing is taken and the
   * window must say hello again, once; what comes in answer to that is taken as it is.
   * @param {EntriesFrame} frame
   * @returns {{fresh: Entry[], gap: boolean}}
   */
  take(frame) {
    const entries = frame.entries;
    const first = entries[0];
    const after = frame.after ?? (first ? first.seq - 1 : this.last);
    if (after > this.last && this.#askedFrom !== this.last) {
      this.#askedFrom = this.last;
      return { fresh: [], gap: true };
    }
    const fresh = entries.filter((entry) => entry.seq > this.last);
    this.last = Math.max(this.last, frame.upto ?? 0, ...entries.map((entry) => entry.seq));
    return { fresh, gap: false };
  }

  /** The next frame may begin anywhere: only the end of a long conversation was asked for. */
  begin() {
    this.#askedFrom = this.last;
  }

  /** Forget everything: another conversation. */
  reset() {
    this.last = 0;
    this.#askedFrom = -1;
  }
}
