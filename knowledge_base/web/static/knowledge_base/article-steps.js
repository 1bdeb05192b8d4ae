// @ts-check
/** knowledge_base: the steps of an article's life, one at a time: save, publish, submit, send back, retire, delete. */
import { oneAtATime } from "../kit/once.js";
import { ask, showToast } from "../kit/shell.js";
import { htmlLang, pageLanguage, t } from "../kit/texts.js";
import { callApi, fetchPiece, Refused } from "./desk-api.js";
import { passGate } from "./gate.js";
import { joinChanges } from "./merging.js";
import { clearNotice, showNotice } from "./notices.js";
import { showPaneOf } from "./panes.js";

/**
 * @typedef {import("./article-form.js").ArticleForm} ArticleForm
 * @typedef {import("./unsaved-text.js").UnsavedText} UnsavedText
 */

const TROUBLE = "trouble";
const ARTICLES = "/api/v1/knowledge/articles";

export class ArticleSteps {
  #busy = false;
  /** Pressed twice, what somebody else saved is shown once. */ #joining = oneAtATime();

  /** @param {ArticleForm} form @param {UnsavedText} unsaved @param {() => void} published called after the base changed */
  constructor(form, unsaved, published) {
    this.form = form;
    this.unsaved = unsaved;
    this.published = published;
  }

  /** @param {string} step @param {string} [language] of the side it is about, where it is about one */
  async take(step, language = "") {
    if (this.#busy || this.form.locked) return;
    this.#setBusy(true);
    try {
      clearNotice(TROUBLE);
      this.form.clearFaults();
      await this.#do(step, language);
    } catch (error) {
      await this.#explain(error);
    } finally {
      this.#setBusy(false);
      this.unsaved.show();
      document.dispatchEvent(new CustomEvent("step"));
    }
  }

  /** @param {string} step @param {string} language */
  async #do(step, language) {
    switch (step) {
      case "save":
        await this.#save();
        showToast(t("knowledge_base.article.saved", { version: this.form.version }));
        break;
      case "publish":
        await this.#publish();
        break;
      case "submit": {
        await this.#saveUnsaved();
        const note = await askNote("submit");
        if (note === null) return;
        await this.#step("submit", { note });
        showToast(t("knowledge_base.article.submitted"));
        break;
      }
      case "reject": {
        const note = await askNote("reject");
        if (note === null) return;
        await this.#step("reject", { note });
        showToast(t("knowledge_base.article.rejected"));
        break;
      }
      case "confirm":
        await this.#saveUnsaved();
        await this.#step("confirm-translation");
        showToast(t("knowledge_base.article.confirmed"));
        break;
      case "confirm_short":
        await this.#saveUnsaved();
        await this.#step("confirm-short", { language });
        showToast(t("knowledge_base.short.confirmed"));
        break;
      case "call_off":
        await this.#step("call-off");
        showToast(t("knowledge_base.article.called_off"));
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
    this.#adopt(saved);
    if (isNew) {
      history.replaceState(history.state, "", `/knowledge/articles/${saved.id}`);
      this.form.settleKey(saved.content.key);
      content.key = saved.content.key;
    }
    clearNotice("put-back");
    nameThePage(content.texts);
    this.unsaved.savedAs(content);
    await this.#refreshHead();
  }

  async #publish() {
    await this.#saveUnsaved();
    this.#tell("checking");
    const reason = await passGate(this.form);
    if (reason === null) return;
    this.#tell("publishing");
    const article = await this.#step("publish", { reason });
    showToast(t(article.scheduled_at ? "knowledge_base.article.scheduled" : "knowledge_base.article.published"));
    this.published();
  }

  /** Show what somebody else saved, and join it into the form when the person wants it. */
  async join() {
    if (this.#busy) return;
    if (!this.unsaved.isDirty) {
      location.reload();
      return;
    }
    await this.#joining(async () => {
      try {
        await this.#showOthers();
      } catch (error) {
        await this.#explain(error);
      }
    });
  }

  /** @returns {Promise<boolean>} whether what somebody else saved is in the form now */
  async #showOthers() {
    const joined = await joinChanges(this.form);
    if (joined) {
      this.unsaved.note();
      showNotice(TROUBLE, t("knowledge_base.merge.joined"));
    }
    return joined;
  }

  /** @param {string} step @param {{note?: string, reason?: string, language?: string}} [more] */
  async #step(step, more = {}) {
    const body = { expected_version: this.form.version, ...more };
    const article = await callApi("POST", `${ARTICLES}/${this.form.id}/${step}`, body);
    this.#adopt(article);
    await this.#refreshHead();
    return article;
  }

  /** @param {{id: string, version: number, stale_shorts: string[]}} article as the desk has it now */
  #adopt(article) {
    this.form.identify(article.id, article.version);
    this.form.staleShorts = article.stale_shorts;
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
      if (!(await this.#showOthers())) showNotice(TROUBLE, error.text, undefined, "warn");
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
    if (busy) this.#tell("saving");
  }

  /** What is under way. @param {"saving" | "checking" | "publishing"} what */
  #tell(what) {
    const place = document.getElementById("saved-state");
    if (place) place.textContent = t(`knowledge_base.article.${what}`);
  }
}

/**
 * Ask for a word to whoever comes next in a review.
 * @param {"submit" | "reject"} step
 * @returns {Promise<string | null>} null: not after all
 */
async function askNote(step) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("note"));
  const box = /** @type {HTMLTextAreaElement} */ (document.getElementById("note-text"));
  const title = document.getElementById("note-title");
  const yes = document.getElementById("note-yes");
  if (title) title.textContent = t(`knowledge_base.review.${step}_note`);
  if (yes) yes.textContent = t(`knowledge_base.article.${step}`);
  box.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue === "yes" ? box.value : null;
}

/** The heading follows the title that was saved. @param {{language: string, title: string}[]} sides */
function nameThePage(sides) {
  const own = sides.find((side) => htmlLang(side.language) === pageLanguage()) ?? sides[0];
  const heading = document.querySelector(".top h1 .cut");
  if (heading && own?.title.trim()) heading.textContent = own.title.trim();
}
