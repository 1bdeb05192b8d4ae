// @ts-check
/** knowledge_base: <wording-list>: other ways to ask, one a line; add, change, remove, paste many at once. */
import { t } from "../kit/texts.js";
import { fitHeight } from "./fit-height.js";

export class WordingList extends HTMLElement {
  /** @type {HTMLUListElement} */
  #list = document.createElement("ul");
  /** @type {HTMLTextAreaElement} */
  #adder = document.createElement("textarea");
  #built = false;

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    const first = [...this.querySelectorAll("p")].map((line) => line.textContent ?? "");
    this.#list.className = "wordings";
    this.replaceChildren(this.#list);
    if (!this.hasAttribute("locked")) this.append(this.#buildAdder());
    this.value = first;
  }

  /** Every wording, also one that stands in the adding line and was not added yet: nothing typed is lost. */
  get value() {
    const lines = [...this.#boxes(), this.#adder].map((box) => box.value.replace(/\s*\n\s*/g, " ").trim());
    return lines.filter((line) => line !== "");
  }

  set value(lines) {
    this.#list.replaceChildren(...lines.map((line) => this.#item(line)));
    this.#adder.value = "";
    this.#showCount();
  }

  /** @param {string[]} lines added where they do not stand already */
  add(lines) {
    const have = new Set(this.#boxes().map((box) => box.value.trim()));
    for (const line of lines.map((each) => each.trim())) {
      if (line && !have.has(line)) {
        this.#list.append(this.#item(line));
        have.add(line);
      }
    }
    this.#changed();
  }

  /** Mark the wording at `position` as faulty. @param {number} position @returns {HTMLElement | undefined} */
  mark(position) {
    const box = this.#boxes()[position];
    box?.setAttribute("aria-invalid", "true");
    return box;
  }

  #boxes() {
    return /** @type {HTMLTextAreaElement[]} */ ([...this.#list.querySelectorAll("textarea")]);
  }

  /** @param {string} line */
  #item(line) {
    const item = document.createElement("li");
    const box = this.#box(line);
    box.setAttribute("aria-label", t("knowledge_base.field.questions"));
    box.readOnly = this.hasAttribute("locked");
    item.append(box);
    if (!box.readOnly) {
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn quiet icon-only small";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${t("knowledge_base.article.question_remove")}: ${line}`);
      remove.addEventListener("click", () => this.#remove(item));
      item.append(remove);
    }
    return item;
  }

  /** @param {string} text */
  #box(text) {
    const box = document.createElement("textarea");
    box.className = "one-line";
    box.rows = 1;
    box.value = text;
    box.lang = this.lang;
    fitHeight(box);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#adder.focus();
    });
    return box;
  }

  #buildAdder() {
    const line = document.createElement("div");
    line.className = "wording-add";
    this.#adder = this.#box("");
    this.#adder.id = this.getAttribute("input-id") ?? "";
    this.#adder.placeholder = t("knowledge_base.article.question_add_hint");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = t("knowledge_base.article.question_add_button");
    button.addEventListener("click", () => this.#take());
    this.#adder.addEventListener("keydown", (event) => {
      // Enter that ends the composing of Chinese characters is not meant for us.
      if (event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey) this.#take();
    });
    this.#adder.addEventListener("paste", (event) => {
      const lines = (event.clipboardData?.getData("text/plain") ?? "").split(/\r?\n/);
      if (lines.length < 2) return;
      event.preventDefault();
      this.add(lines);
    });
    line.append(this.#adder, button);
    return line;
  }

  #take() {
    const text = this.#adder.value;
    this.#adder.value = "";
    this.add([text]);
    fitHeight(this.#adder);
    this.#adder.focus();
  }

  /** @param {HTMLLIElement} item */
  #remove(item) {
    const near = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    this.#changed();
    const next = near?.querySelector("textarea") ?? this.#adder;
    next.focus();
  }

  #changed() {
    this.#showCount();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #showCount() {
    const place = this.closest(".field")?.querySelector("[data-count]");
    if (place) place.textContent = t("knowledge_base.article.question_count", { count: this.#boxes().length });
  }
}

customElements.define("wording-list", WordingList);
