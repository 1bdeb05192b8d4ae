// @ts-check
/**
 * handoff: the open conversation: head, transcript, what is written, context. Who owns it comes from the server.
 *
 * Events: `changed` (owner or epoch changed), `asked` (the customer said something), `answering` (a reply is written; it
 * may still be taken back: `unanswered`), `answered` (somebody replied), `mode`, `closed`, `refused` ({code, text}: it cannot be shown).
 */
import { EntryLog } from "../kit/entry-log.js";
import { newKey } from "../kit/live-socket.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { tick } from "./clock.js";
import { EarlierLines, NEWEST } from "./earlier.js";
import { HeldReplies } from "./held-replies.js";
import { ask, Refused } from "./http.js";

/** @typedef {import("../kit/live-socket.js").LiveSocket} LiveSocket */
/** @typedef {import("../kit/live-socket.js").Frame} Frame */
/** @typedef {import("../kit/chat-thread.js").ChatThread} ChatThread */
/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/**
 * @typedef {Object} Owned
 * @property {string} conversation
 * @property {string} handoff
 * @property {string} state
 * @property {"bot" | "queue" | "agent"} owner
 * @property {{id: string, name: string} | null} agent
 * @property {number} epoch
 * @property {"" | "asked" | "joined"} [guest] whether the signed-in agent is invited into it
 */
/** @typedef {{head: string, context: string, state: Owned, customer: string, language: string}} Shown */
/** @typedef {"reply" | "note"} Mode */

export class Talk extends EventTarget {
  #socket;
  #me;
  #thread;
  #composer;
  #head;
  #context;
  #log = new EntryLog();
  /** @type {Owned | null} */ #owned = null;
  #customer = "";
  /** The customer's; "" while nothing is open. */
  language = "";
  /** @type {Mode} */ #mode = "reply";
  #wanted = "";
  /** All that was there when it was opened has come; what comes from now on is news. */ #whole = false;
  /** The last line that was told to have been read. */ #seen = 0;
  #held;
  #earlier;
  /** While a claim is under way its answer says who won; the socket's news of it would say it twice. */
  claiming = false;
  /** Keys are quicker than the network: what is pressed while a conversation opens is meant for that one. */
  opened = Promise.resolve(true);

