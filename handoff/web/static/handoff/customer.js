// @ts-check
/** handoff: the customer record of the open conversation: notes, tags, joining channels on proof, contacts. */
import { oneAtATime } from "../kit/once.js";
import { ask as askPerson, showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { showFetched } from "./fetched-dialog.js";
import { ask, fragment } from "./http.js";

/** @typedef {import("./talk.js").Talk} Talk */

export class CustomerCard {
  #dialog;
  #talk;
  #conversation = "";
  /** Enter pressed twice is one note. */ #once = oneAtATime();

  /** @param {HTMLDialogElement} dialog @param {Talk} talk */
  constructor(dialog, talk) {
    this.#dialog = dialog;
    this.#talk = talk;
    dialog.addEventListener("submit", (event) => {
      const form = event.target instanceof HTMLFormElement ? event.target : null;
      if (!form?.dataset.customer) return;
      event.preventDefault();
      const act = form.dataset.customer;
      void this.#once(() => this.#act(act, new FormData(form)));
    });
    dialog.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.reveal) void this.#reveal(button);
      if (button?.dataset.separate) {
        const other = button.dataset.separate;
        void this.#once(() => this.#separate(other, button.textContent?.trim() ?? ""));
      }
      // Not a submit button: Enter in the form joins, and must not send somebody a code.
      const form = button?.form;
      if (form && button.dataset.sendCode !== undefined) void this.#once(() => this.#act("send-code", new FormData(form)));
    });
  }

  /** Show the record of the open conversation. */
  async open() {
    const conversation = this.#talk.conversation;
    if (!conversation || this.#dialog.open) return;
    this.#conversation = conversation;
    try {
      await showFetched(this.#dialog, () => this.#fetched(""), (html) => void (this.#dialog.innerHTML = html));
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
    }
  }

  get #path() {
    return `/desk/conversations/${encodeURIComponent(this.#conversation)}/customer`;
  }

  /** The record. @param {string} words what is searched for among the others */
  #fetched(words) {
    return fragment(`${this.#path}?q=${encodeURIComponent(words)}`);
  }

  /** @param {string} words what is searched for */
  async #draw(words) {
    try {
      this.#dialog.innerHTML = await this.#fetched(words);
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
    }
  }

  /** @param {string} act @param {FormData} data */
  async #act(act, data) {
    if (act === "search") {
      await this.#draw(String(data.get("q") ?? ""));
      this.#dialog.querySelector("input[type=search]")?.scrollIntoView({ block: "nearest" });
      return;
    }
    const other = { other: String(data.get("other") ?? "") };
    const text = { text: String(data.get("text") ?? "") };
    const body = act === "send-code" || act === "separate" ? other : act === "join" ? { ...other, ...text } : text;
    try {
      await ask(`${this.#path}/${act}`, body);
      showToast(t(`handoff.customer.done.${act.replace("-", "_")}`));
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
      return;
    }
    await this.#draw("");
    void this.#talk.refresh();
  }

  /** Two records again, after a yes. @param {string} other @param {string} step */
  async #separate(other, step) {
    if (!(await askPerson(t("handoff.customer.ask_separate"), step))) return;
    const data = new FormData();
    data.set("other", other);
    await this.#act("separate", data);
  }

  /** @param {HTMLButtonElement} button */
  async #reveal(button) {
    try {
      const answer = await ask(`${this.#path}/reveal`, { number: Number(button.dataset.reveal) });
      const place = this.#dialog.querySelector(`[data-contact="${button.dataset.reveal}"]`);
      if (place) place.textContent = answer.value;
      button.remove();
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
    }
  }
}
