// @ts-check
/**
 * handoff: the rows of one list, each by its conversation. Changes only those that are new or different and moves only
 * those that stand elsewhere, so that a word in one of 500 conversations costs what one row costs.
 */
import { tick } from "./clock.js";

export class ConversationRows {
  #list;
  /** @type {Map<string, HTMLElement>} in the order of the list */ #items = new Map();
  /** @type {Map<string, string>} as the server drew them */ #drawn = new Map();
  #marked = "";

  /** @param {Element} list a `ul` with the server's rows */
  constructor(list) {
    this.#list = list;
    for (const item of drawnIn(list)) this.#keep(nameOf(item), item, item.outerHTML);
    tick(list);
  }

  /** The conversations, as they stand in the list. */
  get names() {
    return [...this.#items.keys()];
  }

  /** @param {string} name @returns {HTMLElement | undefined} */
  get(name) {
    return this.#items.get(name);
  }

  /**
   * Take the server's order and those of its rows that it drew.
   * @param {Element} fresh @returns {boolean} false, and nothing was changed, when a row of the order is missing
   */
  take(fresh) {
    const order = orderOf(fresh);
    const drawn = new Map(drawnIn(fresh).map((item) => [nameOf(item), item]));
    if (!order.every((name) => drawn.has(name) || this.#items.has(name))) return false;
    const focused = document.activeElement;
    for (const [name, item] of drawn) this.#take(name, item);
    this.#arrange(order);
    // Moving an element takes the focus from it; it gets it back where it stands now.
    if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected) {
      focused.focus({ preventScroll: true });
    }
    return true;
  }

  /** Mark the row of the open conversation. @param {string} name */
  mark(name) {
    if (this.#marked !== name) current(this.#items.get(this.#marked), false);
    this.#marked = name;
    current(this.#items.get(name), true);
  }

  /** @param {string} name @param {HTMLElement} wanted */
  #take(name, wanted) {
    const html = wanted.outerHTML;
    const present = this.#items.get(name);
    if (!present) this.#keep(name, wanted, html);
    else if (this.#drawn.get(name) !== html) {
      redraw(present, wanted);
      this.#drawn.set(name, html);
    } else return;
    tick(this.#items.get(name) ?? wanted);
  }

  /** @param {string} name @param {HTMLElement} item @param {string} html */
  #keep(name, item, html) {
    this.#items.set(name, item);
    this.#drawn.set(name, html);
    current(item, name === this.#marked);
  }

  /** @param {string[]} order */
  #arrange(order) {
    const wanted = new Set(order);
    for (const [name, item] of this.#items) {
      if (wanted.has(name)) continue;
      item.remove();
      this.#items.delete(name);
      this.#drawn.delete(name);
    }
    /** @type {Element | null} */ let place = this.#list.firstElementChild;
    /** @type {Map<string, HTMLElement>} */ const items = new Map();
    for (const name of order) {
      const item = /** @type {HTMLElement} */ (this.#items.get(name));
      items.set(name, item);
      if (place === item) place = place.nextElementSibling;
      else this.#list.insertBefore(item, place);
    }
    this.#items = items;
  }
}

/** @param {Element} list */
function orderOf(list) {
  return (list.getAttribute("data-order") ?? "").split(" ").filter(Boolean);
}

/** @param {Element} list */
function drawnIn(list) {
  return /** @type {HTMLElement[]} */ ([...list.querySelectorAll("li[data-conversation]")]);
}

/** @param {HTMLElement} item */
function nameOf(item) {
  return item.dataset.conversation ?? "";
}

/** @param {HTMLElement | undefined} item @param {boolean} on */
function current(item, on) {
  item?.querySelector("button")?.setAttribute("aria-current", String(on));
}

/** Change a row but keep its element, which may have the focus. @param {HTMLElement} present @param {HTMLElement} wanted */
function redraw(present, wanted) {
  Object.assign(present.dataset, wanted.dataset);
  if (wanted.dataset.mine === undefined) delete present.dataset.mine;
  const [button, fresh] = [present.querySelector("button"), wanted.querySelector("button")];
  if (!button || !fresh) return;
  button.className = fresh.className;
  button.innerHTML = fresh.innerHTML;
}
