// @ts-check
/** bot: the customer's chat window. Puts thread, composer, socket, presence and the framing page together. */
import { ChatComposer } from "../kit/chat-composer.js";
import { ChatThread } from "../kit/chat-thread.js";
import { EntryLog } from "../kit/entry-log.js";
import { LiveSocket, newKey } from "../kit/live-socket.js";
import { keep, recall } from "../kit/storage.js";
import { t } from "../kit/texts.js";
import { openCases } from "./cases.js";
import { bindFiles } from "./files.js";
import { Host } from "./host.js";
import { Presence } from "./presence.js";
import { Receipts } from "./receipts.js";
import { VisitorLine } from "./visitor-line.js";
import { ensureToken, forgetToken, keepToken, token } from "./visitor.js";

/** @typedef {import("../kit/live-socket.js").Frame} Frame */

const LANGUAGE = "desk:widget:language";
const HINT = "desk:widget:hint";
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

const thread = /** @type {ChatThread} */ (part("thread"));
const composer = /** @type {ChatComposer} */ (part("composer"));
const offline = part("offline");
const expired = part("expired");
const hint = part("hint");
const host = new Host();
const log = new EntryLog();
const presence = new Presence({
  line: part("presence"),
  person: part("person"),
  waiting: part("waiting"),
  place: part("place"),
  more: part("more"),
});
const socket = new LiveSocket({
  path: "/ws/visitor",
  hello: () => ({ t: "hello", token: token(), after: log.last, language, ...(identity ? { identity } : {}) }),
  store: "desk:widget:waiting",
  fallback: () => new VisitorLine(),
});
const receipts = new Receipts(socket, host, () => log.last);
let unread = 0;
/** Who the page says is signed in; empty for a stranger. */
let identity = "";
/** A token is being fetched because the last one was refused. */
let renewing = false;

/** @type {Record<string, (frame: Frame) => void>} */
const heard = { ready, entries, state: (frame) => state(/** @type {any} */ (frame)), ack, refused, typing };

socket.addEventListener("frame", (event) => {
  const frame = /** @type {CustomEvent<Frame>} */ (event).detail;
  heard[frame.t]?.(frame);
});
socket.addEventListener("state", (event) => connection(/** @type {CustomEvent<string>} */ (event).detail));

// Fingers have no Shift key to be told about.
if (window.matchMedia("(pointer: coarse)").matches) composer.setAttribute("hint", "false");
composer.conversation = "widget";
bindFiles(thread, composer, language);
composer.addEventListener("send", (event) => {
  const key = newKey();
  const { text } = /** @type {CustomEvent<{text: string}>} */ (event).detail;
  thread.addPending({ key, text });
  socket.deliver({ t: "send", key, text });
  thread.markOffline(socket.state !== "online");
  settleHint();
});
composer.addEventListener("typing", (event) => {
  const { on, text } = /** @type {CustomEvent<{on: boolean, text: string}>} */ (event).detail;
  socket.send({ t: "typing", on, ...(on && readAlong() ? { text } : {}) });
});
thread.addEventListener("choose", (event) => {
  const { seq, choice } = /** @type {CustomEvent<{seq: number, choice: string}>} */ (event).detail;
  press(choice, seq);
});
thread.addEventListener("retry", (event) => socket.retry(/** @type {CustomEvent<{key: string}>} */ (event).detail.key));
thread.addEventListener("discard", (event) => {
  const { key } = /** @type {CustomEvent<{key: string}>} */ (event).detail;
  const item = socket.waiting().find((other) => other.frame.key === key);
  socket.forget(key);
  thread.removePending(key);
  // Put away, not thrown away: the words go back to where they were typed.
  if (item?.frame.text && !composer.value) composer.value = item.frame.text;
});

part("person").addEventListener("click", (event) => {
  if (presence.owner === "bot") press("human");
  else event.preventDefault();
  composer.focus();
});
part("leave").addEventListener("click", () => press("leave_queue"));
part("callback").addEventListener("click", () => press("callback"));
part("message").addEventListener("click", () => press("message"));
part("retry").addEventListener("click", () => socket.reconnect());
part("hint-close").addEventListener("click", () => {
  settleHint();
  composer.focus();
});
part("expired-close").addEventListener("click", () => (expired.hidden = true));
part("language").addEventListener("click", () => {
  const other = language === "zh" ? "en" : "zh";
  keep(LANGUAGE, other);
  show(other);
});
part("cases").addEventListener("click", () => void openCases());
part("close").addEventListener("click", () => host.tell({ desk: "close" }));
part("close").hidden = !host.present;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) host.tell({ desk: "close" });
});
host.addEventListener("shown", () => {
  unread = 0;
  composer.focus({ preventScroll: true });
});
window.addEventListener("storage", (event) => {
  // Another window of this browser became another visitor.
  if (event.key === "desk:visitor" && event.newValue && log.last > 0) window.location.reload();
});

