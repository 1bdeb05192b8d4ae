// @ts-check
/** handoff: the console's page. Builds its parts and ties them together; each part knows only what it is given. */
import "../kit/chat-composer.js";
import "../kit/chat-thread.js";
import { LiveSocket } from "../kit/live-socket.js";
import { ask as askPerson, showToast } from "../kit/shell.js";
import { keep, recall } from "../kit/storage.js";
import { t } from "../kit/texts.js";
import { CannedMenu } from "./canned-menu.js";
import { tick } from "./clock.js";
import { commandsOf } from "./commands.js";
import { ConversationList, viewOf } from "./conversation-list.js";
import { ask } from "./http.js";
import { isTyping, keyActions } from "./keys.js";
import { Notices } from "./notices.js";
import { OfferCard } from "./offer.js";
import { ResolveDialog } from "./resolve-dialog.js";
import { Others } from "./others.js";
import { Palette } from "./palette.js";
import { Suggestions } from "./suggestions.js";
import { Talk } from "./talk.js";
import { TransferDialog } from "./transfer-dialog.js";

/** @typedef {import("../kit/chat-thread.js").ChatThread} ChatThread */
/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */

const HINT_KEY = "desk:hint";
const NARROW = window.matchMedia("(max-width: 720px)");

/** @param {string} id @returns {any} an element the page is known to have */
const part = (id) => document.getElementById(id);

const config = JSON.parse(part("config").textContent);
const socket = new LiveSocket({ path: "/ws/desk", hello: () => ({ t: "hello" }), store: `desk:outbox:${config.me.id}` });
const offer = new OfferCard(part("offer"));
const list = new ConversationList(part("list"), viewOf(config.view));
/** @type {ChatComposer} */
const composer = part("composer");
const talk = new Talk(socket, {
  me: config.me,
  undoSeconds: config.undo_seconds,
  thread: part("thread"),
  composer,
  head: part("head"),
  context: part("context"),
});

const canned = new CannedMenu(composer, part("canned"), () => (talk.mine && talk.mode === "reply" ? talk.conversation : ""));
const suggestions = new Suggestions(talk, composer, part("suggestions"));
const notices = new Notices(part("list"), part("notices"));
const others = new Others(talk, part("others"));

/** Keys are quicker than the network: what is pressed while a conversation opens is meant for that one. */
let opening = Promise.resolve(true);

/** Put `conversation` on the screen. @param {string} conversation @param {boolean} [remember] as a step of the browser's history */
async function open(conversation, remember = true) {
  list.select(conversation);
  part("nothing").hidden = true;
  part("alone").hidden = true;
  part("talk").hidden = false;
  showPane("talk");
  const address = `/desk?c=${encodeURIComponent(conversation)}`;
  if (remember && NARROW.matches && !history.state?.conversation) history.pushState({ conversation, pushed: true }, "", address);
  else history.replaceState({ ...history.state, conversation }, "", address);
  opening = talk.open(conversation);
  await opening;
}

/** Back to the list. */
function leave() {
  talk.close();
  list.select("");
  part("alone").hidden = true;
  part("nothing").hidden = false;
  part("talk").hidden = true;
  showPane("list");
  showContext(false);
  history.replaceState(null, "", "/desk");
}

/** A conversation cannot be shown. One that never was at the desk is explained where it would stand. @param {{code: string, text: string}} refusal */
function refused({ code, text }) {
  leave();
  const alone = code === "not_handed_over" && !NARROW.matches;
  part("alone").hidden = !alone;
  part("nothing").hidden = alone;
  if (!alone) showToast(text, "danger");
}

function back() {
  if (document.body.dataset.context === "open") showContext(false);
  else if (history.state?.pushed) history.back();
  else leave();
}

/** @param {"list" | "talk"} pane */
function showPane(pane) {
  document.body.dataset.pane = pane;
}

