// @ts-check
/**
 * handoff: what can be put in while one writes: a key at the beginning of a word opens a list, what follows searches it,
 * arrows choose, Enter puts in. Canned replies ("/") and the names of colleagues ("@") are such lists.
 */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";

/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/** @typedef {{title: string, text: string, about?: string, gaps?: string[]}} Item `text` is put in; `gaps` are to be written over */
/**
 * @typedef {Object} Kind
 * @property {string} key opens the list
 * @property {RegExp} asked what stands before the cursor while the list is asked; its group holds the words
 * @property {{title: string, keys: string, nothing: string}} words
 * @property {(words: string) => Promise<Item[]> | null} find null where nothing can be put in now
 */

export class InsertMenu {
  #composer;
  #box;
  #kind;
  /** @type {Item[]} */ #items = [];
  #chosen = 0;
  #asked = 0;
  /** What was closed with Escape stays closed until something else is typed. */
  #dismissed = "";
  /** What was put in for somebody to write over. @type {Set<string>} */ #gaps = new Set();

  /**
   * @param {ChatComposer} composer
   * @param {HTMLElement} box where the list is drawn
   * @param {Kind} kind
   */
  constructor(composer, box, kind) {
    this.#composer = composer;
    this.#box = box;
    this.#kind = kind;
    composer.addEventListener("input", () => void this.look());
    composer.addEventListener("focusout", () => this.close());
    // Before the composer itself hears it: Enter sends there.
    composer.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
    // Before anybody sends it.
    composer.addEventListener("send", (event) => this.#sent(event), { capture: true });
    box.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays where it is
    box.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option instanceof HTMLElement) this.#insert(Number(option.dataset.index));
    });
  }

  /** Begin a search at the cursor. */
  open() {
    const before = this.#before();
    this.#dismissed = "";
    const { asked, key } = this.#kind;
    if (!asked.test(before)) this.#composer.insert(before && !/\s$/.test(before) ? ` ${key}` : key);
    this.#composer.focus();
    void this.look();
  }

  close() {
    this.#asked += 1;
    this.#items = [];
    this.#box.hidden = true;
    this.#input?.removeAttribute("aria-activedescendant");
    this.#input?.setAttribute("aria-expanded", "false");
  }

  /** Show what fits what stands before the cursor. */
  async look() {
    const found = this.#kind.asked.exec(this.#before());
    const answer = found && found[0] !== this.#dismissed ? this.#kind.find(found[1] ?? "") : null;
    if (!answer) {
      if (!found) this.#dismissed = "";
      if (!this.#box.hidden) this.close();
      return;
    }
    const mine = (this.#asked += 1);
    try {
      const items = await answer;
      if (mine !== this.#asked) return;
      this.#items = items;
      this.#chosen = 0;
      this.#draw();
    } catch {
      if (mine === this.#asked) this.close(); // the banner says that the connection is gone
    }
  }

  /** @returns {HTMLTextAreaElement | null} */
  get #input() {
    return this.#composer.querySelector("textarea");
  }

  #before() {
    const input = this.#input;
    return input ? input.value.slice(0, input.selectionStart) : "";
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (this.#box.hidden || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      this.#dismissed = this.#kind.asked.exec(this.#before())?.[0] ?? "";
      // Nothing but the search was written: nothing is left of it.
      if (this.#composer.value === this.#dismissed) this.#composer.value = "";
      this.close();
    } else if (this.#items.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#chosen = (this.#chosen + step + this.#items.length) % this.#items.length;
      this.#mark();
    } else if (this.#items.length && (event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
      this.#insert(this.#chosen);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} index */
  #insert(index) {
    const item = this.#items[index];
    const input = this.#input;
    if (!item || !input) return;
    const end = input.selectionStart;
    const asked = this.#kind.asked.exec(input.value.slice(0, end));
    const start = asked ? end - (asked[1] ?? "").length - 1 : end;
    input.setSelectionRange(start, end);
    this.close();
    this.#composer.insert(item.text);
    for (const gap of item.gaps ?? []) this.#gaps.add(gap);
    this.#choose(item.gaps?.[0], start);
  }

  /** What is not known is chosen, so that the next key writes over it. @param {string | undefined} gap @param {number} from */
  #choose(gap, from) {
    const at = gap ? this.#input?.value.indexOf(gap, from) ?? -1 : -1;
    if (gap && at >= 0) this.#input?.setSelectionRange(at, at + gap.length);
  }

  /** Nobody is sent "[customer name]". @param {Event} event */
  #sent(event) {
    const text = event instanceof CustomEvent ? String(event.detail.text) : "";
    const open = [...this.#gaps].find((gap) => text.includes(gap));
    if (!open) return this.#gaps.clear();
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#choose(open, 0);
    showToast(t("handoff.canned.gap", { gap: open }), "danger");
  }

  #draw() {
    const list = document.createElement("ul");
    list.id = `${this.#box.id}-list`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.#kind.words.title);
    list.append(...this.#items.map((item, index) => option(item, `${this.#box.id}-${index}`, index)));
    const about = document.createElement("p");
    about.className = "meta";
    about.setAttribute("role", "status");
    about.textContent = this.#items.length ? this.#kind.words.keys : this.#kind.words.nothing;
    this.#box.replaceChildren(...(this.#items.length ? [list] : []), about);
    this.#box.hidden = false;
    this.#input?.setAttribute("aria-controls", list.id);
    this.#input?.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #mark() {
    for (const element of this.#box.querySelectorAll("[role=option]")) {
      const on = element.id === `${this.#box.id}-${this.#chosen}`;
      element.setAttribute("aria-selected", String(on));
      if (on) element.scrollIntoView({ block: "nearest" });
    }
    if (this.#items.length) this.#input?.setAttribute("aria-activedescendant", `${this.#box.id}-${this.#chosen}`);
  }
}

/** @param {Item} item @param {string} id @param {number} index */
function option(item, id, index) {
  const element = document.createElement("li");
  element.id = id;
  element.dataset.index = String(index);
  element.setAttribute("role", "option");
  const title = document.createElement("b");
  title.textContent = item.title;
  element.append(title);
  if (item.about) {
    const words = document.createElement("span");
    words.className = "cut muted";
    words.textContent = item.about;
    element.append(words);
  }
  return element;
}
