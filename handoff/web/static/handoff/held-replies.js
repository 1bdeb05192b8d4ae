// @ts-check
/** handoff: replies that were sent but have not left yet, so that they can be taken back. Nothing held is ever dropped. */

/** @typedef {import("../kit/live-socket.js").KeyedFrame} KeyedFrame */

export class HeldReplies {
  #leave;
  /** @type {Map<string, {frame: KeyedFrame, timer: number}>} oldest first */ #held = new Map();

  /** @param {number} seconds 0: everything leaves at once @param {(frame: KeyedFrame) => void} leave */
  constructor(seconds, leave) {
    this.seconds = seconds;
    this.#leave = leave;
  }

  /** @param {KeyedFrame} frame */
  hold(frame) {
    if (!this.seconds) return this.#leave(frame);
    const timer = window.setTimeout(() => this.#release(frame.key), this.seconds * 1000);
    this.#held.set(frame.key, { frame, timer });
  }

  /** Let everything go, in order: the page closes, or the writer has gone on. */
  releaseAll() {
    for (const key of [...this.#held.keys()]) this.#release(key);
  }

  /** @param {string} [key] the newest where none is named @returns {KeyedFrame | undefined} what will not leave */
  takeBack(key = [...this.#held.keys()].at(-1)) {
    const item = key ? this.#held.get(key) : undefined;
    if (!item) return undefined;
    window.clearTimeout(item.timer);
    this.#held.delete(item.frame.key);
    return item.frame;
  }

  /** @param {string} key */
  #release(key) {
    const frame = this.takeBack(key);
    if (frame) this.#leave(frame);
  }
}
