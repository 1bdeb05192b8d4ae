// @ts-check
/** knowledge_base: "why this answer": the record stands there at once, the search made again comes when it is done. */
import { fetchPiece, Refused } from "./desk-api.js";

const verdict = document.getElementById("verdict");
const sides = document.getElementById("sides");
const working = [...(verdict?.childNodes ?? [])];

async function replay() {
  verdict?.replaceChildren(...working);
  const result = document.createElement("template");
  try {
    result.innerHTML = await fetchPiece(verdict?.dataset.replay ?? "");
  } catch (error) {
    showFailure(error instanceof Refused ? error.text : "");
    return;
  }
  verdict?.replaceChildren(...(result.content.getElementById("new-verdict")?.childNodes ?? []));
  sides?.replaceChildren(...(result.content.getElementById("new-sides")?.childNodes ?? []));
}

/** @param {string} reason as the desk gave it; empty where the desk was not reached, which the page itself says */
function showFailure(reason) {
  const failed = document.getElementById("why-failed");
  if (!(failed instanceof HTMLTemplateElement)) return;
  verdict?.replaceChildren(failed.content.cloneNode(true));
  const words = verdict?.querySelector("[data-reason]");
  if (words && reason) words.textContent = reason;
  verdict?.querySelector("[data-again]")?.addEventListener("click", () => void replay());
}

void replay();
