// @ts-check
/** kit: the buttons under an answer. The pressed one stays marked, after a reload too. */
import { t } from "./texts.js";

/** @typedef {import("./entry-log.js").Entry} Entry */

const HELPED = "helped:";
/** Buttons that answer the question asked last ("skip"); an older one would answer a question it does not stand under. */
const FORM = "form:";

/** What stands beside "stop waiting" is for somebody who waits. */
const LEAVE = "leave_queue";
/** What ends the waiting, beside an agent's words. */
const ENDS = new Set(["joined", "left", "resolved", "returned", "promised_callback", "promised_message", "promised_overdue"]);

/**
 * Draw the choices of `entry` into `item`.
 * @param {HTMLElement} item
 * @param {Entry} entry
 * @param {boolean} pressable false for the agent, who only sees what was offered
 * @param {(choice: string, label: string) => void} press
 */
export function drawChoices(item, entry, pressable, press) {
  /** @type {{id: string, label: string}[]} */
  const choices = Array.isArray(entry.payload?.choices) ? entry.payload.choices : [];
  const helped = choices.filter((choice) => choice.id.startsWith(HELPED));
  const others = choices.filter((choice) => !choice.id.startsWith(HELPED));
  if (helped.length) {
    const row = group("helped", t("chat.helped"));
    const question = document.createElement("span");
    question.textContent = t("chat.helped");
    row.append(question, ...helped.map((choice) => button(choice, pressable, press, "small")));
    item.append(row);
  }
  if (others.length) {
    const list = group("choices", "");
    list.append(...others.map((choice) => button(choice, pressable, press, "")));
    item.append(list);
  }
}

/** Show which button was pressed; the others of its group are over. @param {HTMLElement} item @param {string} chosen */
export function markChosen(item, chosen) {
  const pressed = [...item.querySelectorAll("button[data-choice]")].find(
    (other) => other instanceof HTMLElement && other.dataset.choice === chosen,
  );
  if (!(pressed instanceof HTMLButtonElement)) return;
  const row = pressed.parentElement;
  for (const other of row?.querySelectorAll("button[data-choice]") ?? []) {
    if (!(other instanceof HTMLButtonElement)) continue;
    // Not `disabled`: that would throw the keyboard's focus off the page.
    other.setAttribute("aria-disabled", "true");
    other.setAttribute("aria-pressed", String(other === pressed));
  }
  if (row?.classList.contains("helped") && !row.querySelector(".thanks")) {
    const thanks = document.createElement("span");
    thanks.className = "thanks";
    thanks.textContent = t("chat.helped_thanks");
    row.append(thanks);
  }
}

/** The form's buttons that `item` offers are over in the entries before it. @param {HTMLElement} item */
export function endEarlier(item) {
  const offered = new Set([...item.querySelectorAll(`button[data-choice^="${FORM}"]`)].map(choiceOf));
  for (let before = item.previousElementSibling; offered.size && before; before = before.previousElementSibling) {
    for (const old of before.querySelectorAll(`button[data-choice^="${FORM}"]`)) {
      if (offered.has(choiceOf(old))) old.setAttribute("aria-disabled", "true");
    }
  }
}

/** The ways out of the queue that a thread shows. Nobody waits any more after an agent's words: those before them go. */
export class WaysOut {
  /** @type {Set<HTMLElement>} entries that offer one */ #open = new Set();

  /** `item` was put into the thread. @param {HTMLElement} item */
  placed(item) {
    if (leaveGroup(item)) this.#open.add(item);
    if (!item.classList.contains("agent") && !ENDS.has(item.dataset.code ?? "")) return;
    for (const offer of this.#open) {
      if (!(offer.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      const group = leaveGroup(offer);
      if (group) group.hidden = true;
      this.#open.delete(offer);
    }
  }

  /** The thread is empty. */
  clear() {
    this.#open.clear();
  }
}

/** @param {HTMLElement} item */
function leaveGroup(item) {
  return item.querySelector(`button[data-choice="${LEAVE}"]`)?.parentElement;
}

/** @param {Element} button */
const choiceOf = (button) => button.getAttribute("data-choice");

/** @param {string} look @param {string} label */
function group(look, label) {
  const box = document.createElement("div");
  box.className = look;
  box.setAttribute("role", "group");
  if (label) box.setAttribute("aria-label", label);
  return box;
}

/**
 * @param {{id: string, label: string}} choice
 * @param {boolean} pressable
 * @param {(choice: string, label: string) => void} press
 * @param {string} look
 */
function button(choice, pressable, press, look) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `btn ${look}`;
  element.textContent = choice.label;
  element.dataset.choice = choice.id;
  if (!pressable) element.setAttribute("aria-disabled", "true");
  element.addEventListener("click", () => {
    if (element.getAttribute("aria-disabled") !== "true") press(choice.id, choice.label);
  });
  return element;
}
