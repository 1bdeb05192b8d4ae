// @ts-check
/**
 * handoff: the supervisors' wall. Drawn by the server; read again on every piece of news and, because news may be lost
 * and times come near without any, at least every `LONGEST_MS`.
 */
import { LiveSocket } from "../kit/live-socket.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { tick } from "./clock.js";
import { ask, fragment } from "./http.js";
import { keyActions } from "./keys.js";
import { Told } from "./told.js";

const LONGEST_MS = 1500;
/** Older than this, what is shown is said to be old. */
const STALE_MS = 5000;

/** @param {string} id @returns {any} an element the page is known to have */
const part = (id) => document.getElementById(id);

const socket = new LiveSocket({ path: "/ws/floor", hello: () => ({ t: "hello" }), store: "floor:outbox" });
let read = Date.now();
let loading = false;
let again = false;

async function reload() {
  again = loading;
  if (loading) return;
  loading = true;
  const asked = Date.now();
  try {
    draw(await fragment("/floor/board"));
    read = asked;
  } catch {
    // The banner says how old the picture is; the next round tries again.
  }
  loading = false;
  showAge();
  if (again) void reload();
}

/** Put the new picture in the place of the old one; a link that had the focus has it again. @param {string} html */
function draw(html) {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
  const scrolled = part("board").querySelector(".table-wrap")?.scrollLeft ?? 0;
  part("board").innerHTML = html;
  tick(part("board"));
  const wrap = part("board").querySelector(".table-wrap");
  if (wrap) wrap.scrollLeft = scrolled;
  if (focused) part("board").querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
}

function showAge() {
  const old = Date.now() - read;
  const stale = old > STALE_MS;
  part("stale").hidden = !stale;
  part("age").className = `chip ${stale ? "danger" : "ok"}`;
  const words = stale ? t("handoff.floor.old", { count: Math.round(old / 1000) }) : t("handoff.floor.fresh");
  const line = part("age").querySelector("[data-words]");
  if (line.textContent !== words) line.textContent = words;
}

async function broadcast() {
  const dialog = part("broadcast");
  const text = new FormData(dialog.querySelector("form")).get("text");
  if (dialog.returnValue !== "yes" || !text) return;
  try {
    const answer = await ask("/floor/broadcast", { text });
    dialog.querySelector("form").reset();
    showToast(t("handoff.floor.sent", { count: answer.told }));
  } catch (error) {
    showToast(error instanceof Error ? error.message : String(error), "danger");
  }
}

function say() {
  part("broadcast").returnValue = "";
  part("broadcast").showModal();
}

const help = () => part("keys").showModal();

part("say").addEventListener("click", say);
part("help").addEventListener("click", help);
document.addEventListener("keydown", keyActions({ b: say, "?": help }));
part("broadcast").addEventListener("close", () => void broadcast());
socket.addEventListener("frame", (event) => {
  if (event instanceof CustomEvent && event.detail.t === "queue") void reload();
});
new Told(part("told"), socket, (conversation) => {
  window.location.assign(`/desk?c=${encodeURIComponent(conversation)}&view=all`);
});
window.setInterval(() => {
  tick(document);
  if (Date.now() - read > LONGEST_MS) void reload();
  showAge();
}, 500);
tick(document);
socket.start();
