// @ts-check
/** kit: what every page does: toasts, menus that close, forms that are sent once, or ask before they do something final. */
import { t } from "./texts.js";

const TOAST_MS = 8000;

/**
 * Say something in passing. What must not be missed belongs on the page instead.
 * @param {string} text
 * @param {"" | "danger"} [kind]
 */
export function showToast(text, kind = "") {
  const toast = document.createElement("div");
  toast.className = `toast ${kind}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "btn quiet icon-only";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", t("shell.dismiss"));
  close.textContent = "×";
  toast.append(words, close);
  document.getElementById("toasts")?.append(toast);
  window.setTimeout(() => toast.remove(), TOAST_MS);
}

/**
 * Ask before something final; the person's answer.
 * @param {string} question
 * @param {string} [yes] label of the button that goes on
 * @returns {Promise<boolean>}
 */
export function ask(question, yes = t("shell.confirm")) {
  const dialog = document.createElement("dialog");
  const words = document.createElement("p");
  words.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "actions";
  form.append(answerButton("", t("shell.cancel"), "btn"), answerButton("yes", yes, "btn primary"));
  dialog.append(words, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
  });
}

/** @param {string} value @param {string} label @param {string} look */
function answerButton(value, label, look) {
  const button = document.createElement("button");
  button.className = look;
  button.value = value;
  button.textContent = label;
  return button;
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  target?.closest("[data-dismiss]")?.parentElement?.remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  }
});

/** After this long without a new page, in milliseconds, a form may be sent again: an answer may have been a download. */
const SENT_MS = 10_000;
let sent = false;

// What changes something goes off once: until the next page is there, a second press of any such button does nothing.
document.addEventListener("submit", (event) => {
  if (!sent || !isPost(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// Heard last, when everybody had the chance to send the form in another way.
window.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !leaves(event)) return;
  sent ||= isPost(event);
  event.submitter?.setAttribute("aria-busy", "true"); // the next page may take its time
  window.setTimeout(forgetSent, SENT_MS);
});

// "Back" may show this very page again, as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) forgetSent();
});

function forgetSent() {
  sent = false;
  for (const button of document.querySelectorAll("form button[aria-busy]")) button.removeAttribute("aria-busy");
}

/** Whether the browser leaves this page with what is posted. @param {SubmitEvent} event */
function isPost(event) {
  return leaves(event) && /** @type {HTMLFormElement} */ (event.target).method === "post";
}

/** Whether the browser leaves this page with what is sent. @param {SubmitEvent} event */
function leaves(event) {
  const form = event.target;
  const button = event.submitter;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog") return false;
  return !form.target && !(button instanceof HTMLButtonElement && button.formTarget);
}

// <form data-ask="question"> is sent only after a yes.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.ask || form.dataset.asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event instanceof SubmitEvent ? event.submitter : null;
  if (await ask(form.dataset.ask, button?.textContent?.trim() || undefined)) {
    form.dataset.asked = "yes";
    form.requestSubmit(button instanceof HTMLButtonElement ? button : null);
    delete form.dataset.asked;
  }
}, true);

// htmx could not reach the server at all: what was on the page stays, and the person hears of it.
document.addEventListener("htmx:error", () => showToast(t("connection.unreached"), "danger"));
