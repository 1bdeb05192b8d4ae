// @ts-check
/**
 * bot: the visitor's line over plain HTTP, for networks that let no WebSocket through. Looks like a socket to
 * `live-socket.js` and speaks the same frames with the same entry numbers; news come by long polling.
 */

/**
 * @typedef {{t: string} & Record<string, any>} Frame
 */

/** Seconds the server may hold an answer back until there is news. */
const WAIT_SECONDS = 20;

export class VisitorLine extends EventTarget {
  /** @type {0 | 1 | 2 | 3} */ readyState = WebSocket.CONNECTING;
  #token = "";
  #language = "";
  #after = 0;
  #state = "";
  #polling = false;
  #stop = new AbortController();

  constructor() {
    super();
    // As a socket does: not before whoever made it could listen.
    queueMicrotask(() => {
      if (this.readyState !== WebSocket.CONNECTING) return;
      this.readyState = WebSocket.OPEN;
      this.dispatchEvent(new Event("open"));
    });
  }

  /** @param {string} data one frame as JSON */
  send(data) {
    const frame = /** @type {Frame} */ (JSON.parse(data));
    if (frame.t === "hello") void this.#hello(frame);
    else if (frame.t === "send" || frame.t === "press") void this.#say(frame);
    // A `seen` frame goes unsaid: whoever asks for what follows has what came before.
    else if (frame.t === "ping") this.#tell({ t: "pong" });
  }

  close() {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.#stop.abort();
  }

  /** @param {Frame} frame */
  async #hello(frame) {
    this.#token = frame.token;
    this.#language = frame.language;
    const said = { language: this.#language, ...(frame.identity ? { identity: frame.identity } : {}) };
    const home = await this.#ask("POST", "/api/conversation", said);
    if (!home) return;
    if (home.identity_refused) this.#tell({ t: "refused", code: "identity_refused" });
    this.#after = frame.after;
    this.#state = JSON.stringify(home.state);
    const { conversation, seq, state, token } = home;
    if (token) this.#token = token;
    this.#tell({ t: "ready", conversation, seq, state, ...(token ? { token } : {}) });
    if (!this.#polling) void this.#poll();
  }

  /** @param {Frame} frame */
  async #say({ t, ...body }) {
    const stored = await this.#ask("POST", "/api/messages", { ...body, language: this.#language }, body.key);
    if (stored) this.#tell({ t: "ack", key: body.key, seq: stored.seq });
  }

  async #poll() {
    this.#polling = true;
    let wait = 0;
    while (this.readyState === WebSocket.OPEN) {
      const asked = this.#after;
      const news = await this.#ask("GET", `/api/conversation?after=${asked}&wait=${wait}`);
      if (!news) break;
      // A hello in between begins again from another number: what was asked before it says nothing now.
      if (asked === this.#after) this.#show(news);
      wait = this.#after < news.seq ? 0 : WAIT_SECONDS;
    }
    this.#polling = false;
  }

  /** @param {Frame} news */
  #show(news) {
    const { after, upto, entries, state } = news;
    if (upto > after) {
      this.#after = upto;
      this.#tell({ t: "entries", after, upto, entries });
    }
    if (JSON.stringify(state) !== this.#state) {
      this.#state = JSON.stringify(state);
      this.#tell({ t: "state", ...state });
    }
  }

  /**
   * The answer; null when there is none or it was a refusal, both of which are told as a socket would.
   * @param {string} method @param {string} path @param {object} [body] @param {string} [key] of the message it is about
   * @returns {Promise<any>}
   */
  async #ask(method, path, body, key) {
    try {
      const headers = { Authorization: `Bearer ${this.#token}` };
      const answer = await fetch(path, { method, headers, signal: this.#stop.signal, body: body && JSON.stringify(body) });
      if (answer.ok) return await answer.json();
      if (answer.status >= 500) throw new Error(String(answer.status));
      const { error } = await answer.json();
      this.#tell({ t: "refused", ...error, ...(key ? { key } : {}) });
    } catch {
      this.#lose();
    }
    return null;
  }

  #lose() {
    if (this.readyState === WebSocket.CLOSED) return;
    this.close();
    this.dispatchEvent(new CloseEvent("close", { code: 1006 }));
  }

  /** @param {Frame} frame */
  #tell(frame) {
    if (this.readyState === WebSocket.OPEN) {
      this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
    }
  }
}
