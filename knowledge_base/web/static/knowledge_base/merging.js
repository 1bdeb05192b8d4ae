// @ts-check
/** knowledge_base: the second of two editors sees what the first one saved, and joins it into the typed text. */
import { fetchPiece } from "./desk-api.js";

/** @typedef {import("./article-form.js").ArticleForm} ArticleForm */

/**
 * Show what changed since the form was read; on request put the joined text into the form.
 * @param {ArticleForm} form
 * @returns {Promise<boolean>} whether the form now holds the joined text, read at the newest version
 */
export async function joinChanges(form) {
  const dialog = document.createElement("dialog");
  dialog.className = "merge-dialog";
  dialog.innerHTML = await fetchPiece(`/knowledge/articles/${form.id}/merge`, {
    base_version: form.version,
    content: form.read(),
  });
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  const joins = dialog.returnValue === "join";
  if (joins) fillJoined(form, dialog);
  dialog.remove();
  return joins;
}

/** @param {ArticleForm} form @param {HTMLDialogElement} dialog */
function fillJoined(form, dialog) {
  const merged = JSON.parse(dialog.querySelector("#merged")?.textContent ?? "{}");
  form.fill(merged.content);
  for (const choice of dialog.querySelectorAll("input[type=radio]:checked")) {
    if (choice instanceof HTMLInputElement && choice.value === "theirs") form.put(choice.name, merged.theirs[choice.name]);
  }
  form.identify(form.id, merged.version);
}
