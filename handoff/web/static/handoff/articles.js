// @ts-check
/**
 * handoff: the knowledge base inside the console. Looked up while one types, read beside the list, put into the box with
 * Enter, flagged where it is not right. What is for staff only goes into notes and never into a reply.
 */
import { oneAtATime } from "../kit/once.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { ask } from "./http.js";

/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {{id: string, title: string, language: string, html: string, text: string, confidence: number, staff_only: boolean}} Found */

const PAUSE_MS = 200;

export class ArticleFinder {
  #dialog;
  #talk;
  #composer;
  #input;
  #list;
  #preview;
  #flag;
  /** @type {Found[]} */ #items = [];
  #chosen = 0;
  #asked = 0;
  /** @type {number | undefined} */ #pause;

  /** @param {HTMLDialogElement} dialog @param {Talk} talk @param {ChatComposer} composer */
  constructor(dialog, talk, composer) {
    this.#dialog = dialog;
    this.#talk = talk;
    this.#composer = composer;
    this.#input = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
    this.#list = /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]"));
    this.#preview = /** @type {HTMLElement} */ (dialog.querySelector("article"));
    this.#flag = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#pause);
      this.#pause = window.setTimeout(() => void this.#look(), PAUSE_MS);
    });
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays where it is
    dialog.addEventListener("click", (event) => event.target instanceof Element && this.#clicked(event.target));
    // Enter pressed twice is one flag.
    const once = oneAtATime();
    this.#flag.addEventListener("submit", (event) => {
      event.preventDefault();
      void once(() => this.#send());
    });
  }

  /** The words of the last search stay, chosen, so that the next key writes over them. */
  open() {
    if (document.querySelector("dialog[open]")) return;
    this.#dialog.showModal();
    this.#showFlag(false);
    this.#input.focus();
    this.#input.select();
    if (this.#input.value) void this.#look();
    else this.#draw();
  }

  async #look() {
    const words = this.#input.value.trim();
    const mine = (this.#asked += 1);
    let found = { items: [] };
    let trouble = "";
    try {
      const query = new URLSearchParams({ q: words, language: this.#language() });
      if (words) found = await ask(`/desk/articles?${query}`);
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    if (mine !== this.#asked) return;
    this.#items = found.items;
    this.#chosen = 0;
    this.#draw(trouble);
  }

  /** The customer's language; where no conversation is open, the reader's. */
  #language() {
    const language = this.#talk.language || document.documentElement.lang;
    return language.startsWith("zh") ? "zh" : "en";
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing || event.keyCode === 229 || !this.#items.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#choose((this.#chosen + step + this.#items.length) % this.#items.length);
    } else if (event.key === "Enter") {
      this.#insert();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {Element} target */
  #clicked(target) {
    const option = target.closest("[role=option]");
    if (option instanceof HTMLElement) this.#choose(Number(option.dataset.index));
    if (target.closest("[data-insert]")) this.#insert();
    if (target.closest("[data-close]")) this.#dialog.close();
    const flag = target.closest("[data-flag]");
    if (flag instanceof HTMLElement) this.#showFlag(flag.dataset.flag === "open");
  }

  /** Why the chosen article cannot be put into the box; "" when it can. */
  #hindrance() {
    const item = this.#items[this.#chosen];
    if (!item) return "";
    if (!this.#talk.conversation || this.#composer.disabled) return t("handoff.articles.not_writing");
    return item.staff_only && this.#talk.mode !== "note" ? t("handoff.articles.staff_only_about") : "";
  }

  #insert() {
    const item = this.#items[this.#chosen];
    if (!item || this.#hindrance()) return;
    this.#dialog.close();
    this.#composer.focus();
    this.#composer.insert(item.text);
    showToast(t("handoff.articles.inserted"));
  }

  /** @param {boolean} on */
  #showFlag(on) {
    this.#flag.hidden = !on;
    this.#element("[data-steps]").hidden = this.#element("[role=status]").hidden = on;
    this.#complain("");
    if (on) this.#element("textarea").focus();
    else if (this.#dialog.open) this.#input.focus();
  }

  async #send() {
    const item = this.#items[this.#chosen];
    if (!item) return;
    const data = new FormData(this.#flag);
    const body = { reason: data.get("reason"), words: data.get("words"), language: item.language };
    try {
      await ask(`/desk/articles/${encodeURIComponent(item.id)}/flag`, body);
      this.#flag.reset();
      this.#showFlag(false);
      showToast(t("handoff.articles.flagged"));
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} text */
  #complain(text) {
    const line = this.#element("[role=alert]");
    line.hidden = !text;
    line.textContent = text;
  }

  /** @param {string} [trouble] */
  #draw(trouble = "") {
    this.#list.replaceChildren(...this.#items.map(option));
    const status = this.#element("[role=status]");
    if (trouble) status.textContent = trouble;
    else if (this.#items.length) status.textContent = t("handoff.articles.keys");
    else status.textContent = this.#input.value.trim() ? t("handoff.articles.nothing") : t("handoff.articles.begin");
    this.#choose(0);
  }

  /** @param {number} index */
  #choose(index) {
    this.#chosen = index;
    for (const element of this.#list.children) {
      const on = element.id === `articles-${index}`;
      element.setAttribute("aria-selected", String(on));
      if (on) element.scrollIntoView({ block: "nearest" });
    }
    const item = this.#items[index];
    if (item) this.#input.setAttribute("aria-activedescendant", `articles-${index}`);
    else this.#input.removeAttribute("aria-activedescendant");
    this.#preview.replaceChildren(...(item ? shown(item) : []));
    this.#preview.scrollTop = 0;
    const hindrance = this.#hindrance();
    this.#element("[data-about]").textContent = hindrance;
    /** @type {HTMLButtonElement} */ (this.#element("[data-insert]")).disabled = !item || Boolean(hindrance);
    /** @type {HTMLButtonElement} */ (this.#element("[data-flag=open]")).disabled = !item;
  }

  /** @param {string} selector @returns {HTMLElement} a part the dialog is known to have */
  #element(selector) {
    return /** @type {HTMLElement} */ (this.#dialog.querySelector(selector));
  }
}

/** @param {Found} item @returns {HTMLElement[]} */
function shown(item) {
  const title = document.createElement("h3");
  title.textContent = item.title;
  const answer = document.createElement("div");
  answer.className = "bubble rich";
  answer.lang = item.language === "zh" ? "zh-CN" : "en";
  answer.innerHTML = item.html; // made safe by the server
  return [title, ...(item.staff_only ? [chip()] : []), answer];
}

/** @param {Found} item @param {number} index */
function option(item, index) {
  const element = document.createElement("li");
  element.id = `articles-${index}`;
  element.dataset.index = String(index);
  element.setAttribute("role", "option");
  const title = document.createElement("span");
  title.className = "cut";
  title.textContent = item.title;
  const sure = document.createElement("span");
  sure.className = "chip";
  sure.textContent = item.confidence.toFixed(2);
  element.append(title, ...(item.staff_only ? [chip()] : []), sure);
  return element;
}

function chip() {
  const word = document.createElement("span");
  word.className = "chip accent";
  word.textContent = t("handoff.articles.staff_only");
  return word;
}
