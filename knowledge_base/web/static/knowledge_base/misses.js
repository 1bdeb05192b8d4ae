// @ts-check
/** knowledge_base: what an editor makes of an unanswered question: an article, a wording, or nothing. */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { callApi, Refused } from "./desk-api.js";
import { carryQuestion } from "./draft-keeper.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("pick"));
const search = /** @type {HTMLFormElement} */ (dialog.querySelector("form.search-line"));
/** @type {HTMLElement | null} */
let row = null;

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest("[data-do]");
  if (button instanceof HTMLElement) {
    row = button.closest("tr");
    if (button.dataset.do === "make") open("/knowledge/articles/new");
    if (button.dataset.do === "add") pick();
    if (button.dataset.do === "dismiss") void dismiss(button);
  }
  const article = target?.closest("[data-article]");
  if (article instanceof HTMLElement) open(`/knowledge/articles/${article.dataset.article}`);
});

/** Take the question along to a page. @param {string} address */
function open(address) {
  carryQuestion({ question: row?.dataset.question ?? "", language: row?.dataset.language ?? "" });
  location.assign(address);
}

function pick() {
  const words = /** @type {HTMLInputElement} */ (search.elements.namedItem("words"));
  const near = /** @type {HTMLInputElement} */ (search.elements.namedItem("near"));
  const shown = dialog.querySelector("#pick-question");
  words.value = "";
  near.value = row?.dataset.closest ?? "";
  if (shown) shown.textContent = row?.dataset.question ?? "";
  dialog.showModal();
  search.dispatchEvent(new CustomEvent("look"));
}

/** @param {HTMLElement} button */
async function dismiss(button) {
  const { question = "", language = "" } = row?.dataset ?? {};
  const gone = row;
  button.setAttribute("aria-disabled", "true");
  try {
    await callApi("POST", "/api/v1/knowledge/misses/dismiss", { question, language });
    const next = gone?.nextElementSibling ?? gone?.previousElementSibling;
    gone?.remove();
    showToast(t("knowledge_base.misses.dismissed"));
    if (next) next.querySelector("button")?.focus();
    else location.reload(); // the last one of this page: show what comes after, or that nothing is left
  } catch (error) {
    button.removeAttribute("aria-disabled");
    showToast(error instanceof Refused ? error.text : t("connection.offline"), "danger");
  }
}
