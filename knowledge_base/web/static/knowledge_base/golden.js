// @ts-check
/** knowledge_base: golden questions: kept from a trial, typed on their own page, taken away again. */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { callApi, fetchPiece, Refused } from "./desk-api.js";

const GOLDEN = "/api/v1/knowledge/golden";
const card = document.getElementById("golden");
const CJK = /[\u3400-\u9fff]/;

/** Show this article's golden questions anew. */
export async function showGolden() {
  const id = document.getElementById("article")?.dataset.id;
  const place = card?.querySelector("[data-list]");
  if (!place || !id) return;
  if (card) card.hidden = false;
  try {
    place.innerHTML = await fetchPiece(`/knowledge/articles/${id}/golden`);
  } catch {
    // The list stays as it was; the next step of the article tries again.
  }
}

/** @param {string} question @param {string | null} article */
async function add(question, article) {
  const language = CJK.test(question) ? "zh" : "en";
  await told(() => callApi("POST", GOLDEN, { question, language, article_id: article }));
}

/** @param {() => Promise<unknown>} act */
async function told(act) {
  try {
    await act();
    if (card) await showGolden();
    else location.reload();
  } catch (error) {
    showToast(error instanceof Refused ? error.text : t("connection.offline"), "danger");
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const remove = target?.closest("[data-golden-remove]");
  if (remove instanceof HTMLElement) void told(() => callApi("DELETE", `${GOLDEN}/${remove.dataset.goldenRemove}`));
  if (target?.closest("[data-golden-keep]")) {
    const box = document.getElementById("question");
    const question = box instanceof HTMLInputElement ? box.value.trim() : "";
    const id = document.getElementById("article")?.dataset.id;
    if (question && id) void add(question, id);
    else box?.focus();
  }
});

document.getElementById("golden-none")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const box = document.getElementById("golden-question");
  if (box instanceof HTMLInputElement && box.value.trim()) void add(box.value.trim(), null);
});

if (card) {
  void showGolden();
  document.addEventListener("step", () => void showGolden());
}
