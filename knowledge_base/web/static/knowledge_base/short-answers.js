// @ts-check
/** knowledge_base: says at the short answer that its answer changed, until somebody writes it anew or finds it right. */
import { LANGUAGES, stored } from "./article-form.js";

/** @typedef {import("./article-form.js").ArticleForm} ArticleForm */

export class ShortAnswers {
  /** @type {Map<string, {answer: string, short: string}>} as they were last saved */
  #saved = new Map();

  /** @param {ArticleForm} form */
  constructor(form) {
    this.form = form;
    this.keep(stored);
    form.form.addEventListener("input", () => this.show());
    this.show();
  }

  /** The form holds what is saved. @param {Parameters<ArticleForm["side"]>[1]} [valueOf] */
  keep(valueOf) {
    for (const language of LANGUAGES) this.#saved.set(language, this.form.side(language, valueOf));
    this.show();
  }

  show() {
    for (const language of LANGUAGES) {
      const notice = this.form.form.querySelector(`[data-stale-short="${language}"]`);
      if (notice instanceof HTMLElement) notice.hidden = !this.#isStale(language);
    }
  }

  /** @param {string} language */
  #isStale(language) {
    const now = this.form.side(language), saved = this.#saved.get(language);
    if (now.short.trim() === "" || now.short !== saved?.short) return false;
    return this.form.staleShorts.includes(language) || now.answer !== saved.answer;
  }
}
