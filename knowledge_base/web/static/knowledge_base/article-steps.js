// @ts-check
/** knowledge_base: the steps of an article's life, one at a time: save, publish, submit, send back, retire, delete. */
import { ask, showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { callApi, fetchPiece, Refused } from "./desk-api.js";
import { joinChanges } from "./merging.js";
import { clearNotice, showNotice } from "./notices.js";
import { showPaneOf } from "./panes.js";

/**
 * @typedef {import("./article-form.js").ArticleForm} ArticleForm
 * @typedef {import("./unsaved-text.js").UnsavedText} UnsavedText
 */

const TROUBLE = "trouble";
const ARTICLES = "/api/knowledge/articles";

export class ArticleSteps {
  #busy = false;

  /** @param {ArticleForm} form @param {UnsavedText} unsaved @param {() => void} published called after the base changed */
  constructor(form, unsaved, published) {
    this.form = form;
    this.unsaved = unsaved;
    this.published = published;
  }

  /** @param {string} step */
  async take(step) {
    if (this.#busy || this.form.locked) return;
    this.#setBusy(true);
    try {
      clearNotice(TROUBLE);
      this.form.clearFaults();
      await this.#do(step);
    } catch (error) {
      await this.#explain(error);
    } finally {
      this.#setBusy(false);
      this.unsaved.show();
    }
  }

  /** @param {string} step */
  async #do(step) {
    switch (step) {
      case "save":
        await this.#save();
        showToast(t("knowledge_base.article.saved", { version: this.form.version }));
        break;
      case "publish":
        await this.#saveUnsaved();
        await this.#step("publish");
        showToast(t("knowledge_base.article.published"));
        this.published();
        break;
      case "submit":
        await this.#saveUnsaved();
        await this.#step("submit");
        showToast(t("knowledge_base.article.submitted"));
        break;
      case "reject":
        await this.#step("reject");
        showToast(t("knowledge_base.article.rejected"));
        break;
      case "retire":
        if (!(await ask(t("knowledge_base.article.retire_ask"), t("knowledge_base.article.retire")))) return;
        await this.#step("retire");
        showToast(t("knowledge_base.article.retired"));
        this.published();
        break;
      case "delete":
        if (!(await ask(t("knowledge_base.article.delete_ask"), t("knowledge_base.article.delete")))) return;
        await callApi("DELETE", `${ARTICLES}/${this.form.id}?expected_version=${this.form.version}`);
        this.unsaved.forget();
        location.assign("/knowledge");
        break;
    }
  }

  async #saveUnsaved() {
    if (this.form.id === "" || this.unsaved.isDirty) await this.#save();
  }

  async #save() {
    const content = this.form.read();
    const saved = this.form.id
      ? await callApi("PUT", `${ARTICLES}/${this.form.id}`, { expected_version: this.form.version, content })
      : await callApi("POST", ARTICLES, content);
    const isNew = this.form.id === "";
    this.form.identify(saved.id, saved.version);
    if (isNew) {
      history.replaceState(history.state, "", `/knowledge/articles/${saved.id}`);
      this.form.settleKey(saved.content.key);
      content.key = saved.content.key;
    }
    clearNotice("put-back");
    clearNotice("carried");
    const answered = this.unsaved.savedAs(content);
    for (const asked of answered) await callApi("POST", "/api/knowledge/misses/dismiss", asked);
    await this.#refreshHead();
  }

  /** @param {string} step */
  async #step(step) {
    const body = { expected_version: this.form.version };
    const article = await callApi("POST", `${ARTICLES}/${this.form.id}/${step}`, body);
    this.form.identify(article.id, article.version);
    await this.#refreshHead();
  }

  async #refreshHead() {
    const head = document.getElementById("article-head");
    if (head) head.innerHTML = await fetchPiece(`/knowledge/articles/${this.form.id}/head`);
    this.#setBusy(this.#busy);
  }

  /** @param {unknown} error */
  async #explain(error) {
    if (!(error instanceof Refused)) {
      showNotice(TROUBLE, t("knowledge_base.article.unreachable"), undefined, "danger");
      return;
    }
    if (error.code === "article_changed") {
      if (await joinChanges(this.form)) {
        this.unsaved.note();
        showNotice(TROUBLE, t("knowledge_base.merge.joined"));
      } else {
        showNotice(TROUBLE, error.text, undefined, "warn");
      }
    } else if (error.status === 401 || error.code === "csrf") {
      const here = location.pathname + location.hash;
      showNotice(TROUBLE, t("knowledge_base.article.signed_out"), {
        label: t("knowledge_base.article.sign_in_again"),
        act: () => location.assign(`/sign-in?next=${encodeURIComponent(here)}`),
      }, "danger");
    } else {
      this.#showFaults(error);
    }
  }

  /** @param {Refused} error */
  #showFaults(error) {
    const faults = Object.keys(error.details).length ? error.details : error.field ? { [error.field]: error.text } : {};
    const { first, elsewhere } = this.form.showFaults(faults);
    const count = Object.keys(faults).length - elsewhere.length;
    const words = [...elsewhere, ...(count ? [t("knowledge_base.article.check_fields", { count })] : [])];
    showNotice(TROUBLE, words.join(" ") || error.text, undefined, "danger");
    if (!first) return;
    showPaneOf(first);
    first.focus();
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    for (const button of document.querySelectorAll("#article-head [data-do]")) {
      button.setAttribute("aria-disabled", String(busy));
    }
    const place = document.getElementById("saved-state");
    if (busy && place) place.textContent = t("knowledge_base.article.saving");
  }
}