  /**
   * @param {LiveSocket} socket
   * @param {{me: {id: string, name: string}, undoSeconds: number, thread: ChatThread, composer: ChatComposer, head: HTMLElement, context: HTMLElement}} parts
   */
  constructor(socket, parts) {
    super();
    this.#socket = socket;
    this.#me = parts.me;
    this.#held = new HeldReplies(parts.undoSeconds, (frame) => this.#leave(frame));
    this.#thread = parts.thread;
    this.#earlier = new EarlierLines(parts.thread);
    this.#composer = parts.composer;
    this.#head = parts.head;
    this.#context = parts.context;
    this.#composer.addEventListener("send", (event) => this.#write(event));
    this.#composer.addEventListener("typing", (event) => {
      if (!this.conversation || !(event instanceof CustomEvent)) return;
      socket.send({ t: "typing", conversation: this.conversation, on: event.detail.on, note: this.#mode === "note" });
    });
    this.#thread.addEventListener("retry", (event) => event instanceof CustomEvent && this.#retry(event.detail.key));
    this.#thread.addEventListener("resend", (event) => event instanceof CustomEvent && void this.#resend(event.detail.seq));
    this.#thread.addEventListener("undo", (event) => event instanceof CustomEvent && this.undo(event.detail.key));
    document.addEventListener("visibilitychange", () => this.see());
    window.addEventListener("pagehide", () => this.#held.releaseAll());
    this.#thread.addEventListener("discard", (event) => {
      if (!(event instanceof CustomEvent)) return;
      socket.forget(event.detail.key);
      this.#thread.removePending(event.detail.key);
    });
  }

  get conversation() {
    return this.#wanted;
  }

  get owned() {
    return this.#owned;
  }

  /** Whether the signed-in agent holds it. */
  get mine() {
    return this.#owned?.agent?.id === this.#me.id;
  }

  /** Whether the signed-in agent is asked into it, or has joined. */
  get guest() {
    return this.#owned?.guest ?? "";
  }

  /** Whether the signed-in agent may write to the customer. */
  get mayReply() {
    return this.mine || (this.guest === "joined" && this.#owned?.owner === "agent");
  }

  get waiting() {
    return this.#owned?.owner === "queue";
  }

  get mode() {
    return this.#mode;
  }

  /** Show a conversation. @param {string} conversation @returns {Promise<boolean>} whether it could be shown */
  open(conversation) {
    if (conversation !== this.#wanted) this.opened = this.#open(conversation);
    return this.opened;
  }

  /** @param {string} conversation */
  async #open(conversation) {
    this.close();
    this.#wanted = conversation;
    this.#context.innerHTML = skeleton();
    try {
      const shown = await ask(`/desk/conversations/${encodeURIComponent(conversation)}`);
      if (conversation !== this.#wanted) return false;
      this.take(shown);
    } catch (error) {
      if (conversation !== this.#wanted) return false;
      this.close();
      const code = error instanceof Refused ? error.code : "fault";
      this.dispatchEvent(new CustomEvent("refused", { detail: { code, text: error instanceof Error ? error.message : String(error) } }));
      return false;
    }
    for (const item of this.#socket.waiting()) this.#pend(item);
    this.setMode("reply");
    this.watch();
    return true;
  }

  /** Take back what has not left yet (the last one where no key is named); it stands in the box again. @param {string} [key] @returns {boolean} */
  undo(key) {
    const frame = this.#held.takeBack(key);
    if (!frame) return false;
    this.#thread.removePending(frame.key);
    if (this.#mode === "note") this.setMode("reply");
    this.#composer.value = [frame.text, this.#composer.value].filter(Boolean).join("\n");
    this.#composer.focus();
    this.dispatchEvent(new Event("unanswered"));
    return true;
  }

  /** Nothing is taken back any more: what comes next, such as resolving, must not overtake a reply. */
  settle() {
    this.#held.releaseAll();
  }

  /** Show nothing. */
  close() {
    this.#held.releaseAll();
    if (this.#wanted) this.#socket.send({ t: "unwatch", conversation: this.#wanted });
    this.#wanted = "";
    this.language = "";
    this.#owned = null;
    this.#whole = false;
    this.#seen = 0;
    this.#earlier.stop();
    this.#log.reset();
    this.#thread.clear();
    this.#head.replaceChildren();
    this.#context.replaceChildren();
    this.dispatchEvent(new Event("closed"));
  }

  /** Ask for what follows the last entry seen; after every connect. Of a long conversation only its end comes. */
  watch() {
    if (!this.#wanted) return;
    const begins = this.#log.last === 0;
    if (begins) this.#log.begin();
    this.#socket.send({ t: "watch", conversation: this.#wanted, after: this.#log.last, newest: begins ? NEWEST : 0 });
  }

  /** Read head and context again: owner, urgency or packet may have changed. */
  async refresh() {
    const conversation = this.#wanted;
    if (!conversation) return;
    try {
      const shown = await ask(`/desk/conversations/${encodeURIComponent(conversation)}`);
      if (conversation === this.#wanted) this.take(shown);
    } catch {
      // The next frame tries again.
    }
  }

  /** @param {Shown} shown */
  take(shown) {
    this.#customer = shown.customer || t("handoff.nameless");
    this.language = shown.language;
    replace(this.#head, shown.head);
    replace(this.#context, shown.context);
    this.#own(shown.state);
  }

  /** A frame of the socket. @param {Frame} frame */
  hear(frame) {
    if (frame.t === "ack") this.#thread.markSent(frame.key);
    if (frame.t === "refused" && frame.key) this.#thread.markFailed(frame.key, frame.text);
    if (!this.#wanted || frame.conversation !== this.#wanted) return;
    if (frame.t === "entries") this.#entries(/** @type {any} */ (frame));
    if (frame.t === "packet") void this.refresh();
    if (frame.t === "deliveries") this.#thread.showDeliveries(/** @type {any} */ (frame));
    if (frame.t === "typing") this.#thread.showTyping({ who: frame.who, on: frame.on, text: frame.text });
    if (frame.t !== "state") return;
    this.#whole = true;
    if (frame.epoch !== this.#owned?.epoch) this.#moved(/** @type {any} */ (frame));
  }

  /** Reply to the customer, or write a note for colleagues. @param {Mode} mode */
  setMode(mode) {
    this.#mode = mode;
    // Each has a draft of its own, so that half a note is never sent as a reply.
    this.#composer.conversation = `desk:${mode}:${this.#wanted}`;
    this.#show();
    this.dispatchEvent(new Event("mode"));
  }

  /** @param {import("../kit/entry-log.js").EntriesFrame} frame */
  #entries(frame) {
    const first = this.#log.last === 0;
    const { fresh, gap } = this.#log.take(frame);
    if (gap) this.watch();
    this.#thread.take(fresh);
    if (first && frame.after) void this.#earlier.fetch(this.#wanted, frame.after + 1);
    // Whatever happened, such as a colleague's coming or going, stands in the head too; a file stands in the context.
    if (this.#whole && fresh.some((entry) => entry.kind === "event" || entry.payload?.file)) void this.refresh();
    if (fresh.some((entry) => entry.kind === "customer")) this.dispatchEvent(new Event("asked"));
    else if (fresh.some((entry) => entry.kind === "agent")) this.dispatchEvent(new Event("answered"));
    this.see();
  }

  /** What is drawn has been read, where the page is before somebody's eyes. Event: `seen`. */
  see() {
    if (!this.#wanted || !this.mine || document.visibilityState !== "visible" || this.#log.last <= this.#seen) return;
    this.#seen = this.#log.last;
    this.#socket.send({ t: "seen", conversation: this.#wanted, upto: this.#seen });
    this.dispatchEvent(new Event("seen"));
  }

  /** @param {Owned} owned */
  #moved(owned) {
    const before = this.#owned;
    const wasMine = this.mine;
    this.#own({ ...owned, guest: before?.guest });
    if (wasMine && owned.owner === "queue") showToast(t("handoff.toast.queued"), "danger");
    if (before?.owner === "queue" && owned.agent && !this.mine && !this.claiming) {
      showToast(t("handoff.toast.taken", { name: owned.agent.name }));
    }
    void this.refresh();
  }

  /** @param {Owned} owned */
  #own(owned) {
    this.#owned = owned;
    tick(this.#head);
    this.#show();
    this.see();
    this.dispatchEvent(new Event("changed"));
  }

  #show() {
    const note = this.#mode === "note";
    const agent = this.#owned?.agent;
    const may = note || this.mayReply;
    this.#composer.disabled = !may;
    this.#composer.placeholder = note ? t("handoff.write.note_here") : t("handoff.write.reply_to", { name: this.#customer });
    this.#composer.classList.toggle("note", note);
    let about = "";
    if (!may && this.waiting) about = t("handoff.write.claim_first");
    else if (!may && agent) about = t("handoff.write.not_yours", { name: agent.name });
    else if (!may && this.#owned) about = t("handoff.write.over");
    const line = document.getElementById("write-about");
    if (line && line.textContent !== about) line.textContent = about;
    document.getElementById("write")?.classList.toggle("note-mode", note);
    for (const button of document.querySelectorAll("button[data-mode]")) {
      button.setAttribute("aria-pressed", String(button instanceof HTMLElement && button.dataset.mode === this.#mode));
    }
  }

  /** @param {Event} event */
  #write(event) {
    if (!(event instanceof CustomEvent) || !this.#owned) return event.preventDefault();
    const note = this.#mode === "note";
    const key = newKey();
    const text = event.detail.text;
    const conversation = this.#wanted;
    // What was sent before is meant by now.
    this.#held.releaseAll();
    this.#thread.addPending({ key, text, kind: note ? "note" : "message", undo: !note && this.#held.seconds > 0 });
    if (note) this.#socket.deliver({ t: "note", key, conversation, text });
    else this.#held.hold({ t: "send", key, conversation, text, epoch: this.#owned.epoch });
    if (!note) this.dispatchEvent(new Event("answering"));
    if (this.#socket.state !== "online") this.#thread.markOffline(true);
  }

  /** @param {import("../kit/live-socket.js").KeyedFrame} frame */
  #leave(frame) {
    this.#thread.markLeft(frame.key);
    this.#socket.deliver(frame);
  }

  /** @param {string} key */
  #retry(key) {
    const item = this.#socket.waiting().find((other) => other.frame.key === key);
    if (!item) return;
    // Written for an epoch that is over; said again by whoever holds the conversation now.
    const frame = item.frame.t === "send" && this.#owned ? { ...item.frame, epoch: this.#owned.epoch } : item.frame;
    this.#thread.removePending(key);
    this.#thread.addPending({ key, text: frame.text, kind: frame.t === "note" ? "note" : "message" });
    this.#socket.deliver(frame);
  }

  /** Once more on its way to the customer. @param {number} seq */
  async #resend(seq) {
    try {
      await ask(`/desk/conversations/${encodeURIComponent(this.#wanted)}/send-again`, { seq });
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
    }
  }

  /** @param {import("../kit/live-socket.js").Waiting} item */
  #pend(item) {
    const { frame, at, failed } = item;
    if (frame.conversation !== this.#wanted) return;
    this.#thread.addPending({ key: frame.key, text: frame.text, at, kind: frame.t === "note" ? "note" : "message" });
    if (failed) this.#thread.markFailed(frame.key, failed);
  }
}

/** Change `box` only where the server's HTML differs from what it drew last. @param {HTMLElement} box @param {string} html */
function replace(box, html) {
  if (drawn.get(box) === html && box.childElementCount) return;
  drawn.set(box, html);
  const focused = document.activeElement;
  const action = focused instanceof HTMLElement && box.contains(focused) ? focused.dataset.action : undefined;
  box.innerHTML = html;
  if (action) {
    const again = box.querySelector(`[data-action="${action}"]`);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }
}

/** @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap();

function skeleton() {
  return `<div class="skeleton wide" aria-hidden="true"></div>${'<div class="skeleton" aria-hidden="true"></div>'.repeat(4)}`;
}
