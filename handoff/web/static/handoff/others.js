// @ts-check
/** handoff: who else looks at the open conversation or writes in it, so that two do not answer at once. */
import { t } from "../kit/texts.js";

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {import("../kit/live-socket.js").Frame} Frame */

export class Others {
  #talk;
  #box;
  /** @type {Map<string, {name: string, doing: string}>} */ #there = new Map();

  /** @param {Talk} talk @param {HTMLElement} box */
  constructor(talk, box) {
    this.#talk = talk;
    this.#box = box;
    talk.addEventListener("closed", () => {
      this.#there.clear();
      this.#show();
    });
  }

  /** A frame of the socket. @param {Frame} frame */
  hear(frame) {
    // After an interruption who is there is told anew.
    if (frame.t === "ready") this.#there.clear();
    if (frame.t === "watching" && frame.conversation === this.#talk.conversation) {
      if (frame.doing === "gone") this.#there.delete(frame.agent.id);
      else this.#there.set(frame.agent.id, { name: frame.agent.name, doing: frame.doing });
    }
    if (frame.t === "ready" || frame.t === "watching") this.#show();
  }

  #show() {
    const words = ["writing", "viewing"].map((doing) => this.#sentence(doing)).filter(Boolean).join(" ");
    this.#box.hidden = !words;
    if (this.#box.textContent !== words) this.#box.textContent = words;
  }

  /** @param {string} doing */
  #sentence(doing) {
    const names = [...this.#there.values()].filter((one) => one.doing === doing).map((one) => one.name);
    return names.length ? t(`handoff.others.${doing}`, { names: names.join(t("handoff.others.and")) }) : "";
  }
}
