// @ts-check
/** knowledge_base: the page of one article: builds its parts and ties them to buttons and keys. */
import { briefTime } from "../kit/clock.js";
import { ask } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { ArticleForm } from "./article-form.js";
import { ArticleSteps } from "./article-steps.js";
import { DraftKeeper } from "./draft-keeper.js";
import { Company } from "./company.js";
import "./golden.js";
import { Looks } from "./looks.js";
import { showNotice } from "./notices.js";
import { takePictures } from "./pictures.js";
import { shownPane, showPane } from "./panes.js";
import { ShortAnswers } from "./short-answers.js";
import { isTyping } from "./typing.js";
import { UnsavedText } from "./unsaved-text.js";

const form = new ArticleForm(/** @type {HTMLFormElement} */ (document.getElementById("article")));
const keeper = new DraftKeeper(form.form.dataset.person ?? "");
const looks = new Looks(form);
const unsaved = new UnsavedText(form, keeper);
const steps = new ArticleSteps(form, unsaved, () => looks.tryAgain());

if (!form.locked) {
  keeper.adopt(JSON.parse(document.getElementById("kept")?.textContent ?? "[]"));
  putBack();
  form.form.addEventListener("input", () => unsaved.note());
  form.form.addEventListener("change", () => unsaved.note());
  unsaved.note();
  takePictures(form.form);
  const shorts = new ShortAnswers(form);
  document.addEventListener("step", () => (unsaved.isDirty ? shorts.show() : shorts.keep()));
  const company = new Company(unsaved, () => void steps.join());
  document.addEventListener("step", () => company.report());
}

form.form.addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
  if (!(button instanceof HTMLElement)) return;
  button.closest("details")?.removeAttribute("open");
  void steps.take(button.dataset.do ?? "", button.dataset.side);
});

document.addEventListener("keydown", (event) => {
  const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.isComposing;
  if (command && event.key.toLowerCase() === "s") {
    event.preventDefault();
    void steps.take("save");
  } else if (command && event.key === "Enter") {
    event.preventDefault();
    const primary = document.querySelector("#article-head .btn.primary[data-do]");
    if (primary instanceof HTMLButtonElement && !primary.disabled) void steps.take(primary.dataset.do ?? "");
  } else if (event.key === "/" && !command && !isTyping(event)) {
    event.preventDefault();
    showPane("tools");
    document.getElementById("question")?.focus();
  }
});

document.addEventListener("pane", () => {
  if (shownPane() === "tools") looks.previewSoon();
});

/** What was typed and not saved the last time. */
function putBack() {
  const kept = unsaved.putBack();
  if (kept) {
    const stale = form.id !== "" && kept.version < form.version;
    const key = stale ? "knowledge_base.article.put_back_stale" : "knowledge_base.article.put_back";
    showNotice("put-back", t(key, { when: briefTime(new Date(kept.at)) }), {
      label: t("knowledge_base.article.put_back_discard"),
      act: () => void discard(),
    });
    if (stale) form.identify(form.id, kept.version); // the save is then compared with what others did
  }
  for (const other of unsaved.others()) {
    const title = other.kept.content.texts.map((side) => side.title).find((each) => each.trim()) ?? "…";
    showNotice(other.name, t("knowledge_base.article.unfinished", { title }), {
      label: t("knowledge_base.article.unfinished_open"),
      act: () => {
        location.hash = other.name;
        location.reload();
      },
    });
  }
}

async function discard() {
  if (!(await ask(t("knowledge_base.article.put_back_ask"), t("knowledge_base.article.put_back_discard")))) return;
  unsaved.forget();
  location.reload();
}
