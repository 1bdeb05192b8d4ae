// @ts-check
/** handoff: a dialog in which a colleague is chosen and told why: to give a conversation on, or to be asked into it. */
import { oneAtATime } from "../kit/once.js";
import { showFetched } from "./fetched-dialog.js";
import { ask, fragment } from "./http.js";

/** @typedef {import("./talk.js").Owned} Owned */

export class ColleagueDialog {
  #dialog;
  #step;
  #fields;
  #done;
  /** @type {Owned | null} */ #owned = null;
  /** Enter pressed twice asks once. */ #once = oneAtATime();

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
    this.#fields.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.takeBack) {
        const guest = button.dataset.takeBack;
        void this.#once(() => this.#takeBack(guest));
      }
    });
    dialog.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      void this.#once(() => this.#send(data));
    });
  }

  /** Who is there changes by the minute: the choices are asked for anew each time. @param {Owned} owned */
  async open(owned) {
    const shown = await showFetched(this.#dialog, () => fragment(this.#address(owned)), (html) => this.#draw(html));
    if (!shown) return;
    this.#owned = owned;
    this.#focus();
  }

  /** Where nobody can be chosen, nothing can be sent. @param {string} html */
  #draw(html) {
    this.#fields.innerHTML = html;
    const send = this.#dialog.querySelector("button.primary");
    if (send instanceof HTMLButtonElement) send.hidden = !this.#fields.querySelector("select");
  }

  /** Where nobody is left to choose, what closes the dialog: one key too many must take nothing back. */
  #focus() {
    const first = this.#fields.querySelector("select") ?? this.#dialog.querySelector("[data-close]");
    if (first instanceof HTMLElement) first.focus();
  }

  /** A colleague who was asked in is needed no longer. The dialog stays: it now offers them among the others. @param {string} guest */
  async #takeBack(guest) {
    const owned = this.#owned;
    if (!owned) return;
    try {
      await ask(`${this.#address(owned)}/take-back`, { guest, epoch: owned.epoch });
      const reason = this.#reason;
      this.#draw(await fragment(this.#address(owned)));
      this.#reason = reason;
      this.#focus();
    } catch (error) {
      this.#complain(error);
    }
  }

  /** What was typed outlives fields that are drawn again. */
  get #reason() {
    const box = this.#fields.querySelector("[name=reason]");
    return box instanceof HTMLInputElement ? box.value : "";
  }

  set #reason(text) {
    const box = this.#fields.querySelector("[name=reason]");
    if (box instanceof HTMLInputElement) box.value = text;
  }

  /** @param {unknown} error */
  #complain(error) {
    const refused = this.#fields.querySelector("[data-refused]");
    if (!(refused instanceof HTMLElement)) return;
    refused.textContent = error instanceof Error ? error.message : String(error);
    refused.hidden = false;
  }

  /** What is refused is said in the dialog; nothing typed is lost. @param {FormData} data */
  async #send(data) {
    const owned = this.#owned;
    if (!owned) return;
    try {
      await ask(this.#address(owned), { to: data.get("to"), reason: data.get("reason"), epoch: owned.epoch });
    } catch (error) {
      return this.#complain(error);
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
