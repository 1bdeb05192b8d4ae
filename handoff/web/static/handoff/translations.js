// @ts-check
/** handoff: a customer's words in the reader's language, below them, when asked for. Only with a translator. */
import { t } from "../kit/texts.js";
import { ask } from "./http.js";

/** @typedef {import("./talk.js").Talk} Talk */

/** @param {Talk} talk @param {HTMLElement} thread with the attribute `translates` */
export function bindTranslations(talk, thread) {
  thread.addEventListener("translate", (event) => {
    if (!(event instanceof CustomEvent) || !(event.target instanceof HTMLElement)) return;
    void show(talk.conversation, event.detail.seq, event.detail.item);
  });
}

/** @param {string} conversation @param {number} seq @param {HTMLElement} item */
async function show(conversation, seq, item) {
  const line = item.querySelector(".entry-translation") ?? document.createElement("p");
  line.className = "entry-translation";
  line.setAttribute("role", "status");
  item.querySelector(".bubble")?.after(line);
  line.textContent = t("handoff.translate.under_way");
  try {
    line.textContent = (await ask(`/desk/conversations/${encodeURIComponent(conversation)}/translate`, { seq })).text;
  } catch (error) {
    line.textContent = error instanceof Error ? error.message : String(error);
  }
}
