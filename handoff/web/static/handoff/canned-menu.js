// @ts-check
/**
 * handoff: canned replies while one writes. "/" (or "、", the same key under a Chinese input method) at the beginning of a
 * word opens the list; what follows searches by words, initials and pinyin; arrows choose, Enter puts the reply in.
 */
import { ask } from "./http.js";
import { t } from "../kit/texts.js";

/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/** @typedef {{id: string, title: string, text: string, gaps: string[]}} Filled */

const ASKED = /(?:^|\s)[/、]([^\s/、]{0,60})$/;

export class CannedMenu {
  #composer;
  #box;
  #conversation;
  /** @type {Filled[]} */ #items = [];
  #chosen = 0;
  #asked = 0;
  /** What was closed with Escape stays closed until something else is typed. */
  #dismissed = "";

  /**
   * @param {ChatComposer} composer
   * @param {HTMLElement} box where the list is drawn
   * @param {() => string} conversation the one a reply can be written to, "" for none
   */
  constructor(composer, box, conversation) {
    this.#composer = composer;
    this.#box = box;
    this.#conversation = conversation;
    composer.addEventListener("input", () => void this.look());
    composer.addEventListener("focusout", () => this.close());
    // Before the composer itself hears it: Enter sends there.
    composer.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
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
    if (!ASKED.test(before)) this.#composer.insert(before && !/\s$/.test(before) ? " /" : "/");
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
    const found = ASKED.exec(this.#before());
    const conversation = this.#conversation();
    if (!found || !conversation || found[0] === this.#dismissed) {
      if (!found) this.#dismissed = "";
      this.close();
      return;
    }
    const mine = (this.#asked += 1);
    try {
      const answer = await ask(`/desk/conversations/${encodeURIComponent(conversation)}/canned?q=${encodeURIComponent(found[1] ?? "")}`);
      if (mine !== this.#asked) return;
      this.#items = answer.items;
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
      this.#dismissed = ASKED.exec(this.#before())?.[0] ?? "";
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
    const asked = ASKED.exec(input.value.slice(0, end));
    const start = asked ? end - (asked[1] ?? "").length - 1 : end;
    input.setSelectionRange(start, end);
    this.close();
    this.#composer.insert(item.text);
    // What is not known is chosen, so that the next key writes over it.
    const gap = item.gaps[0];
    if (!gap) return;
    const at = input.value.indexOf(gap, start);
    input.setSelectionRange(at, at + gap.length);
  }

  #draw() {
    const list = document.createElement("ul");
    list.id = "canned-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", t("handoff.canned.title"));
    list.append(...this.#items.map((item, index) => option(item, index)));
    const about = document.createElement("p");
    about.className = "meta";
    about.setAttribute("role", "status");
    about.textContent = this.#items.length ? t("handoff.canned.keys") : t("handoff.canned.nothing");
    this.#box.replaceChildren(...(this.#items.length ? [list] : []), about);
    this.#box.hidden = false;
    this.#input?.setAttribute("aria-controls", list.id);
    this.#input?.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #mark() {
    for (const element of this.#box.querySelectorAll("[role=option]")) {
      const on = element.id === `canned-${this.#chosen}`;
      element.setAttribute("aria-selected", String(on));
      if (on) element.scrollIntoView({ block: "nearest" });
    }
    if (this.#items.length) this.#input?.setAttribute("aria-activedescendant", `canned-${this.#chosen}`);
  }
}

/** @param {Filled} item @param {number} index */
function option(item, index) {
  const element = document.createElement("li");
  element.id = `canned-${index}`;
  element.dataset.index = String(index);
  element.setAttribute("role", "option");
  const title = document.createElement("b");
  title.textContent = item.title;
  const words = document.createElement("span");
  words.className = "cut muted";
  words.textContent = item.text;
  element.append(title, words);
  return element;
}
