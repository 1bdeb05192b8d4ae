// @ts-check
/**
 * handoff: the lists of the console: which one is shown, which row is open, what is to be read again. The server draws
 * the rows, and only those that changed; `ConversationRows` puts them into their places.
 *
 * Events: `open` (detail {conversation}), `drawn` (the rows are new), `offer` (detail {content}: what is offered to me, empty when nothing is).
 */
import { t } from "../kit/texts.js";
import { ConversationRows } from "./conversation-rows.js";
import { fragment } from "./http.js";

/** @typedef {"mine" | "waiting" | "all"} View */

/** Where more conversations changed than this, all are read. */
const MOST_NAMED = 100;

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
  /** @type {ConversationRows | null} null where the list is empty */ #rows = null;
  /** @type {Promise<void> | null} */ #loading = null;
  /** @type {Set<string> | null} conversations to read again; null: all */ #due = new Set();
  #again = false;
  /** The keys pressed so far have done their work: a quick hand presses the next one before a list has come. */
  settled = Promise.resolve();

  /** @param {HTMLElement} box @param {View} view what the page came with */
  constructor(box, view) {
    super();
    this.#box = box;
    this.#view = view;
    this.#adopt();
    box.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("li[data-conversation]") : null;
      if (item instanceof HTMLElement) this.#open(item);
    });
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

  /**
   * Read the list again; several calls while one is under way are one more.
   * @param {string[] | null} [changed] the conversations that may look different; without it, all
   */
  reload(changed = null) {
    if (changed) for (const name of changed) this.#due?.add(name);
    else this.#due = null;
    this.#again = true;
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load() {
    try {
      while (this.#again) {
        this.#again = false;
        const [view, due] = [this.#view, this.#due];
        this.#due = new Set();
        const named = due && due.size <= MOST_NAMED ? `&changed=${encodeURIComponent([...due].join(" "))}` : "";
        const html = await fragment(`/desk/lists?view=${view}${named}`);
        if (view !== this.#view || !this.#take(html, Boolean(named))) void this.reload();
      }
    } catch {
      // The banner says that the connection is gone; all of the list comes with the next `queue` frame.
      this.#due = null;
    } finally {
      this.#loading = null;
    }
  }

  /** Mark the open conversation. @param {string} conversation */
  select(conversation) {
    this.#selected = conversation;
    this.#rows?.mark(conversation);
  }

  /** The open conversation has been read. */
  read() {
    this.#rows?.get(this.#selected)?.querySelector("button")?.classList.remove("unread");
  }

  /** Open the row `step` further on; the first one when none of this list is open. @param {1 | -1} step */
  move(step) {
    this.settled = this.settled.then(() => this.#move(step));
  }

  /** @param {1 | -1} step */
  #move(step) {
    const names = this.#rows?.names ?? [];
    const at = names.indexOf(this.#selected);
    const next = this.#rows?.get(names[at < 0 ? 0 : Math.min(Math.max(at + step, 0), names.length - 1)] ?? "");
    if (!next) return;
    const button = next.querySelector("button");
    button?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    this.#open(next);
  }

  /** Put the keyboard on the open row. */
  focus() {
    const item = this.#rows?.get(this.#selected) ?? this.#rows?.get(this.#rows.names[0] ?? "");
    item?.querySelector("button")?.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} item */
  #open(item) {
    this.dispatchEvent(new CustomEvent("open", { detail: { conversation: item.dataset.conversation } }));
  }

  /**
   * @param {string} html @param {boolean} partly it has only the rows that were asked for
   * @returns {boolean} whether all rows are known now
   */
  #take(html, partly) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".list-data");
    const data = this.#box.querySelector(".list-data");
    if (!(fresh instanceof HTMLElement) || !(data instanceof HTMLElement)) return true;
    const rows = fresh.querySelector("ul.rows");
    const kept = data.querySelector("ul.rows");
    if (rows && kept && this.#rows) {
      if (!this.#rows.take(rows)) return !partly;
      const more = fresh.querySelector(".list-more");
      data.querySelector(".list-more")?.remove();
      if (more) kept.after(more);
    } else if (rows && partly) {
      return false;
    } else {
      data.replaceWith(fresh);
      this.#adopt();
    }
    this.#figures(fresh);
    this.dispatchEvent(new Event("drawn"));
    return true;
  }

  /** The rows the page has now are the ones that are kept. */
  #adopt() {
    const rows = this.#box.querySelector("ul.rows");
    this.#rows = rows && new ConversationRows(rows);
    this.#rows?.mark(this.#selected);
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
}
