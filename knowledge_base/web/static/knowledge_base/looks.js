// @ts-check
/** knowledge_base: how it will look: the preview of the side at hand, and the trial of a customer's question. */
import { t } from "../kit/texts.js";
import { fetchPiece, Refused } from "./desk-api.js";
import { LANGUAGES } from "./article-form.js";
import { shownPane } from "./panes.js";

/** @typedef {import("./article-form.js").ArticleForm} ArticleForm */

const PAUSE_MS = 350;

export class Looks {
  #timer = 0;
  #language = "";
  #previewed = "";
  /** Numbers of the newest requests: an answer that comes late is not shown over a newer one. */
  #preview = 0;
  #trial = 0;

  /** @param {ArticleForm} form */
  constructor(form) {
    this.form = form;
    this.#language = shownPane();
    this.#previewed = this.#side();
    form.form.addEventListener("input", () => this.previewSoon());
    form.form.addEventListener("focusin", (event) => this.#look(event.target));
    document.getElementById("try")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#try();
    });
    this.previewSoon();
  }

  /** Bring the preview up to date once typing pauses. */
  previewSoon() {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#showPreview(), PAUSE_MS);
  }

  /** Try the question again, if there is one: the base has changed. */
  tryAgain() {
    if (this.#question()) void this.#try();
  }

  /** @param {EventTarget | null} target */
  #look(target) {
    const side = target instanceof Element ? target.closest(".side") : null;
    const language = side instanceof HTMLElement ? side.dataset.pane : undefined;
    if (!language || language === this.#language) return;
    this.#language = language;
    this.previewSoon();
  }

  #side() {
    const language = LANGUAGES.includes(this.#language) ? this.#language : (LANGUAGES[0] ?? "");
    const { title, answer, short, attachments } = this.form.side(language);
    return JSON.stringify({ language, title, answer, short, attachments });
  }

  async #showPreview() {
    const side = this.#side();
    const place = document.getElementById("preview");
    if (side === this.#previewed || !place) return;
    const number = (this.#preview += 1);
    try {
      const piece = await fetchPiece("/knowledge/preview", JSON.parse(side));
      if (number !== this.#preview) return;
      place.innerHTML = piece;
      this.#previewed = side;
    } catch {
      // The next pause tries again; saving tells of a server that stays away.
    }
  }

  async #try() {
    const place = document.getElementById("trial");
    const question = this.#question();
    if (!place || !question) {
      document.getElementById("question")?.focus();
      return;
    }
    const number = (this.#trial += 1);
    const loading = document.getElementById("loading");
    if (loading instanceof HTMLTemplateElement) place.replaceChildren(loading.content.cloneNode(true));
    const body = { question, article_id: this.form.id || null, content: this.form.read() };
    try {
      const piece = await fetchPiece("/knowledge/try", body);
      if (number === this.#trial) place.innerHTML = piece;
    } catch (error) {
      if (number === this.#trial) this.#explain(place, error);
    }
  }

  /** @param {HTMLElement} place @param {unknown} error */
  #explain(place, error) {
    const words = document.createElement("p");
    words.className = "error";
    words.textContent = error instanceof Refused ? error.text : t("connection.unreached");
    place.replaceChildren(words);
    if (error instanceof Refused) this.form.showFaults(error.details);
  }

  #question() {
    const box = document.getElementById("question");
    return box instanceof HTMLInputElement ? box.value.trim() : "";
  }
}
