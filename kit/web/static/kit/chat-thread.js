// @ts-check
/**
 * kit: `<chat-thread>`, a conversation as people see it. Draws entries by their number; decides nothing.
 *
 * Attribute `perspective`: `customer` (the widget) or `agent` (the console): whose own words stand on the right.
 * Attribute `explain` (optional): what the addresses begin with under which replies of the bot are explained.
 * Attribute `translates` (optional): customers' words in another language than the reader's have a button (`translate`).
 * Property `files`: where the file of an entry is (`entry-file.js`); without it files are only named.
 * Methods: `take(entries)`, `addPending`, `markSent`, `markFailed`, `removePending`, `showTyping`, `clear`.
 * `takeEarlier(entries)`, `markEarlier(again)`: what stands before all that is drawn, or could not be fetched.
 * `showDeliveries(deliveries)`: what became of the agents' messages (`entry-delivery.js`), in the console.
 * Events: `resend` (detail {seq}), `choose` (detail {seq, choice, label}), `retry`, `discard` and `undo` (detail {key}), `translate` (detail {seq, item}).
 */
import { bubble, day, entryMeta, eventLine, time } from "./entry-view.js";
import { deliveryOf, showDelivery } from "./entry-delivery.js";
import { attachedLinks } from "./entry-attached.js";
import { fileCard } from "./entry-file.js";
import { drawChoices, endEarlier, markChosen, WaysOut } from "./entry-choices.js";
import { ReadingPlace } from "./reading-place.js";
import { t } from "./texts.js";

/** @typedef {import("./entry-log.js").Entry} Entry */

const TYPING_MS = 8000;

export class ChatThread extends HTMLElement {
  #scroller = document.createElement("div");
  #log = document.createElement("div");
  #pendings = document.createElement("div");
  #typing = document.createElement("p");
  #empty = document.createElement("p");
  /** @type {HTMLElement | null} */ #earlier = null;
  /** @type {Map<number, HTMLElement>} */ #bySeq = new Map();
  /** @type {Map<string, HTMLElement>} */ #pending = new Map();
  /** @type {Set<string>} */ #keys = new Set();
  /** @type {Map<number, string>} the choice that was pressed under an entry, drawn or not */ #picked = new Map();
  /** @type {import("./entry-delivery.js").Deliveries | null} */ #deliveries = null;
  /** The newest entry that was drawn when these were told; of later ones nothing is known yet. */ #toldUpto = 0;
  /** @type {number | undefined} */ #typingEnd;
  #waysOut = new WaysOut();
  #place = new ReadingPlace(this.#scroller);
  /** @type {import("./entry-file.js").Address | null} */ files = null;
  #built = false;

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    this.#scroller.className = "thread-scroller";
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute("aria-label", t("chat.log"));
    this.#scroller.setAttribute("role", "region");
    this.#log.className = "thread-log";
    this.#log.setAttribute("role", "log");
    this.#log.setAttribute("aria-live", "polite");
    this.#log.setAttribute("aria-label", t("chat.log"));
    this.#pendings.className = "thread-pending";
    this.#typing.className = "thread-typing meta";
    this.#typing.hidden = true;
    this.#empty.className = "thread-empty muted";
    this.#empty.textContent = t("chat.empty");
    this.#scroller.append(this.#empty, this.#log, this.#pendings, this.#typing);
    this.append(this.#scroller, this.#place.pill);
    this.#place.pill.addEventListener("click", () => this.toEnd());
    this.#place.watch(this.#log);
  }

  get perspective() {
    return this.getAttribute("perspective") === "agent" ? "agent" : "customer";
  }

