// @ts-check
/**
 * handoff: the lists of the console. The server draws the rows; this changes only those that are different, so that
 * neither focus nor scroll position is lost when something happens elsewhere.
 *
 * Events: `open` (detail {conversation}), `drawn` (the rows are new), `offer` (detail {content}: what is offered to me, empty when nothing is).
 */
import { t } from "../kit/texts.js";
import { tick } from "./clock.js";
import { fragment } from "./http.js";

/** @typedef {"mine" | "waiting" | "all"} View */

/** @param {string | undefined} name @returns {View} */
export function viewOf(name) {
  return name === "waiting" || name === "all" ? name : "mine";
}

/** Put `fresh` into `box` if it is different; the button that had the focus has it again. @param {HTMLElement} box @param {HTMLTemplateElement} fresh */
function replaceKeepingFocus(box, fresh) {
  if (box.innerHTML.trim() === fresh.innerHTML.trim()) return;
  const held = document.activeElement instanceof HTMLElement && box.contains(document.activeElement) ? document.activeElement.dataset : null;
  box.replaceChildren(fresh.content.cloneNode(true));
  if (!held) return;
  for (const button of box.querySelectorAll("button")) {
    if (button.dataset.state === held.state && button.dataset.reason === held.reason) button.focus({ preventScroll: true });
  }
}

export class ConversationList extends EventTarget {
  #box;
  /** @type {View} */ #view;
  #selected = "";
  /** @type {Promise<void> | null} */ #loading = null;
  #again = false;
  /** The keys pressed so far have done their work: a quick hand presses the next one before a list has come. */
  settled = Promise.resolve();
  /** @type {Map<string, string>} */ #drawn = new Map();

