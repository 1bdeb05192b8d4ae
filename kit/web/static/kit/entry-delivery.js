// @ts-check
/** kit: how far a message to the customer has come, below it: stored, sent, delivered, read, or failed. */
import { t } from "./texts.js";

/** @typedef {{pushed: boolean, waiting: number[], failed: number[], delivered: number, read: number}} Deliveries by entry number */
/** @typedef {"stored" | "on_its_way" | "sent_out" | "delivered" | "read" | "undelivered"} State */

/** @param {number} seq @param {Deliveries} deliveries @returns {State} */
export function deliveryOf(seq, { pushed, waiting, failed, delivered, read }) {
  if (failed.includes(seq)) return "undelivered";
  if (waiting.includes(seq)) return "on_its_way";
  if (seq <= read) return "read";
  if (seq <= delivered) return "delivered";
  return pushed ? "sent_out" : "stored";
}

/** @param {HTMLElement} item the entry @param {State} state @param {() => void} again send it once more */
export function showDelivery(item, state, again) {
  if (item.dataset.delivery === state) return;
  item.dataset.delivery = state;
  const word = item.querySelector(".entry-status");
  if (word) word.textContent = t(`chat.${state}`);
  item.querySelector(".entry-again")?.remove();
  item.classList.toggle("failed", state === "undelivered");
  if (state !== "undelivered") return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn small entry-again";
  button.textContent = t("chat.retry");
  button.addEventListener("click", () => {
    button.disabled = true; // one press sends once; what comes of it is told
    again();
  });
  item.querySelector(".entry-meta")?.append(button);
}
