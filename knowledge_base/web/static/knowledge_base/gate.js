// @ts-check
/** knowledge_base: shows what a publication would do to the answers, where there is anything to see. */
import { fetchPiece } from "./desk-api.js";

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
  dialog.showModal();
  const box = dialog.querySelector("textarea");
  if (!box) dialog.querySelector("button.primary")?.setAttribute("autofocus", "");
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  dialog.remove();
  return dialog.returnValue === "publish" ? (box?.value ?? "") : null;
}