const wished = recall(LANGUAGE);
if ((wished === "zh" || wished === "en") && wished !== language) show(wished);
else start();

async function start() {
  hint.hidden = recall(HINT) === "seen";
  for (const item of socket.waiting()) {
    if (item.frame.t !== "send") continue;
    thread.addPending({ key: item.frame.key, text: item.frame.text, at: item.at });
    if (item.failed) thread.markFailed(item.frame.key, item.failed);
  }
  host.tell({ desk: "ready" });
  identity = await host.identity();
  host.tell({ desk: "language", language });
  if (!host.present) composer.focus();
  await ensureToken((ok) => connection(ok ? "connecting" : "offline"));
  socket.start();
}

/** @param {Frame} frame */
function ready(frame) {
  if (frame.token) keepToken(frame.token);
  part("main").classList.remove("loading");
  state(frame.state);
  host.tell({ desk: "used" });
  if (frame.seq < log.last) {
    // The server knows less than we do: it is another conversation (a restored backup, another visitor).
    forget();
    socket.hello();
  }
}

/** @param {Frame} frame */
function entries(frame) {
  const before = log.last;
  const { fresh, gap } = log.take(/** @type {any} */ (frame));
  if (gap) {
    socket.hello();
    return;
  }
  thread.take(fresh);
  if (fresh.some((entry) => entry.kind === "agent")) receipts.came();
  // A message that was stored while its acknowledgement got lost.
  for (const entry of fresh) if (entry.kind === "customer") socket.forget(entry.key);
  const spoken = fresh.filter((entry) => entry.kind === "bot" || entry.kind === "agent").length;
  if (before > 0 && spoken && !host.shown) host.tell({ desk: "unread", count: (unread += spoken) });
  const last = fresh.at(-1);
  if (before > 0 && last?.kind === "customer" && presence.owner === "bot") thread.showTyping({ who: "bot", on: true });
}

/** @param {Frame} frame */
function ack(frame) {
  thread.markSent(frame.key);
}

/** @param {Frame} frame */
function refused(frame) {
  if (frame.key) thread.markFailed(frame.key, frame.text);
  else if (frame.code === "visitor_unknown" || frame.code === "identity_differs") void renew();
  // Not worth a word to the customer, who goes on as a stranger; and not worth saying again.
  else if (frame.code === "identity_refused") identity = "";
}

/** The token has expired or is not ours: begin as a new visitor, and say so if there was a conversation. */
async function renew() {
  if (renewing) return;
  renewing = true;
  expired.hidden = log.last === 0;
  forgetToken();
  forget();
  await ensureToken((ok) => connection(ok ? "connecting" : "offline"));
  renewing = false;
  socket.hello();
}

/** Whether the person who answers sees what is being written. */
function readAlong() {
  return composer.hasAttribute("preview") && presence.owner === "agent";
}

/** @param {import("./presence.js").DeskState} now */
function state(now) {
  presence.show(now);
  const line = part("preview");
  line.hidden = !readAlong();
  line.textContent = t("widget.preview", { agent: now.agent ?? "" });
}

/** @param {Frame} frame */
function typing(frame) {
  thread.showTyping({ who: frame.who === "agent" ? "agent" : "bot", on: frame.on });
}

/** @param {string} state */
function connection(state) {
  presence.showConnection(state);
  offline.hidden = state !== "offline" && state !== "refused";
  part("offline-words").textContent = t(state === "refused" ? "connection.refused" : "connection.offline");
  thread.markOffline(state !== "online");
}

/** @param {string} choice @param {number} [seq] the entry the button stands under */
function press(choice, seq) {
  settleHint();
  socket.deliver({ t: "press", key: newKey(), choice, ...(seq ? { seq } : {}) });
}

function forget() {
  thread.clear();
  log.reset();
  for (const item of socket.waiting()) {
    if (item.frame.t === "send") thread.addPending({ key: item.frame.key, text: item.frame.text, at: item.at });
    // A button belongs to a conversation that is gone.
    else if (item.frame.t === "press") socket.forget(item.frame.key);
  }
}

function settleHint() {
  hint.hidden = true;
  keep(HINT, "seen");
}

/** @param {string} other */
function show(other) {
  const address = new URL(window.location.href);
  address.searchParams.set("lang", other);
  window.location.replace(address);
}

/** @param {string} id @returns {HTMLElement} */
function part(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}
