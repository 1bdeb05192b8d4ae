// @ts-check
/** knowledge_base: shows what a publication would do to the answers, where there is anything to see. */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { callApi, fetchPiece, Refused } from "./desk-api.js";
import { showPaneOf } from "./panes.js";

const EDIT = "edit-";

/**
 * @param {import("./article-form.js").ArticleForm} form saved, so that what is shown is what would be published
 * @returns {Promise<string | null>} the reason that was given, empty where none was needed; null: do not publish
 */
export async function passGate(form) {
  const dialog = document.createElement("dialog");
  dialog.className = "merge-dialog";
  dialog.innerHTML = await fetchPiece(`/knowledge/articles/${form.id}/gate?expected_version=${form.version}`);
  if (!dialog.querySelector("[data-attention=yes]")) return "";
  document.body.append(dialog);
  const box = dialog.querySelector("textarea");
  if (box) wantReason(box);
  else dialog.querySelector("button.primary")?.setAttribute("autofocus", "");
  dialog.showModal();
  settleShorts(dialog, form);
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  dialog.remove();
  if (dialog.returnValue.startsWith(EDIT)) showShort(dialog.returnValue.slice(EDIT.length));
  return dialog.returnValue === "publish" ? (box?.value ?? "") : null;
}

/** Say in the page's language that a reason is wanted; the browser would in its own. @param {HTMLTextAreaElement} box */
function wantReason(box) {
  box.addEventListener("invalid", () => box.setCustomValidity(t("knowledge_base.gate.reason_wanted")));
  box.addEventListener("input", () => box.setCustomValidity(""));
}

/**
 * "The short answer is still right", pressed without leaving the gate.
 * @param {HTMLDialogElement} dialog @param {import("./article-form.js").ArticleForm} form
 */
function settleShorts(dialog, form) {
  for (const button of dialog.querySelectorAll("[data-short-right]")) {
    if (button instanceof HTMLButtonElement) button.addEventListener("click", () => void settle(button, form));
  }
}

/** @param {HTMLButtonElement} button @param {import("./article-form.js").ArticleForm} form */
async function settle(button, form) {
  button.disabled = true;
  const body = { expected_version: form.version, language: button.dataset.shortRight };
  try {
    const article = await callApi("POST", `/api/v1/knowledge/articles/${form.id}/confirm-short`, body);
    form.staleShorts = article.stale_shorts;
    button.closest("[data-short-actions]")?.replaceChildren(t("knowledge_base.short.confirmed"));
  } catch (error) {
    button.disabled = false;
    showToast(error instanceof Refused ? error.text : t("connection.unreached"), "danger");
  }
}

/** Bring somebody to a short answer. @param {string} language */
function showShort(language) {
  const box = document.getElementById(`${language}-short`);
  if (!box) return;
  showPaneOf(box);
  box.focus();
}
