// @ts-check
/**
 * kit: one live connection that mends itself. Frames are JSON objects with a type `t` (docs/protocol.md).
 *
 * What must arrive goes through `deliver`: it is kept in localStorage under its key until the server acknowledges it,
 * and sent again after every reconnect and reload; the server stores a key once, so again does no harm.
 *
 * Events: `frame` (detail: the frame), `state` (detail: "connecting" | "online" | "offline" | "refused"),
 * `pending` (what waits for an answer has changed).
 */
import { keep, recall } from "./storage.js";

/**
 * @typedef {{t: string} & Record<string, any>} Frame
 * @typedef {{t: string, key: string} & Record<string, any>} KeyedFrame
 * @typedef {{frame: KeyedFrame, at: string, failed?: string}} Waiting
 *   `failed`: the server refused it for this reason; it is not sent again unless a person says so
 * @typedef {"connecting" | "online" | "offline" | "refused"} State
 * @typedef {Pick<WebSocket, "readyState" | "send" | "close" | "addEventListener">} Line
 * @typedef {Object} Options
 * @property {string} path                 such as `/ws/visitor`
 * @property {() => Frame} hello           made anew for each connection: names token and last number seen
 * @property {string} store                localStorage key of the waiting sends
 * @property {number} [heartbeat]           milliseconds between signs of life, 10,000 where nothing is said
 * @property {string[]} [welcome]          types of frames that mean the server knows us; default `ready`
 * @property {() => Line} [fallback]       another line with the same frames, for networks that let no socket through
 */

const HEARTBEAT_MS = 10_000;
const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 15_000;
/** So many connections in a row that ended before a welcome, and the other line is tried. */
const BLOCKED_AFTER = 2;
/** Close codes that trying again cannot mend: no right to be here, session over. */
const FINAL_CODES = new Set([1008, 4401, 4403]);

