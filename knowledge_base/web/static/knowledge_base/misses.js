// @ts-check
/** knowledge_base: the inbox of unanswered questions by keyboard, and choosing the article that gets the wordings. */
import { isTyping } from "./typing.js";

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("pick"));
const add = /** @type {HTMLFormElement | null} */ (document.getElementById("add"));

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-pick]")) pick();
  const article = target?.closest("[data-article]");
  const field = add?.elements.namedItem("article_id");
  if (add && article instanceof HTMLElement && field instanceof HTMLInputElement) {
    field.value = article.dataset.article ?? "";
    add.requestSubmit(); // not submit(): a second press is then noticed
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open || isTyping(event)) return;
  const key = event.key.toLowerCase();
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "m") press("[data-step=draft]");
  else if (key === "a") pick();
  else if (key === "d") press("[data-step=dismiss]");
  else return;
  event.preventDefault();
});

/** @param {number} by */
function move(by) {
  const links = [...document.querySelectorAll(".clusters .question")];
  const at = links.indexOf(/** @type {Element} */ (document.activeElement));
  const next = links[Math.min(links.length - 1, Math.max(0, at + by))];
  if (next instanceof HTMLElement) next.focus();
}

/** @param {string} button */
function press(button) {
  const found = document.querySelector(button);
  if (found instanceof HTMLElement) found.click();
}

function pick() {
  if (!dialog) return;
  dialog.showModal();
  dialog.querySelector("form.search-line")?.dispatchEvent(new CustomEvent("look"));
}
