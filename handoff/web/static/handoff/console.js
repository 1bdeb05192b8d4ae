// @ts-check
/** handoff: the console's page. Builds its parts and ties them together; each part knows only what it is given. */
import "../kit/chat-composer.js";
import "../kit/chat-thread.js";
import { LiveSocket } from "../kit/live-socket.js";
import { showToast } from "../kit/shell.js";
import { keep, recall } from "../kit/storage.js";
import { t } from "../kit/texts.js";
import { ArticleFinder } from "./articles.js";
import { tick } from "./clock.js";
import { commandsOf } from "./commands.js";
import { showConnection } from "./connection.js";
import { ConversationList, viewOf } from "./conversation-list.js";
import { CustomerCard } from "./customer.js";
import { callOff } from "./fetched-dialog.js";
import { attach, bindFiles } from "./files.js";
import { ask } from "./http.js";
import { cannedMenu, colleagueMenu } from "./insert-menus.js";
import { isTyping, keyActions } from "./keys.js";
import { Notices } from "./notices.js";
import { OfferCard } from "./offer.js";
import { Others } from "./others.js";
import { Ownership } from "./ownership.js";
import { Palette } from "./palette.js";
import { takeRatings } from "./rating.js";
import { SnoozeDialog } from "./snooze-dialog.js";
import { Suggestions } from "./suggestions.js";
import { Supervise } from "./supervise.js";
import { bindTags, focusTag } from "./tags.js";
import { Talk } from "./talk.js";
import { bindTranslations } from "./translations.js";
import { Told } from "./told.js";

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

const customer = new CustomerCard(part("customer"), talk);
new Told(part("told"), socket, (conversation) => void open(conversation));
const canned = cannedMenu(talk, composer, part("canned"));
const colleagues = colleagueMenu(talk, composer, part("colleagues"));
const suggestions = new Suggestions(talk, composer, part("suggestions"));
bindFiles(talk, part("thread"), composer);
bindTranslations(talk, part("thread"));
const articles = new ArticleFinder(part("articles"), talk, composer);
const notices = new Notices(part("list"), part("notices"));
const ownership = new Ownership(talk, list, { head: part("head"), resolve: part("resolve"), transfer: part("transfer"), invite: part("invite") }, () => write("reply"));
/** @type {(work: () => Promise<void>) => Promise<void>} */
const attempt = (work) => ownership.attempt(work);
const supervise = new Supervise(document.getElementById("supervise"), talk, attempt);
takeRatings(part("context"), talk, attempt);
bindTags(part("context"), talk, ownership);
const snoozes = new SnoozeDialog(part("snooze"), talk, () => void list.reload());
const others = new Others(talk, part("others"));

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
  await talk.open(conversation);
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

/** Take what is offered: open it and claim it. @param {string} conversation */
async function accept(conversation) {
  await open(conversation);
  await ownership.claim();
}

/** Claim what is open once the keys before this one have done their work. */
async function claim() {
  await list.settled;
  await ownership.claim();
}

/** @param {string} handoff */
async function decline(handoff) {
  await ownership.attempt(async () => {
    await ask("/desk/decline", { handoff });
  });
}

/** Mark the customer as a key account, or not. @param {HTMLFormElement} form */
async function markKeyAccount(form) {
  const data = new FormData(form);
  const body = { key_account: data.has("key_account"), named_agent: String(data.get("named_agent") ?? "") };
  await ownership.attempt(async () => {
    talk.take(await ask(`/desk/conversations/${talk.conversation}/key-account`, body));
    showToast(t("handoff.toast.marked"));
  });
}

/** What one is doing from now on. @param {string} state @param {string} [reason] */
async function setState(state, reason) {
  await ownership.attempt(async () => {
    await ask("/desk/state", { state, reason: reason ?? null });
    showToast(t("handoff.toast.state", { state: t(`handoff.agent_state.${state}`) }));
  });
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
    else {
      // Also where the list is empty: the keys are keys again.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      list.focus();
    }
  } else if (talk.conversation) back();
}

function openCanned() {
  write("reply");
  if (!composer.disabled) canned.open();
}

function nameColleague() {
  write("note");
  if (!composer.disabled) colleagues.open();
}

/** What is offered comes first; else it is the invitation into what is open. */
function acceptOffered() {
  if (offer.offered) offer.answer("accept");
  else void ownership.answer("join");
}

function declineOffered() {
  if (offer.offered) offer.answer("decline");
  else void ownership.answer("decline");
}

const help = () => part("keys").showModal();

/** @type {Record<string, () => void>} */
const actions = {
  back,
  claim: () => void claim(),
  return: () => void ownership.giveBack(),
  resolve: () => void ownership.resolve(),
  transfer: () => void ownership.transfer(),
  invite: () => void ownership.invite(),
  join: () => void ownership.answer("join"),
  "decline-invitation": () => void ownership.answer("decline"),
  leave: () => void ownership.answer("leave"),
  snooze: () => void snoozes.open(),
  wake: () => void snoozes.wake(),
  context: () => showContext(),
  reconnect: () => socket.reconnect(),
  accept: acceptOffered,
  decline: declineOffered,
  supervise: () => void supervise.open(),
  customer: () => void customer.open(),
  canned: openCanned,
  articles: () => articles.open(),
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
  a: acceptOffered,
  d: declineOffered,
  o: () => void setState("online"),
  r: () => write("reply"),
  v: () => void supervise.open(),
  p: () => void customer.open(),
  n: () => write("note"),
  "@": nameColleague,
  "/": openCanned,
  s: () => void suggestions.insert(0),
  f: () => articles.open(),
  "+": () => {
    write("reply");
    attach(composer);
  },
  u: () => void talk.undo(),
  "#": () => {
    if (NARROW.matches || part("context").offsetParent === null) showContext(true);
    focusTag(part("context"));
  },
  i: () => showContext(),
  b: () => void ownership.giveBack(),
  e: () => void ownership.resolve(),
  t: () => void ownership.transfer(),
  g: () => void ownership.invite(),
  l: () => void ownership.answer("leave"),
  z: () => void snoozes.toggle(),
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

talk.addEventListener("closed", callOff);
talk.addEventListener("seen", () => list.read());
// A row that was drawn before the desk heard so.
list.addEventListener("drawn", () => talk.mine && document.visibilityState === "visible" && list.read());
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

showConnection(socket, part("connection"), part("offline"));
socket.addEventListener("state", () => {
  if (socket.state === "online") talk.watch();
  part("thread").markOffline(socket.state !== "online");
});

socket.addEventListener("frame", (event) => {
  if (!(event instanceof CustomEvent)) return;
  talk.hear(event.detail);
  others.hear(event.detail);
  if (event.detail.t === "queue") {
    const changed = event.detail.conversations;
    void list.reload(changed);
    // What who waits writes on changes the context.
    if (talk.waiting && (!changed || changed.includes(talk.conversation))) void talk.refresh();
  }
});

window.setInterval(() => tick(document), 1000);
part("hint").hidden = recall(HINT_KEY) === "seen";
showPane("list");
socket.start();
if (config.conversation) void open(config.conversation, false);