/** A key for one send: 128 random bits. `crypto.randomUUID` is missing on plain http addresses. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class LiveSocket extends EventTarget {
  /** @type {Options} */ #options;
  /** @type {Line | null} */ #socket = null;
  /** @type {State} */ #state = "connecting";
  /** @type {number | undefined} */ #retry;
  #tries = 0;
  /** Sockets in a row that never got a welcome while the browser was online. */
  #blocked = 0;
  #stopped = true;
  #unanswered = false;
  /** @type {Worker | null} */ #worker = null;
  /** @type {number | undefined} */ #timer;

  /** @param {Options} options */
  constructor(options) {
    super();
    this.#options = options;
  }

  get state() {
    return this.#state;
  }

  /** Connect, and stay connected until `stop`. */
  start() {
    if (!this.#stopped) return;
    this.#stopped = false;
    window.addEventListener("online", this.#now);
    window.addEventListener("offline", this.#lost);
    window.addEventListener("pageshow", this.#now);
    document.addEventListener("visibilitychange", this.#now);
    this.#startHeartbeat();
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    window.removeEventListener("online", this.#now);
    window.removeEventListener("offline", this.#lost);
    window.removeEventListener("pageshow", this.#now);
    document.removeEventListener("visibilitychange", this.#now);
    this.#worker?.terminate();
    this.#worker = null;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Try again at once, after `refused` too (a person pressed the button). */
  reconnect() {
    if (this.#stopped) return;
    clearTimeout(this.#retry);
    this.#tries = 0;
    this.#connect();
  }

  /** Say hello again on the open connection: an entry was missed. */
  hello() {
    this.#write(this.#options.hello());
  }

  /**
   * Send now or not at all: typing, watching.
   * @param {Frame} frame
   * @returns {boolean} whether it left
   */
  send(frame) {
    return this.#state === "online" && this.#write(frame);
  }

  /**
   * Send and keep until the server acknowledges `frame.key`.
   * @param {KeyedFrame} frame
   */
  deliver(frame) {
    const waiting = this.waiting().filter((item) => item.frame.key !== frame.key);
    this.#keep([...waiting, { frame, at: new Date().toISOString() }]);
    this.send(frame);
  }

  /** What was sent and not answered yet, oldest first. @returns {Waiting[]} */
  waiting() {
    try {
      const kept = JSON.parse(recall(this.#options.store) ?? "[]");
      return Array.isArray(kept) ? kept.filter((item) => item?.frame?.key) : [];
    } catch {
      return [];
    }
  }

  /** Give up a send. @param {string} key */
  forget(key) {
    this.#keep(this.waiting().filter((item) => item.frame.key !== key));
  }

  /** Send a refused one again, under its old key. @param {string} key */
  retry(key) {
    const item = this.waiting().find((other) => other.frame.key === key);
    if (item) this.deliver(item.frame);
  }

  /** @param {Waiting[]} waiting */
  #keep(waiting) {
    keep(this.#options.store, waiting.length ? JSON.stringify(waiting) : null);
    this.dispatchEvent(new CustomEvent("pending"));
  }

  #connect() {
    if (this.#stopped) return;
    this.#drop();
    this.#become("connecting");
    const socket = this.#open();
    this.#socket = socket;
    socket.addEventListener("open", () => this.hello());
    socket.addEventListener("message", (event) => this.#heard(event.data));
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#closed(event.code);
    });
  }

  /** A socket; the other line where sockets end before anybody said welcome. @returns {Line} */
  #open() {
    const { fallback, path } = this.#options;
    if (fallback && this.#blocked >= BLOCKED_AFTER) {
      // When this line breaks a socket is tried first: the network may have changed.
      this.#blocked = BLOCKED_AFTER - 1;
      return fallback();
    }
    if (navigator.onLine) this.#blocked += 1;
    const address = new URL(path, window.location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(address);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** @param {number} code */
  #closed(code) {
    this.#socket = null;
    if (this.#stopped) return;
    if (FINAL_CODES.has(code)) {
      this.#become("refused");
      return;
    }
    this.#become("offline");
    const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#tries);
    this.#tries += 1;
    // Jitter: after a restart of the server not everybody may knock in the same moment.
    clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#connect(), pause * (0.5 + Math.random() / 2));
  }

  /** @param {unknown} data */
  #heard(data) {
    this.#unanswered = false;
    /** @type {Frame} */
    let frame;
    try {
      frame = JSON.parse(String(data));
    } catch {
      return;
    }
    if (frame.t === "pong") return;
    if (frame.t === "ack" && frame.key) this.forget(frame.key);
    if (frame.t === "refused" && frame.key) this.#refused(frame);
    const welcome = (this.#options.welcome ?? ["ready"]).includes(frame.t) && this.#state !== "online";
    if (welcome) {
      this.#tries = 0;
      if (this.#socket instanceof WebSocket) this.#blocked = 0;
      this.#become("online");
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
    if (welcome) {
      for (const item of this.waiting()) if (!item.failed) this.#write(item.frame);
    }
  }

  /** @param {Frame} frame */
  #refused(frame) {
    const waiting = this.waiting();
    for (const item of waiting) if (item.frame.key === frame.key) item.failed = frame.text || frame.code;
    this.#keep(waiting);
  }

  /** @param {Frame} frame */
  #write(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  #startHeartbeat() {
    try {
      this.#worker = new Worker(new URL("./heartbeat.js", import.meta.url));
      this.#worker.addEventListener("message", this.#beat);
      this.#worker.postMessage(this.#options.heartbeat ?? HEARTBEAT_MS);
    } catch {
      this.#timer = window.setInterval(this.#beat, this.#options.heartbeat ?? HEARTBEAT_MS);
    }
  }

  #beat = () => {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (this.#unanswered) {
      // A whole beat without an answer: the connection is dead, though nobody said so.
      this.#drop();
      this.#closed(1006);
      return;
    }
    this.#unanswered = true;
    this.#write({ t: "ping" });
  };

  #now = () => {
    if (document.visibilityState === "hidden" || this.#state === "refused") return;
    if (this.#socket?.readyState === WebSocket.OPEN || this.#socket?.readyState === WebSocket.CONNECTING) return;
    this.reconnect();
  };

  #lost = () => {
    if (this.#socket) {
      this.#drop();
      this.#closed(1006);
    }
  };
}
