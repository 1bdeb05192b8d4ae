// @ts-check
/** handoff: Ctrl-K: everything one can do and everybody in the list, found by typing a part of the name. */
import { t } from "../kit/texts.js";

/** @typedef {{label: string, key?: string, run: () => void}} Command */

const MOST = 12;

export class Palette {
  #dialog;
  #input;
  #box;
  #commands;
  /** @type {Command[]} */ #all = [];
  /** @type {Command[]} */ #found = [];
  #chosen = 0;

  /** @param {HTMLDialogElement} dialog @param {() => Command[]} commands what can be done now */
  constructor(dialog, commands) {
    this.#dialog = dialog;
    this.#input = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
    this.#box = /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]"));
    this.#commands = commands;
    this.#input.addEventListener("input", () => this.#look());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#box.addEventListener("mousedown", (event) => event.preventDefault());
    this.#box.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option instanceof HTMLElement) this.#run(Number(option.dataset.index));
    });
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (this.#dialog.open) this.#dialog.close();
      else this.open();
    });
  }

  open() {
    if (document.querySelector("dialog[open]")) return;
    this.#all = this.#commands();
    this.#input.value = "";
    this.#look();
    this.#dialog.showModal();
    this.#input.focus();
  }

  #look() {
    const parts = this.#input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (/** @type {Command} */ one) => parts.every((part) => one.label.toLowerCase().includes(part) || one.key?.toLowerCase() === part);
    this.#found = this.#all.filter(fits).slice(0, MOST);
    this.#chosen = 0;
    this.#box.replaceChildren(...this.#found.map(option));
    const nothing = this.#dialog.querySelector("[role=status]");
    if (nothing) nothing.textContent = this.#found.length ? "" : t("handoff.palette.nothing");
    this.#mark();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing || event.keyCode === 229 || !this.#found.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#chosen = (this.#chosen + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === "Enter") {
      this.#run(this.#chosen);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {number} index */
  #run(index) {
    const command = this.#found[index];
    if (!command) return;
    this.#dialog.close();
    command.run();
  }

  #mark() {
    for (const element of this.#box.children) {
      const on = element.id === `palette-${this.#chosen}`;
      element.setAttribute("aria-selected", String(on));
      if (on) element.scrollIntoView({ block: "nearest" });
    }
    if (this.#found.length) this.#input.setAttribute("aria-activedescendant", `palette-${this.#chosen}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }
}

/** @param {Command} command @param {number} index */
function option(command, index) {
  const element = document.createElement("li");
  element.id = `palette-${index}`;
  element.dataset.index = String(index);
  element.setAttribute("role", "option");
  const label = document.createElement("span");
  label.className = "cut";
  label.textContent = command.label;
  element.append(label);
  if (command.key) {
    const key = document.createElement("kbd");
    key.textContent = command.key;
    element.append(key);
  }
  return element;
}
