// @ts-check
/**
 * handoff: what the knowledge base would answer to the customer's last question, above the box; one key puts it in.
 * Shown to whoever holds the conversation until the question is answered. It never takes the focus, and what is written
 * already is never replaced.
 */
import { t } from "../kit/texts.js";
import { ask } from "./http.js";

/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {{id: string, title: string, text: string, confidence: number}} Suggestion */

export class Suggestions {
  #talk;
  #composer;
  #box;
  /** @type {Suggestion[]} */ #items = [];
  #asked = 0;
  #shownFor = "";
  /** A reply is on its way: its line comes, or it is taken back. */ #answering = false;

  /** @param {Talk} talk @param {ChatComposer} composer @param {HTMLElement} box */
  constructor(talk, composer, box) {
    this.#talk = talk;
    this.#composer = composer;
    this.#box = box;
    talk.addEventListener("asked", () => void this.look());
    talk.addEventListener("answered", () => {
      this.#answering = false;
      void this.look();
    });
    talk.addEventListener("answering", () => this.#answer(true));
    talk.addEventListener("unanswered", () => this.#answer(false));
    talk.addEventListener("changed", () => this.#talk.mayReply !== (this.#shownFor === talk.conversation) && void this.look());
    talk.addEventListener("closed", () => this.#clear());
    talk.addEventListener("mode", () => this.#show());
    composer.addEventListener("keydown", (event) => {
      // Nothing is above an empty line, so the key is free there.
      if (event.key === "ArrowUp" && !composer.value && !event.isComposing && this.insert(0)) event.preventDefault();
    });
    box.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button[data-index]") : null;
      if (button instanceof HTMLElement) this.insert(Number(button.dataset.index));
    });
  }

  /** Ask anew for the open conversation. */
  async look() {
    const conversation = this.#talk.conversation;
    if (!conversation || !this.#talk.mayReply) return this.#clear();
    const mine = (this.#asked += 1);
    this.#shownFor = conversation;
    try {
      const answer = await ask(`/desk/conversations/${encodeURIComponent(conversation)}/suggestions`);
      if (mine === this.#asked) this.#draw(answer);
    } catch {
      if (mine === this.#asked) this.#clear(); // a help that cannot be had is not worth a message
    }
  }

  /** Put one into the box, behind what is written. @param {number} index @returns {boolean} whether there is one */
  insert(index) {
    const item = this.#items[index];
    if (!item || this.#box.hidden || this.#composer.disabled) return false;
    this.#composer.focus();
    this.#composer.insert(item.text);
    return true;
  }

  #clear() {
    this.#asked += 1;
    this.#shownFor = "";
    this.#items = [];
    this.#answering = false;
    this.#show();
  }

  /** @param {{question: string, items: Suggestion[]}} answer */
  #draw({ question, items }) {
    this.#items = items;
    const about = document.createElement("p");
    about.className = "meta cut";
    about.textContent = t("handoff.suggestions.about", { question });
    const row = document.createElement("div");
    row.className = "row-line";
    row.append(...items.map((item, index) => choice(item, index)));
    this.#box.replaceChildren(about, row);
    this.#show();
  }

  /** @param {boolean} answering */
  #answer(answering) {
    this.#answering = answering;
    this.#show();
  }

  #show() {
    this.#box.hidden = !this.#items.length || this.#answering || this.#talk.mode === "note";
  }
}

/** @param {Suggestion} item @param {number} index */
function choice(item, index) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn small";
  button.dataset.index = String(index);
  button.title = item.text;
  const title = document.createElement("span");
  title.className = "cut";
  title.textContent = item.title;
  const sure = document.createElement("span");
  sure.className = "chip";
  sure.textContent = item.confidence.toFixed(2);
  button.append(title, sure);
  if (index === 0) {
    const key = document.createElement("kbd");
    key.textContent = "↑";
    button.append(key);
  }
  return button;
}
