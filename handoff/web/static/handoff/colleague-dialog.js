// @ts-check
/** handoff: a dialog in which a colleague is chosen and told why: to give a conversation on, or to be asked into it. */
import { ask, fragment } from "./http.js";

/** @typedef {import("./talk.js").Owned} Owned */

export class ColleagueDialog {
  #dialog;
  #step;
  #fields;
  #done;
  /** @type {Owned | null} */ #owned = null;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {"transfer" | "invite"} step what is done with the conversation; the end of its address
   * @param {(to: string) => void} done called with what was chosen, in words
   */
  constructor(dialog, step, done) {
    this.#dialog = dialog;
    this.#step = step;
    this.#fields = /** @type {HTMLElement} */ (dialog.querySelector("[data-fields]"));
    this.#done = done;
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
    dialog.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send(new FormData(/** @type {HTMLFormElement} */ (event.target)));
    });
  }

  /** Who is there changes by the minute: the choices are asked for anew each time. @param {Owned} owned */
  async open(owned) {
    if (this.#dialog.open) return;
    this.#owned = owned;
    this.#fields.innerHTML = await fragment(this.#address(owned));
    this.#dialog.showModal();
    this.#fields.querySelector("select")?.focus();
  }

  /** What is refused is said in the dialog; nothing typed is lost. @param {FormData} data */
  async #send(data) {
    const owned = this.#owned;
    const refused = this.#fields.querySelector("[data-refused]");
    if (!owned || !(refused instanceof HTMLElement)) return;
    try {
      await ask(this.#address(owned), { to: data.get("to"), reason: data.get("reason"), epoch: owned.epoch });
    } catch (error) {
      refused.textContent = error instanceof Error ? error.message : String(error);
      refused.hidden = false;
      return;
    }
    const chosen = this.#fields.querySelector("select")?.selectedOptions[0]?.textContent ?? "";
    this.#dialog.close();
    this.#done(chosen);
  }

  /** @param {Owned} owned */
  #address(owned) {
    return `/desk/conversations/${encodeURIComponent(owned.conversation)}/${this.#step}`;
  }
}
