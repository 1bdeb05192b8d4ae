// @ts-check
/** knowledge_base: <follow-up-list>: the articles that customers usually want next; chosen from a list, in order. */
import { t } from "../kit/texts.js";

export class FollowUpList extends HTMLElement {
  #built = false;
  #list = document.createElement("ul");

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    const first = [...this.querySelectorAll("p")].map((line) => /** @type {[string, string]} */ ([line.dataset.key ?? "", line.textContent ?? ""]));
    this.#list.className = "follow-ups";
    this.replaceChildren(this.#list);
    for (const [key, title] of first) this.#append(key, title);
    if (!this.hasAttribute("locked")) this.append(this.#adder());
  }

  /** Keys in their order. */
  get value() {
    return [...this.#list.children].map((item) => (item instanceof HTMLElement ? (item.dataset.key ?? "") : ""));
  }

  set value(keys) {
    const titles = new Map([...this.#list.children].map((item) => [item.getAttribute("data-key") ?? "", item.querySelector("span")?.textContent ?? ""]));
    this.#list.replaceChildren();
    for (const key of keys) this.#append(key, titles.get(key) || key);
  }

  /** @param {string} key @param {string} title */
  #append(key, title) {
    const item = document.createElement("li");
    item.dataset.key = key;
    const words = document.createElement("span");
    words.textContent = title;
    item.append(words);
    if (!this.hasAttribute("locked")) {
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn quiet icon-only small";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${t("knowledge_base.details.follow_up_remove")}: ${title}`);
      remove.addEventListener("click", () => {
        const near = item.nextElementSibling ?? item.previousElementSibling;
        item.remove();
        this.#changed();
        (near?.querySelector("button") ?? this.querySelector("button"))?.focus();
      });
      item.append(remove);
    }
    this.#list.append(item);
  }

  #adder() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = t("knowledge_base.details.follow_up_add");
    button.addEventListener("click", () => void this.#pick());
    return button;
  }

  async #pick() {
    const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("pick"));
    const search = /** @type {HTMLFormElement} */ (dialog.querySelector("form.search-line"));
    /** @param {Event} event */
    const choose = (event) => {
      const chosen = event.target instanceof Element ? event.target.closest("[data-key]") : null;
      if (!(chosen instanceof HTMLElement)) return;
      const key = chosen.dataset.key ?? "";
      if (!this.value.includes(key)) this.#append(key, chosen.firstElementChild?.textContent ?? key);
      this.#changed();
      dialog.close();
    };
    search.reset();
    dialog.addEventListener("click", choose);
    dialog.addEventListener("close", () => dialog.removeEventListener("click", choose), { once: true });
    dialog.showModal();
    search.dispatchEvent(new CustomEvent("look"));
  }

  #changed() {
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("follow-up-list", FollowUpList);