/** On narrow screens the context lies over the conversation. @param {boolean} [on] */
function showContext(on = document.body.dataset.context !== "open") {
  document.body.dataset.context = on ? "open" : "";
  document.querySelector(".to-context")?.setAttribute("aria-expanded", String(on));
  const target = on ? part("context") : document.querySelector(".to-context");
  if (target instanceof HTMLElement && target.offsetParent !== null) target.focus({ preventScroll: true });
}

/** Do something on the server; what it says no to is shown, nothing is lost. @param {() => Promise<void>} work */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    showToast(error instanceof Error ? error.message : String(error), "danger");
    await talk.refresh();
  }
  void list.reload();
}

/** Take what is offered: open it and claim it. @param {string} conversation */
async function accept(conversation) {
  await open(conversation);
  await claim();
}

/** @param {string} handoff */
async function decline(handoff) {
  await attempt(async () => {
    await ask("/desk/decline", { handoff });
  });
}

/** Mark the customer as a key account, or not. @param {HTMLFormElement} form */
async function markKeyAccount(form) {
  const data = new FormData(form);
  const body = { key_account: data.has("key_account"), named_agent: String(data.get("named_agent") ?? "") };
  await attempt(async () => {
    talk.take(await ask(`/desk/conversations/${talk.conversation}/key-account`, body));
    showToast(t("handoff.toast.marked"));
  });
}

/** What one is doing from now on. @param {string} state @param {string} [reason] */
async function setState(state, reason) {
  await attempt(async () => {
    await ask("/desk/state", { state, reason: reason ?? null });
    showToast(t("handoff.toast.state", { state: t(`handoff.agent_state.${state}`) }));
  });
}

async function claim() {
  await opening;
  const owned = talk.owned;
  if (!owned || !talk.waiting || talk.claiming) return;
  talk.claiming = true;
  await attempt(async () => {
    const answer = await ask("/desk/claim", { handoff: owned.handoff });
    if (talk.conversation !== owned.conversation) return;
    if (answer.result === "lost") {
      showToast(answer.text, "danger");
      await talk.refresh();
      return;
    }
    talk.take(answer);
    await list.show("mine");
    write("reply");
  });
  talk.claiming = false;
}

async function giveBack() {
  await opening;
  const owned = talk.owned;
  talk.settle();
  if (!owned || !talk.mine || !(await askPerson(t("handoff.ask_return"), t("handoff.action.return")))) return;
  await attempt(async () => {
    await ask(`/desk/conversations/${owned.conversation}/transfer`, { to: "bot", epoch: owned.epoch });
    await talk.refresh();
    showToast(t("handoff.toast.returned"));
  });
}

async function resolve() {
  await opening;
  const owned = talk.owned;
  talk.settle();
  if (owned && talk.mine) resolving.open(owned, part("head").querySelector("[data-category]")?.dataset.category ?? "");
}

/** @param {"reply" | "note"} mode */
function write(mode) {
  if (!talk.conversation) return;
  talk.setMode(mode);
  if (!composer.disabled) composer.focus();
}

function escape() {
  if (isTyping(document.activeElement)) {
    if (talk.mode === "note") write("reply");
    else list.focus();
  } else if (talk.conversation) back();
}

function openCanned() {
  write("reply");
  if (!composer.disabled) canned.open();
}

const resolving = new ResolveDialog(part("resolve"), (owned, outcome, category) =>
  void attempt(async () => {
    talk.take(await ask(`/desk/conversations/${owned.conversation}/resolve`, { epoch: owned.epoch, outcome, category }));
    showToast(t("handoff.toast.resolved"));
  }));
const transfers = new TransferDialog(part("transfer"), (to) => {
  showToast(t("handoff.toast.transferred", { name: to }));
  void list.reload();
});

async function transfer() {
  await opening;
  const owned = talk.owned;
  talk.settle();
  if (owned && talk.mine) await attempt(() => transfers.open(owned));
}

const help = () => part("keys").showModal();