  /** Draw entries; one already drawn is passed over. @param {Entry[]} entries */
  take(entries) {
    const goesAlong = this.#bySeq.size === 0 || this.#place.atEnd;
    let foreign = 0;
    for (const entry of entries) {
      if (!this.#add(entry)) continue;
      if (!this.#isOwn(entry)) foreign += 1;
      if (entry.kind === "bot" || entry.kind === "agent") this.showTyping({ who: entry.kind, on: false });
    }
    this.#empty.hidden = this.#bySeq.size + this.#pending.size > 0;
    if (goesAlong) this.#place.toEnd();
    else if (foreign) this.#place.missed(foreign);
  }

  /** Draw entries from before all that is drawn; what is being read stays where it is. @param {Entry[]} entries */
  takeEarlier(entries) {
    const box = this.#scroller;
    const first = this.#log.firstElementChild;
    const fromEnd = box.scrollHeight - box.scrollTop;
    // A browser that holds its place by itself would move what is moved here once more; nor is it news to be read out.
    box.style.overflowAnchor = "none";
    this.#log.setAttribute("aria-live", "off");
    for (const entry of entries) this.#add(entry);
    const [before, after] = [first?.previousElementSibling, first?.nextElementSibling];
    // The day that began with what was the first line goes on from the line before it.
    if (first instanceof HTMLElement && before instanceof HTMLElement && after && !this.#bySeq.has(Number(first.dataset.seq))) {
      if (first.dataset.day === before.dataset.day) first.remove();
    }
    this.#earlier?.remove();
    box.scrollTop = box.scrollHeight - fromEnd;
    box.style.overflowAnchor = "";
    requestAnimationFrame(() => this.#log.setAttribute("aria-live", "polite"));
  }

  /** Earlier entries could not be fetched: a button does it `again`. @param {() => void} again */
  markEarlier(again) {
    const button = document.createElement("button");
    button.className = "btn small thread-earlier";
    button.textContent = t("chat.earlier");
    button.addEventListener("click", () => {
      button.disabled = true;
      again();
    });
    this.#earlier?.remove();
    this.#earlier = button;
    this.#scroller.prepend(button);
  }

  /** @param {Entry} entry @returns {boolean} whether it is drawn now and was not before */
  #add(entry) {
    if (this.#bySeq.has(entry.seq)) return false;
    this.#keys.add(entry.key);
    this.removePending(entry.key);
    const item = this.#draw(entry);
    if (!item) return false;
    this.#insert(entry.seq, item);
    const { choice, to_seq: to } = entry.payload ?? {};
    if (choice && to) this.#chosen(to, choice);
    const picked = this.#picked.get(entry.seq);
    if (picked) markChosen(item, picked);
    if (entry.seq <= this.#toldUpto) this.#deliver(entry.seq, item);
    return true;
  }

  /**
   * Show a message of one's own before the server has it.
   * @param {{key: string, text: string, at?: string, kind?: "message" | "note", undo?: boolean}} message
   *   `undo`: it has not left yet and can be taken back, until `markLeft`
   */
  addPending({ key, text, at = new Date().toISOString(), kind = "message", undo = false }) {
    if (this.#keys.has(key) || this.#pending.has(key)) return;
    const item = document.createElement("article");
    item.className = `entry own pending ${kind}`;
    const words = document.createElement("div");
    words.className = "bubble plain";
    words.textContent = text;
    const meta = document.createElement("p");
    meta.className = "entry-meta";
    meta.append(status(t("chat.sending")), time(at));
    item.append(words, meta);
    if (undo) meta.append(this.#button(t("chat.undo"), "undo", key));
    this.#pending.set(key, item);
    this.#pendings.append(item);
    this.#empty.hidden = true;
    this.#place.toEnd();
  }

  /** It is on its way and cannot be taken back any more. @param {string} key */
  markLeft(key) {
    this.#pending.get(key)?.querySelector(".entry-meta button")?.remove();
  }

  /** The server has it; its entry comes with the next `entries`. @param {string} key */
  markSent(key) {
    const item = this.#pending.get(key);
    if (!item) return;
    item.classList.remove("pending", "failed");
    item.querySelector(".entry-status")?.replaceWith(status(t(this.perspective === "agent" ? "chat.stored" : "chat.sent")));
    item.querySelector(".entry-failed")?.remove();
  }

  /** Not sent for now, for this reason: offered again. @param {string} key @param {string} reason */
  markFailed(key, reason) {
    const item = this.#pending.get(key);
    if (!item) return;
    item.classList.add("failed");
    item.querySelector(".entry-status")?.replaceWith(status(t("chat.failed")));
    item.querySelector(".entry-failed")?.remove();
    const failed = document.createElement("p");
    failed.className = "entry-failed";
    failed.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = reason;
    failed.append(words, this.#button(t("chat.retry"), "retry", key), this.#button(t("shell.dismiss"), "discard", key));
    item.append(failed);
    if (this.#place.atEnd) this.#place.toEnd();
  }

  /** What waits while the connection is down says so. @param {boolean} offline */
  markOffline(offline) {
    for (const item of this.#pending.values()) {
      if (!item.classList.contains("pending") || item.classList.contains("failed")) continue;
      item.querySelector(".entry-status")?.replaceWith(status(t(offline ? "chat.waiting_for_network" : "chat.sending")));
    }
  }

  /** @param {string} key */
  removePending(key) {
    this.#pending.get(key)?.remove();
    this.#pending.delete(key);
  }

  /** @param {{who: string, on: boolean, text?: string}} typing `who`: customer, agent or bot; `text`: what is being written */
  showTyping({ who, on, text = "" }) {
    clearTimeout(this.#typingEnd);
    this.#typing.hidden = !on;
    if (!on) return;
    this.#typing.replaceChildren(dots(), document.createTextNode(t(typingKey(who))));
    if (text) this.#typing.append(preview(text));
    this.#typingEnd = window.setTimeout(() => (this.#typing.hidden = true), TYPING_MS);
    if (this.#place.atEnd) this.#place.toEnd();
  }

  /** Mark the pressed button of an entry before the server says so. @param {number} seq @param {string} choice */
  #chosen(seq, choice) {
    this.#picked.set(seq, choice);
    const item = this.#bySeq.get(seq);
    if (item) markChosen(item, choice);
  }

  /** Scroll to the newest; the only way the thread moves under a reader who has scrolled up. */
  toEnd() {
    this.#place.toEnd();
    this.#scroller.focus({ preventScroll: true });
  }

  /** What became of what agents wrote. @param {import("./entry-delivery.js").Deliveries} deliveries */
  showDeliveries(deliveries) {
    this.#deliveries = deliveries;
    for (const [seq, item] of this.#bySeq) {
      this.#deliver(seq, item);
      this.#toldUpto = Math.max(this.#toldUpto, seq);
    }
  }

  /** @param {number} seq @param {HTMLElement} item */
  #deliver(seq, item) {
    if (!this.#deliveries || !item.classList.contains("agent")) return;
    showDelivery(item, deliveryOf(seq, this.#deliveries), () => {
      this.dispatchEvent(new CustomEvent("resend", { detail: { seq }, bubbles: true }));
    });
  }

  /** Empty the thread for another conversation. */
  clear() {
    this.#bySeq.clear();
    this.#pending.clear();
    this.#keys.clear();
    this.#picked.clear();
    this.#deliveries = null;
    this.#toldUpto = 0;
    this.#earlier?.remove();
    this.#waysOut.clear();
    this.#log.replaceChildren();
    this.#pendings.replaceChildren();
    this.#empty.hidden = false;
    this.#place.clear();
    this.showTyping({ who: "bot", on: false });
  }

  /** @param {Entry} entry */
  #isOwn(entry) {
    return this.perspective === "customer" ? entry.kind === "customer" : entry.kind === "agent" || entry.kind === "note";
  }

  /** @param {Entry} entry @returns {HTMLElement | null} null when there is nothing to show */
  #draw(entry) {
    if (entry.kind === "event") return eventLine(entry);
    const item = document.createElement("article");
    item.className = `entry ${entry.kind}`;
    item.classList.toggle("own", this.#isOwn(entry));
    item.dataset.seq = String(entry.seq);
    const words = bubble(entry, this.perspective);
    const file = this.files && fileCard(entry, this.files);
    if (file) words.append(file);
    const attached = attachedLinks(entry);
    if (attached) words.append(attached);
    item.append(words, entryMeta(entry, this.perspective, this.getAttribute("explain") ?? ""));
    const reader = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    if (this.hasAttribute("translates") && entry.kind === "customer" && entry.text && entry.language !== reader) {
      item.append(this.#ask(t("chat.translate"), () => {
        this.dispatchEvent(new CustomEvent("translate", { detail: { seq: entry.seq, item }, bubbles: true }));
      }));
    }
    drawChoices(item, entry, this.perspective === "customer", (choice, label) => {
      const detail = { seq: entry.seq, choice, label };
      const event = new CustomEvent("choose", { detail, bubbles: true, cancelable: true });
      if (this.dispatchEvent(event)) markChosen(item, choice);
    });
    return item;
  }

  /** @param {number} seq @param {HTMLElement} item */
  #insert(seq, item) {
    item.dataset.seq = String(seq);
    item.dataset.day = item.querySelector("time")?.dataset.day ?? "";
    this.#bySeq.set(seq, item);
    // Nearly always the newest; one that comes late is put where its number belongs.
    let after = this.#log.lastElementChild;
    while (after && !(Number(/** @type {HTMLElement} */ (after).dataset.seq) < seq)) after = after.previousElementSibling;
    if (after) after.after(item);
    else this.#log.prepend(item);
    endEarlier(item);
    this.#waysOut.placed(item);
    this.#divide(item);
  }

  /** A line with the day where a new one begins. @param {HTMLElement} item */
  #divide(item) {
    const before = /** @type {HTMLElement | null} */ (item.previousElementSibling);
    if (!item.dataset.day || before?.dataset.day === item.dataset.day) return;
    const line = day(item);
    if (!line) return;
    line.dataset.seq = String(Number(item.dataset.seq) - 0.5);
    line.dataset.day = item.dataset.day;
    item.before(line);
  }

  /** @param {string} label @param {string} name @param {string} key */
  #button(label, name, key) {
    return this.#ask(label, () => {
      this.dispatchEvent(new CustomEvent(name, { detail: { key }, bubbles: true }));
    });
  }

  /** @param {string} label @param {() => void} pressed */
  #ask(label, pressed) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = label;
    button.addEventListener("click", pressed);
    return button;
  }
}

/** @param {string} text */
function status(text) {
  const word = document.createElement("span");
  word.className = "entry-status";
  word.textContent = text;
  return word;
}

/** @param {string} text */
function preview(text) {
  const words = document.createElement("span");
  words.className = "typing-preview";
  words.textContent = text;
  return words;
}

/** @param {string} who */
function typingKey(who) {
  if (who === "customer") return "chat.typing_customer";
  return who === "bot" ? "chat.typing_bot" : "chat.typing_agent";
}

function dots() {
  const box = document.createElement("span");
  box.className = "typing-dots";
  box.setAttribute("aria-hidden", "true");
  box.append(...["", "", ""].map(() => document.createElement("i")));
  return box;
}

customElements.define("chat-thread", ChatThread);
