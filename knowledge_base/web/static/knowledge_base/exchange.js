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
/** Whether somebody is choosing columns. */
let columnsOpen = false;

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box instanceof HTMLSelectElement && box.dataset.column !== undefined) void chooseColumns();
  if (box instanceof HTMLInputElement && box.id === "import-file") showChosen();
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-import-run], [data-import-cancel]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  button.disabled = true;
  void (button.dataset.importRun === undefined ? cancel() : step("POST", "/store"));
});

showChosen(); // a browser keeps the chosen file when the page is loaded again
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

/** The browser would name the file in its own language. */
function showChosen() {
  const name = document.getElementById("import-file-name");
  if (name) name.textContent = chosenFile()?.name ?? t("knowledge_base.exchange.none_chosen");
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
    else await callApi("DELETE", `${IMPORTS}/${job.id}`).catch(() => null); // tried again meanwhile: nobody will look at it
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
    showToast(t("knowledge_base.exchange.cancelled"));
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
  for (let looks = 0; place; looks += 1) {
    const piece = await pieceOf(id);
    if (mine !== turn) return;
    if (piece === null) return place.replaceChildren();
    const working = piece.includes("data-working");
    // What is over in a moment does not take the rows away that somebody looks at.
    if (!working || looks > 0 || !shown()) draw(piece);
    if (!working) return;
    await pause();
    if (mine !== turn) return;
  }
}

/**
 * How far an import is, asked until the server is there (it remembers); null where there is nothing to show.
 * @param {string} id
 */
async function pieceOf(id) {
  for (;;) {
    try {
      return await fetchPiece(`/knowledge/exchange/imports/${id}`);
    } catch (error) {
      if (error instanceof Refused) {
        say(error);
        return null;
      }
      await pause();
    }
  }
}

/** @param {string} piece */
function draw(piece) {
  if (!place) return;
  const before = place.querySelector("details");
  if (before) columnsOpen = before.open;
  place.innerHTML = piece;
  const after = place.querySelector("details");
  if (after && columnsOpen) after.open = true;
}

function pause() {
  return new Promise((done) => setTimeout(done, LOOK));
}

/** @param {unknown} error */
function say(error) {
  // A file that changed on disk after it was chosen cannot be read any more.
  showToast(error instanceof Refused ? error.text : t("knowledge_base.exchange.again"), "danger");
}
