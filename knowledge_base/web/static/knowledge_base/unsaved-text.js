// @ts-check
/** knowledge_base: whether the form holds something unsaved; keeps it in the browser with every change. */
import { t } from "../kit/texts.js";
import { stored } from "./article-form.js";

/**
 * @typedef {import("./article-form.js").ArticleForm} ArticleForm
 * @typedef {import("./article-form.js").Content} Content
 * @typedef {import("./draft-keeper.js").DraftKeeper} DraftKeeper
 * @typedef {import("./draft-keeper.js").Kept} Kept
 */

const OTHERS = 3;

export class UnsavedText {
  /** The form's content as it was last saved. */
  #saved = "";

  /** @param {ArticleForm} form @param {DraftKeeper} keeper */
  constructor(form, keeper) {
    this.form = form;
    this.keeper = keeper;
    this.name = form.id || (form.locked ? "" : keeper.newName());
    this.#saved = JSON.stringify(form.read(stored));
  }

  get isDirty() {
    return JSON.stringify(this.form.read()) !== this.#saved;
  }

  /** Put back what was kept of this article. @returns {Kept | null} */
  putBack() {
    const kept = this.keeper.find(this.name);
    if (!kept || JSON.stringify(kept.content) === this.#saved) return null;
    this.form.fill(kept.content);
    return kept;
  }

  /** Other new articles that were begun here and never saved, where this is a new one too. */
  others() {
    if (this.form.id) return [];
    const names = this.keeper.unfinished().filter((name) => name !== this.name);
    return names.flatMap((name) => {
      const kept = this.keeper.find(name);
      return kept ? [{ name, kept }] : [];
    }).slice(-OTHERS);
  }

  /** Something was typed: keep it, and say how things stand. */
  note() {
    if (this.isDirty) {
      const at = new Date().toISOString();
      this.keeper.keep(this.name, { version: this.form.version, content: this.form.read(), at });
    } else {
      this.keeper.forget(this.name);
    }
    this.show();
  }

  /** `sent` is stored on the server. @param {Content} sent */
  savedAs(sent) {
    this.#saved = JSON.stringify(sent);
    this.keeper.drop(this.name); // a new article has another name from now on
    this.name = this.form.id;
    this.note();
  }

  forget() {
    this.keeper.drop(this.name);
  }

  show() {
    const place = document.getElementById("saved-state");
    if (!place) return;
    const dirty = this.isDirty;
    place.textContent = dirty ? t("knowledge_base.article.dirty") : this.form.id ? t("knowledge_base.article.clean") : "";
    place.title = dirty ? t("knowledge_base.article.kept") : "";
    place.classList.toggle("dirty", dirty);
  }
}
