// @ts-check
/** knowledge_base: a file is looked at row by row, then stored; it stays in the browser until it is. */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { Refused, upload, uploadForPiece } from "./desk-api.js";

const form = document.getElementById("import");
const place = document.getElementById("import-plan");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void look([]);
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box instanceof HTMLSelectElement && box.dataset.column !== undefined) void look(columns());
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-import-run]") : null;
  if (button instanceof HTMLButtonElement) void run(button);
});

/** Which column is which field, as chosen on the page. */
function columns() {
  const boxes = /** @type {HTMLSelectElement[]} */ ([...document.querySelectorAll("[data-column]")]);
  return boxes.map((box) => `${box.dataset.column}:${box.value}`);
}

/** @param {string[]} chosen */
function query(chosen) {
  const file = chosenFile();
  const box = /** @param {string} id */ (id) => /** @type {HTMLSelectElement} */ (document.getElementById(id)).value;
  const fields = new URLSearchParams({
    name: file?.name ?? "", encoding: box("import-encoding"), language: box("import-language"),
  });
  for (const column of chosen) fields.append("columns", column);
  return fields.toString();
}

function chosenFile() {
  const box = document.getElementById("import-file");
  return box instanceof HTMLInputElement ? (box.files?.[0] ?? null) : null;
}

/** @param {string[]} chosen */
async function look(chosen) {
  const file = chosenFile();
  if (!file || !place) return;
  try {
    const piece = await uploadForPiece(`/knowledge/exchange/look?${query(chosen)}`, file);
    const open = place.querySelector("details")?.open ?? false;
    place.innerHTML = piece;
    const details = place.querySelector("details");
    if (details && open) details.open = true;
  } catch (error) {
    say(error);
  }
}

/** @param {HTMLButtonElement} button */
async function run(button) {
  const file = chosenFile();
  if (!file || !place) return;
  button.disabled = true;
  try {
    const done = await upload(`/api/v1/knowledge/import?${query(columns())}`, file);
    const words = document.createElement("p");
    words.className = "banner ok";
    words.textContent = t("knowledge_base.exchange.done", { created: done.created, changed: done.changed });
    place.replaceChildren(words);
  } catch (error) {
    button.disabled = false;
    say(error);
  }
}

/** @param {unknown} error */
function say(error) {
  // A file that changed on disk after it was chosen cannot be read any more.
  showToast(error instanceof Refused ? error.text : t("knowledge_base.exchange.again"), "danger");
}
