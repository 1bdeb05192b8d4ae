// @ts-check
/** knowledge_base: articles ticked in the list, and what is done to all of them. Ticks outlive searching and paging. */
import { oneAtATime } from "../kit/once.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { callApi, fetchPiece, Refused } from "./desk-api.js";
import { isTyping } from "./typing.js";

/** @type {Map<string, {version: number, title: string}>} */
const ticked = new Map();
const bar = document.getElementById("bulk");
const once = oneAtATime();

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  if (box.dataset.tick !== undefined) note(box);
  if (box.dataset.tickAll !== undefined) {
    for (const each of boxes()) {
      each.checked = box.checked;
      note(each);
    }
  }
  show();
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-bulk]") : null;
  if (button instanceof HTMLButtonElement) void once(() => act(button));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const row = event.target instanceof Element ? event.target.closest("tr") : null;
  const box = row?.querySelector("[data-tick]");
  if (event.key.toLowerCase() === "x" && box instanceof HTMLInputElement) box.click();
});

document.addEventListener("htmx:after:swap", () => {
  for (const box of boxes()) {
    box.checked = ticked.has(box.dataset.tick ?? "");
    if (box.checked) note(box);
  }
});

function boxes() {
  return /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("#results [data-tick]")]);
}

/** @param {HTMLInputElement} box */
function note(box) {
  const { tick = "", version = "", title = "" } = box.dataset;
  if (box.checked) ticked.set(tick, { version: Number(version), title });
  else ticked.delete(tick);
}

function show() {
  const count = document.getElementById("bulk-count");
  if (bar) bar.hidden = ticked.size === 0;
  if (count) count.textContent = t("knowledge_base.bulk.count", { count: ticked.size });
}

function items() {
  return [...ticked].map(([id, each]) => ({ id, expected_version: each.version }));
}

/** @param {HTMLButtonElement} button */
async function act(button) {
  const step = button.dataset.bulk ?? "";
  if (step === "none") return untick();
  button.setAttribute("aria-busy", "true");
  try {
    const more = await ask(step, await underWay(prepare(step)));
    if (more) tell(await underWay(callApi("POST", `/api/v1/knowledge/bulk/${step}`, { items: items(), ...more })));
  } catch (error) {
    showToast(error instanceof Refused ? error.text : t("connection.unreached"), "danger");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/**
 * Say in the bar that something is under way, until it is over.
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
async function underWay(work) {
  const count = document.getElementById("bulk-count");
  if (count) count.textContent = t("knowledge_base.bulk.working", { count: ticked.size });
  try {
    return await work;
  } finally {
    show();
  }
}

/** @param {string} step @returns {Promise<HTMLDialogElement>} what is asked before it, not open yet */
async function prepare(step) {
  const dialog = document.createElement("dialog");
  dialog.className = "bulk-dialog";
  if (step === "publish") dialog.innerHTML = await fetchPiece("/knowledge/bulk/gate", { items: items() });
  else if (step === "change") dialog.innerHTML = await fetchPiece("/knowledge/bulk/change");
  else dialog.append(question(t("knowledge_base.bulk.retire_ask", { count: ticked.size })));
  for (const link of dialog.querySelectorAll("[data-title-of]")) {
    const id = link instanceof HTMLElement ? (link.dataset.titleOf ?? "") : "";
    link.textContent = ticked.get(id)?.title || id;
  }
  return dialog;
}

/**
 * @param {string} step @param {HTMLDialogElement} dialog
 * @returns {Promise<Record<string, unknown> | null>} what is sent along; null: not after all
 */
async function ask(step, dialog) {
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  const form = dialog.querySelector("form");
  dialog.remove();
  if (!dialog.returnValue || !form) return null;
  return step === "change" ? changes(new FormData(form)) : step === "publish" ? { reason: reasonOf(form) } : {};
}

/** @param {HTMLFormElement} form */
function reasonOf(form) {
  return String(new FormData(form).get("reason") ?? "");
}

/** @param {FormData} form what somebody filled in; what is empty is left alone */
function changes(form) {
  const words = /** @param {string} name */ (name) => String(form.get(name) ?? "").trim();
  const several = /** @param {string} name */ (name) => words(name).split(/[,，;；、]/).map((each) => each.trim()).filter(Boolean);
  return {
    add_products: several("add_products"),
    remove_products: several("remove_products"),
    ...(words("category") ? { category: words("category") } : {}),
    ...(form.get("owner") === "-" ? {} : { owner: words("owner") }),
    ...(words("review_on") ? { review_on: words("review_on") } : {}),
  };
}

/** @param {string} words */
function question(words) {
  const form = document.createElement("form");
  form.method = "dialog";
  const text = document.createElement("p");
  text.textContent = words;
  const line = document.createElement("div");
  line.className = "actions";
  line.append(button("", t("knowledge_base.bulk.back")), button("yes", t("knowledge_base.bulk.retire")));
  form.append(text, line);
  return form;
}

/** @param {string} value @param {string} label */
function button(value, label) {
  const made = document.createElement("button");
  made.className = value ? "btn primary" : "btn";
  made.value = value;
  made.textContent = label;
  return made;
}

function untick() {
  ticked.clear();
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-tick], [data-tick-all]"))) {
    box.checked = false;
  }
  show();
}

/** @param {{done: string[], refused: {id: string, text: string}[]}} result */
function tell(result) {
  const place = document.getElementById("bulk-outcome");
  const words = document.createElement("div");
  words.className = `banner ${result.refused.length ? "warn" : "ok"}`;
  words.append(t("knowledge_base.bulk.done", { done: result.done.length, left: result.refused.length }));
  const list = document.createElement("ul");
  for (const each of result.refused) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/knowledge/articles/${each.id}`;
    link.textContent = ticked.get(each.id)?.title || each.id;
    line.append(link, `: ${each.text}`);
    list.append(line);
  }
  if (result.refused.length) words.append(list);
  place?.replaceChildren(words);
  untick();
  document.getElementById("filters")?.dispatchEvent(new Event("submit", { cancelable: true })); // htmx fetches the rows anew
}
