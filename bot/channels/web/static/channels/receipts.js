// @ts-check
/** bot: tells the desk how far this window is: what it has, and whether somebody looks at it. Gathered for a moment. */

/** @typedef {import("../kit/live-socket.js").LiveSocket} LiveSocket */
/** @typedef {import("./host.js").Host} Host */

const GATHER_MS = 400;

export class Receipts {
  #socket;
  #host;
  #last;
  #told = "";
  /** Whether a person has written here: only then somebody wonders. */ #awaited = false;
  /** @type {number | undefined} */ #timer;

  /** @param {LiveSocket} socket @param {Host} host @param {() => number} last the last entry's number */
  constructor(socket, host, last) {
    this.#socket = socket;
    this.#host = host;
    this.#last = last;
    host.addEventListener("shown", () => this.#tell());
    document.addEventListener("visibilitychange", () => this.#tell());
  }

  /** A representative's message came. */
  came() {
    this.#awaited = true;
    this.#tell();
  }

  #tell() {
    if (!this.#awaited) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#send(), GATHER_MS);
  }

  #send() {
    const read = this.#host.shown && !document.hidden;
    const upto = this.#last();
    const said = `${upto} ${read}`;
    if (!upto || said === this.#told || this.#socket.state !== "online") return;
    this.#told = said;
    this.#socket.send({ t: "seen", upto, read });
  }
}
