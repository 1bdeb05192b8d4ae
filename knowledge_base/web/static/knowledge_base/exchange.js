// @ts-check
/** knowledge_base: a file is sent once; the page then shows how far the server is with it, after a reload too. */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { Refused, callApi, fetchPiece, upload } from "./desk-api.js";

const IMPORTS = "/api/v1/knowledge/imports";
/** How often the page asks how far it is, in milliseconds. */
const LOOK = 400;

const form = document.getElementById("import");
const place = document.getElementById("import-plan");
/** Counts what was begun, so that an answer that comes late changes nothing. */
let turn = 0;

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box instanceof HTMLSelectElement && box.dataset.column !== undefined) void chooseColumns();
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-import-run], [data-import-cancel]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  button.disabled = true;
  void (button.dataset.importRun === undefined ? cancel() : step("POST", "/store"));
});

if (shown()?.hasAttribute("data-working")) void follow(shown()?.dataset.import ?? "");

/** The import that the page shows. */
function shown() {
  return /** @type {HTMLElement | null} */ (place?.querySelector("[data-import]") ?? null);
}

/** Which column is which field, as chosen on the page. */
function columns() {
  const boxes = /** @type {HTMLSelectElement[]} */ ([...document.querySelectorAll("[data-column]")]);
  return boxes.map((box) => `columns=${encodeURIComponent(`${box.dataset.column}:${box.value}`)}`).join("&");
}

function chosenFile() {
  const box = document.getElementById("import-file");
  return box instanceof HTMLInputElement ? (box.files?.[0] ?? null) : null;
}

async function send() {
  const file = chosenFile();
  const sending = document.getElementById("import-sending");
  if (!file || !place || !(sending instanceof HTMLTemplateElement)) return;
  const before = shown()?.dataset.import;
  const mine = ++turn;
  place.replaceChildren(sending.content.cloneNode(true));
  const name = place.querySelector("b");
  if (name) name.textContent = file.name;
  const box = /** @param {string} id */ (id) => /** @type {HTMLSelectElement} */ (document.getElementById(id)).value;
  const query = new URLSearchParams({
    name: file.name, encoding: box("import-encoding"), language: box("import-language"), dry_run: "true",
  });
  try {
    if (before) await callApi("DELETE", `${IMPORTS}/${before}`).catch(() => null);
    const job = await upload(`${IMPORTS}?${query}`, file);
    if (mine === turn) await follow(job.id);
  } catch (error) {
    place.replaceChildren();
    say(error);
  }
}

function chooseColumns() {
  return step("POST", `/columns?${columns()}`);
}

/** @param {string} method @param {string} path */
async function step(method, path) {
  const id = shown()?.dataset.import;
  if (!id) return;
  try {
    await callApi(method, `${IMPORTS}/${id}${path}`);
  } catch (error) {
    say(error);
  }
  await follow(id);
}

async function cancel() {
  const id = shown()?.dataset.import;
  if (!id || !place) return;
  turn += 1;
  try {
    await callApi("DELETE", `${IMPORTS}/${id}`);
    place.replaceChildren();
    showToast(t("knowledge_base.exchange.cancelled"), "ok");
  } catch (error) {
    say(error);
    await follow(id);
  }
}

/**
 * Show an import until nothing is going on any more.
 * @param {string} id
 */
async function follow(id) {
  const mine = ++turn;
  while (place) {
    /** @type {string} */
    let piece;
    try {
      piece = await fetchPiece(`/knowledge/exchange/imports/${id}`);
    } catch (error) {
      if (!(error instanceof Refused)) {  // the server is away for a moment; it remembers
        await pause();
        continue;
      }
      if (mine === turn) place.replaceChildren();
      say(error);
      return;
    }
    if (mine !== turn) return;
    const open = place.querySelector("details")?.open ?? false;
    place.innerHTML = piece;
    const details = place.querySelector("details");
    if (details && open) details.open = true;
    if (!shown()?.hasAttribute("data-working")) return;
    await pause();
    if (mine !== turn) return;
  }
}

function pause() {
  return new Promise((done) => setTimeout(done, LOOK));
}

/** @param {unknown} error */
function say(error) {
  // A file that changed on disk after it was chosen cannot be read any more.
  showToast(error instanceof Refused ? error.text : t("knowledge_base.exchange.again"), "danger");
}
