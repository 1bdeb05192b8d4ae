// @ts-check
/** knowledge_base: golden questions: kept from a trial, typed on their own page, taken away again. */
import { oneAtATime } from "../kit/once.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { callApi, fetchPiece, Refused } from "./desk-api.js";

const GOLDEN = "/api/v1/knowledge/golden";
const card = document.getElementById("golden");
/** A second press would keep the same question twice. */
const once = oneAtATime();
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

/** @param {Element | null} button @param {string} question @param {string | null} article */
function add(button, question, article) {
  const language = CJK.test(question) ? "zh" : "en";
  void once(() => told(button, () => callApi("POST", GOLDEN, { question, language, article_id: article })));
}

/** @param {Element | null} button that was pressed @param {() => Promise<unknown>} act */
async function told(button, act) {
  button?.setAttribute("aria-busy", "true");
  try {
    await act();
    if (card) await showGolden();
    else {
      location.reload();
      await new Promise(() => {}); // until the new page is there, this one is busy
    }
  } catch (error) {
    showToast(error instanceof Refused ? error.text : t("connection.unreached"), "danger");
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const remove = target?.closest("[data-golden-remove]");
  if (remove instanceof HTMLElement) {
    void once(() => told(remove, () => callApi("DELETE", `${GOLDEN}/${remove.dataset.goldenRemove}`)));
  }
  const keep = target?.closest("[data-golden-keep]");
  if (keep) {
    const box = document.getElementById("question");
    const question = box instanceof HTMLInputElement ? box.value.trim() : "";
    const id = document.getElementById("article")?.dataset.id;
    if (question && id) add(keep, question, id);
    else box?.focus();
  }
});

document.getElementById("golden-none")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const box = document.getElementById("golden-question");
  if (box instanceof HTMLInputElement && box.value.trim()) add(event.submitter, box.value.trim(), null);
});

if (card) {
  void showGolden();
  document.addEventListener("step", () => void showGolden());
}
