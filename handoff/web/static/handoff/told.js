// @ts-check
/** handoff: what the reader has to know, on the console and on the wall. Read again whenever the desk says it changed. */
import { showToast } from "../kit/shell.js";
import { tick } from "./clock.js";
import { ask, fragment } from "./http.js";

/** @typedef {import("../kit/live-socket.js").LiveSocket} LiveSocket */

/** What is told may change without any news: a time that is near passes. */
const LOOK_MS = 20_000;

export class Told {
  #box;
  #open;
  #shown = "";
  #loading = false;
  #again = false;

  /** @param {HTMLElement} box @param {LiveSocket} socket @param {(conversation: string) => void} open */
  constructor(box, socket, open) {
    this.#box = box;
    this.#open = open;
    box.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.open) this.#open(button.dataset.open);
      if (button?.dataset.read) void this.#read(button.dataset.read);
    });
    socket.addEventListener("frame", (event) => {
      if (event instanceof CustomEvent && event.detail.t === "queue") void this.reload();
    });
    window.setInterval(() => box.childElementCount && void this.reload(), LOOK_MS);
    void this.reload();
  }

  /** Calls that come while one is under way are one more call. */
  async reload() {
    this.#again = this.#loading;
    if (this.#loading) return;
    this.#loading = true;
    try {
      const html = await fragment("/desk/notices");
      // The same words are not drawn again: they would be read out twice, and the focus would be lost.
      if (html !== this.#shown) {
        this.#shown = html;
        this.#box.innerHTML = html;
        tick(this.#box);
      }
    } catch {
      // The next news tries again.
    }
    this.#loading = false;
    if (this.#again) void this.reload();
  }

  /** @param {string} notice */
  async #read(notice) {
    this.#box.querySelector(`[data-notice="${notice}"]`)?.remove();
    try {
      await ask(`/desk/notices/${notice}/read`, {});
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
    }
    this.#shown = "";
    void this.reload();
  }
}
