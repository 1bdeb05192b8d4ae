// @ts-check
/** handoff: what a supervisor does in the conversation that is open: whisper, take over, reassign, change the urgency. */
import { newKey } from "../kit/live-socket.js";
import { oneAtATime } from "../kit/once.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { showFetched } from "./fetched-dialog.js";
import { ask, fragment } from "./http.js";

/** @typedef {import("./talk.js").Talk} Talk */

export class Supervise {
  #dialog;
  #talk;
  #attempt;
  /** Enter pressed twice is one whisper. */ #once = oneAtATime();

  /**
   * @param {HTMLElement | null} dialog null for those who are no supervisors
   * @param {Talk} talk
   * @param {(work: () => Promise<void>) => Promise<void>} attempt shows what the server says no to
   */
  constructor(dialog, talk, attempt) {
    this.#dialog = dialog instanceof HTMLDialogElement ? dialog : null;
    this.#talk = talk;
    this.#attempt = attempt;
    this.#dialog?.addEventListener("submit", (event) => {
      const form = event.target instanceof HTMLFormElement ? event.target : null;
      if (!form?.dataset.supervise) return;
      event.preventDefault();
      const act = form.dataset.supervise;
      void this.#once(() => this.#act(act, form));
    });
    // Nothing of the last conversation is left to be pressed while the next is fetched.
    this.#dialog?.addEventListener("close", () => this.#dialog?.replaceChildren());
  }

  /** Show what can be done here now. */
  async open() {
    const dialog = this.#dialog;
    const conversation = this.#talk.conversation;
    if (!dialog || !conversation) return;
    const fetched = () => fragment(`/desk/conversations/${encodeURIComponent(conversation)}/supervise`);
    await this.#attempt(async () => {
      await showFetched(dialog, fetched, (html) => {
        dialog.innerHTML = html;
        dialog.dataset.conversation = conversation;
      });
    });
  }

  /** @param {string} act @param {HTMLFormElement} form */
  async #act(act, form) {
    const conversation = this.#dialog?.dataset.conversation ?? "";
    const epoch = this.#talk.owned?.epoch ?? 0;
    const data = new FormData(form);
    /** @type {Record<string, Record<string, unknown>>} */
    const bodies = {
      whisper: { key: newKey(), text: String(data.get("text") ?? "") },
      "take-over": { epoch },
      reassign: { epoch, to: String(data.get("to") ?? "") },
      urgency: { urgency: Number(data.get("urgency")) },
    };
    await this.#attempt(async () => {
      const answer = await ask(`/desk/conversations/${encodeURIComponent(conversation)}/${act}`, bodies[act]);
      this.#dialog?.close();
      if (act !== "whisper" && conversation === this.#talk.conversation) this.#talk.take(answer);
      showToast(t(`handoff.supervise.done.${act.replace("-", "_")}`));
    });
  }
}