/** @type {Record<string, () => void>} */
const actions = {
  back,
  claim: () => void claim(),
  return: () => void giveBack(),
  resolve: () => void resolve(),
  transfer: () => void transfer(),
  context: () => showContext(),
  reconnect: () => socket.reconnect(),
  accept: () => offer.answer("accept"),
  decline: () => offer.answer("decline"),
  canned: openCanned,
  help,
  palette: () => palette.open(),
  hint: () => {
    part("hint").hidden = true;
    keep(HINT_KEY, "seen");
  },
};

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest("button[data-action], button[data-view], button[data-mode], button[data-state]");
  if (!(button instanceof HTMLElement)) return;
  if (button.dataset.action) actions[button.dataset.action]?.();
  else if (button.dataset.view) void list.show(viewOf(button.dataset.view));
  else if (button.dataset.state) void setState(button.dataset.state, button.dataset.reason);
  else if (button.dataset.mode) write(button.dataset.mode === "note" ? "note" : "reply");
});

const keys = {
  j: () => list.move(1),
  k: () => list.move(-1),
  1: () => void list.show("mine"),
  2: () => void list.show("waiting"),
  3: () => void list.show("all"),
  c: () => void claim(),
  a: () => offer.answer("accept"),
  d: () => offer.answer("decline"),
  o: () => void setState("online"),
  r: () => write("reply"),
  n: () => write("note"),
  "/": openCanned,
  s: () => void suggestions.insert(0),
  u: () => void talk.undo(),
  i: () => showContext(),
  b: () => void giveBack(),
  e: () => void resolve(),
  t: () => void transfer(),
  "?": help,
  Escape: escape,
};
document.addEventListener("keydown", keyActions(keys));
const palette = new Palette(part("palette"), () => commandsOf(part("keys"), keys, part("list"), (conversation) => void open(conversation)));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.form !== "key-account") return;
  event.preventDefault();
  void markKeyAccount(form);
});

talk.addEventListener("refused", (event) => event instanceof CustomEvent && refused(event.detail));
offer.addEventListener("accept", (event) => event instanceof CustomEvent && void accept(event.detail.conversation));
offer.addEventListener("decline", (event) => event instanceof CustomEvent && void decline(event.detail.handoff));
list.addEventListener("drawn", () => notices.look());
list.addEventListener("offer", (event) => {
  if (event instanceof CustomEvent) offer.show(event.detail.content);
  if (offer.offered) notices.offered(offer.offered.handoff, offer.offered.customer);
});
list.addEventListener("open", (event) => event instanceof CustomEvent && void open(event.detail.conversation));
window.addEventListener("popstate", () => {
  const conversation = history.state?.conversation;
  if (conversation) void open(conversation, false);
  else if (talk.conversation) leave();
});

let wasOffline = false;
socket.addEventListener("state", () => {
  const state = socket.state;
  const chip = part("connection");
  chip.className = `chip ${state === "online" ? "ok" : state === "connecting" ? "" : "danger"}`;
  const words = state === "offline" ? t("handoff.offline_short") : t(`connection.${state}`);
  chip.querySelector("[data-words]").textContent = words;
  // A connection that comes back at once needs no banner.
  if (state === "offline" || state === "refused") {
    wasOffline = true;
    part("offline").hidden = false;
    part("offline").querySelector("p").textContent = t(`connection.${state}`);
  } else if (state === "online") {
    part("offline").hidden = true;
    if (wasOffline) showToast(t("handoff.toast.back_online"));
    wasOffline = false;
    talk.watch();
  }
  part("thread").markOffline(state !== "online");
});

socket.addEventListener("frame", (event) => {
  if (!(event instanceof CustomEvent)) return;
  talk.hear(event.detail);
  others.hear(event.detail);
  if (event.detail.t === "queue") void list.reload();
});

window.setInterval(() => tick(document), 1000);
part("hint").hidden = recall(HINT_KEY) === "seen";
showPane("list");
socket.start();
if (config.conversation) void open(config.conversation, false);
