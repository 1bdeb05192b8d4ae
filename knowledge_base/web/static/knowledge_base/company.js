// @ts-check
/**
 * knowledge_base: tells the desk that this page is open and what stands unsaved in it, and the person who else is here.
 * The desk's copy survives this computer; the browser's copy survives the desk being out of reach.
 */
import { t } from "../kit/texts.js";
import { clearNotice, showNotice } from "./notices.js";

/** @typedef {import("./unsaved-text.js").UnsavedText} UnsavedText */

const BEAT_MS = 15_000;
const PAUSE_MS = 1_500;
const HERE = "company";
const NEWER = "newer";

export class Company {
  #timer = 0;

  /** @param {UnsavedText} unsaved @param {() => void} join shows what somebody else saved */
  constructor(unsaved, join) {
    this.unsaved = unsaved;
    this.join = join;
    this.form = unsaved.form;
    this.form.form.addEventListener("input", () => this.#soon(PAUSE_MS));
    document.addEventListener("visibilitychange", () => document.hidden ? this.#soon(0) : this.report());
    window.addEventListener("pagehide", () => this.#leave());
    window.setInterval(() => {
      if (!document.hidden) this.report();
    }, BEAT_MS);
    this.report();
  }

  /** Say how things stand, and hear who else is here. */
  report() {
    window.clearTimeout(this.#timer);
    void this.#report();
  }

  /** @param {number} pause */
  #soon(pause) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.report(), pause);
  }

  async #report() {
    const dirty = this.unsaved.isDirty;
    if (!this.form.id && !dirty) return;
    const body = {
      base_version: this.form.version,
      content: dirty ? this.form.read() : null,
    };
    try {
      this.#show(await this.unsaved.keeper.send("PUT", this.unsaved.name, body));
    } catch {
      // Out of reach, or signed out: the browser's copy has it, and the next beat tries again.
    }
  }

  /** @param {{version: number, saved_by: string, is_deleted: boolean,
   * colleagues: {name: string, writes: boolean}[]}} company */
  #show(company) {
    const others = company.colleagues;
    if (others.length) {
      const who = others.map((each) => each.name).join(", ");
      const writes = others.some((each) => each.writes);
      showNotice(HERE, t(writes ? "knowledge_base.company.writing" : "knowledge_base.company.here", { who }));
    } else {
      clearNotice(HERE);
    }
    if (company.is_deleted) {
      showNotice(NEWER, t("knowledge_base.company.deleted"), undefined, "warn");
    } else if (company.version > this.form.version) {
      const words = t("knowledge_base.company.saved", { who: company.saved_by, version: company.version });
      showNotice(NEWER, words, { label: t("knowledge_base.company.show"), act: this.join }, "warn");
    } else {
      clearNotice(NEWER);
    }
  }

  #leave() {
    if (!this.form.id || this.unsaved.isDirty) return;
    const token = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
    void fetch(`/api/v1/knowledge/unsaved/${this.form.id}`, {
      method: "DELETE", keepalive: true, headers: { "X-CSRF-Token": token }, credentials: "same-origin",
    }).catch(() => undefined);
  }
}
