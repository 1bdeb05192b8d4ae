// @ts-check
/** knowledge_base: stores a replacement in the articles that are ticked, and says what was left as it is. */
import { oneAtATime } from "../kit/once.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { callApi, Refused } from "./desk-api.js";

const form = document.getElementById("replace");
/** A second press would be told that somebody else had changed what the first one changed. */
const once = oneAtATime();

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void once(() => run(event.submitter));
});

/** @param {HTMLElement | null} button */
async function run(button) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...(form?.querySelectorAll("[data-tick]:checked") ?? [])]);
  const items = boxes.map((box) => ({ id: box.dataset.tick, expected_version: Number(box.dataset.version) }));
  const { find = "", put = "", matchCase = "" } = form?.dataset ?? {};
  if (!items.length) return;
  button?.setAttribute("aria-busy", "true");
  tell(t("knowledge_base.replace.working", { count: items.length }));
  try {
    const result = await callApi("POST", "/api/v1/knowledge/bulk/replace", { items, find, put, match_case: Boolean(matchCase) });
    for (const id of result.done) form?.querySelector(`[data-of="${id}"]`)?.remove();
    for (const each of result.refused) {
      const words = form?.querySelector(`[data-of="${each.id}"] .error`);
      if (words instanceof HTMLElement) {
        words.hidden = false;
        words.textContent = each.text;
      }
    }
    tell(t("knowledge_base.replace.done", { done: result.done.length, left: result.refused.length }),
      result.refused.length ? "warn" : "ok");
    if (!form?.querySelector("[data-of]")) form?.remove();
  } catch (error) {
    document.getElementById("replace-outcome")?.replaceChildren();
    showToast(error instanceof Refused ? error.text : t("connection.unreached"), "danger");
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/** What is under way, or came of it. @param {string} words @param {"" | "ok" | "warn"} [look] */
function tell(words, look = "") {
  const line = document.createElement("p");
  line.className = `banner ${look}`;
  line.textContent = words;
  document.getElementById("replace-outcome")?.replaceChildren(line);
}