  /** @param {HTMLElement} box @param {View} view what the page came with */
  constructor(box, view) {
    super();
    this.#box = box;
    this.#view = view;
    for (const item of this.#items()) this.#drawn.set(item.dataset.conversation ?? "", item.outerHTML);
    box.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("li[data-conversation]") : null;
      if (item instanceof HTMLElement) this.#open(item);
    });
    tick(box);
  }

  get view() {
    return this.#view;
  }

  /** @param {View} view */
  show(view) {
    this.settled = this.#show(view);
    return this.settled;
  }

  /** @param {View} view */
  async #show(view) {
    this.#view = view;
    for (const button of document.querySelectorAll("button[data-view]")) {
      button.setAttribute("aria-pressed", String(button instanceof HTMLElement && button.dataset.view === view));
    }
    await this.reload();
    this.#box.scrollTop = 0;
  }

  /** Fetch the list anew; several calls while one is under way are one more. */
  reload() {
    this.#again = true;
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load() {
    try {
      while (this.#again) {
        this.#again = false;
        const view = this.#view;
        const html = await fragment(`/desk/lists?view=${view}`);
        if (view === this.#view) this.#take(html);
        else this.#again = true;
      }
    } catch {
      // The banner says that the connection is gone; the list comes with the next `queue` frame.
    } finally {
      this.#loading = null;
    }
  }

  /** Mark the open conversation. @param {string} conversation */
  select(conversation) {
    this.#selected = conversation;
    this.#mark();
  }

  /** Open the row `step` further on; the first one when none of this list is open. @param {1 | -1} step */
  move(step) {
    this.settled = this.settled.then(() => this.#move(step));
  }

  /** @param {1 | -1} step */
  #move(step) {
    const items = this.#items();
    const at = items.findIndex((item) => item.dataset.conversation === this.#selected);
    const next = items[at < 0 ? 0 : Math.min(Math.max(at + step, 0), items.length - 1)];
    if (!next) return;
    const button = next.querySelector("button");
    button?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    this.#open(next);
  }

  /** Put the keyboard on the open row. */
  focus() {
    const item = this.#items().find((other) => other.dataset.conversation === this.#selected) ?? this.#items()[0];
    item?.querySelector("button")?.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} item */
  #open(item) {
    this.dispatchEvent(new CustomEvent("open", { detail: { conversation: item.dataset.conversation } }));
  }

  /** @param {string} html */
  #take(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".list-data");
    const data = this.#box.querySelector(".list-data");
    if (!(fresh instanceof HTMLElement) || !(data instanceof HTMLElement)) return;
    this.#figures(fresh);
    const rows = fresh.querySelector("ul.rows");
    const kept = data.querySelector("ul.rows");
    if (rows && kept) {
      this.#rows(kept, rows);
      const more = fresh.querySelector(".list-more");
      data.querySelector(".list-more")?.remove();
      if (more) kept.after(more);
    } else {
      this.#drawn.clear();
      data.replaceWith(fresh);
      for (const item of this.#items()) this.#drawn.set(item.dataset.conversation ?? "", item.outerHTML);
    }
    tick(this.#box);
    this.#mark();
    this.dispatchEvent(new Event("drawn"));
  }

  /** @param {Element} kept @param {Element} rows */
  #rows(kept, rows) {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const old = new Map(this.#items().map((item) => [item.dataset.conversation ?? "", item]));
    /** @type {Element | null} */
    let before = null;
    for (const wanted of [...rows.children]) {
      if (!(wanted instanceof HTMLElement)) continue;
      const name = wanted.dataset.conversation ?? "";
      const present = old.get(name);
      old.delete(name);
      let item = present ?? wanted;
      const html = wanted.outerHTML;
      if (present && this.#drawn.get(name) !== html) this.#redraw(present, wanted);
      this.#drawn.set(name, html);
      /** @type {Element | null} */
      const place = before ? before.nextElementSibling : kept.firstElementChild;
      if (place !== item) kept.insertBefore(item, place);
      before = item;
    }
    for (const [name, item] of old) {
      this.#drawn.delete(name);
      item.remove();
    }
    // Moving an element takes the focus from it; it gets it back where it stands now.
    if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  }

  /** Change a row but keep its element, which may have the focus. @param {HTMLElement} present @param {HTMLElement} wanted */
  #redraw(present, wanted) {
    Object.assign(present.dataset, wanted.dataset);
    if (wanted.dataset.mine === undefined) delete present.dataset.mine;
    const [button, fresh] = [present.querySelector("button"), wanted.querySelector("button")];
    if (!button || !fresh) return;
    button.className = fresh.className;
    button.innerHTML = fresh.innerHTML;
  }

  /** The numbers on the tabs and who is there. @param {HTMLElement} fresh */
  #figures(fresh) {
    for (const count of document.querySelectorAll("[data-count]")) {
      if (count instanceof HTMLElement) count.textContent = fresh.dataset[count.dataset.count ?? ""] ?? "";
    }
    const duty = document.getElementById("duty-count");
    if (duty) duty.textContent = fresh.dataset.duty ?? "";
    const paused = document.getElementById("paused");
    if (paused) paused.hidden = fresh.dataset.state === "online";
    const people = fresh.querySelector("template.duty-data");
    const box = document.getElementById("duty");
    if (people instanceof HTMLTemplateElement && box) replaceKeepingFocus(box, people);
    const offer = fresh.querySelector("template.offer-data");
    if (offer instanceof HTMLTemplateElement) {
      this.dispatchEvent(new CustomEvent("offer", { detail: { content: offer.content } }));
    }
    const waiting = Number(fresh.dataset.waiting);
    document.title = `${waiting ? `(${waiting}) ` : ""}${t("handoff.title")} · ${t("shell.product")}`;
  }

  #mark() {
    for (const item of this.#items()) {
      const on = item.dataset.conversation === this.#selected;
      item.querySelector("button")?.setAttribute("aria-current", String(on));
    }
  }

  /** @returns {HTMLElement[]} */
  #items() {
    return /** @type {HTMLElement[]} */ ([...this.#box.querySelectorAll("li[data-conversation]")]);
  }
}
