// @ts-check
/** handoff: the console's page. Builds its parts and ties them together; each part knows only what it is given. */
import "../kit/chat-composer.js";
import "../kit/chat-thread.js";
import { LiveSocket } from "../kit/live-socket.js";
import { ask as askPerson, showToast } from "../kit/shell.js";
import { keep, recall } from "../kit/storage.js";
import { t } from "../kit/texts.js";
import { tick } from "./clock.js";
import { ConversationList, viewOf } from "./conversation-list.js";
import { CustomerCard } from "./customer.js";
import { ask } from "./http.js";
import { isTyping, keyActions } from "./keys.js";
import { Notices } from "./notices.js";
import { OfferCard } from "./offer.js";
import { takeRatings } from "./rating.js";
import { Supervise } from "./supervise.js";
import { Talk } from "./talk.js";

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
  thread: part("thread"),
  composer,
  head: part("head"),
  context: part("context"),
});

const customer = new CustomerCard(part("customer"), talk);
const supervise = new Supervise(document.getElementById("supervise"), talk, attempt);
takeRatings(part("context"), talk, attempt);
new Notices(part("notices"), socket, (conversation) => void open(conversation));

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
  if (!owned || !talk.mine || !(await askPerson(t("handoff.ask_return"), t("handoff.action.return")))) return;
  await attempt(async () => {
    talk.take(await ask(`/desk/conversations/${owned.conversation}/return`, { epoch: owned.epoch }));
    showToast(t("handoff.toast.returned"));
  });
}

async function resolve() {
  await opening;
  const owned = talk.owned;
  const dialog = /** @type {HTMLDialogElement} */ (part("resolve"));
  if (!owned || !talk.mine || dialog.open) return;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    const outcome = new FormData(dialog.querySelector("form") ?? undefined).get("outcome");
    void attempt(async () => {
      talk.take(await ask(`/desk/conversations/${owned.conversation}/resolve`, { epoch: owned.epoch, outcome }));
      showToast(t("handoff.toast.resolved"));
    });
  }, { once: true });
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

// Not a submit button: Enter in a form presses the first of those.
const cancel = () => part("resolve").close("");
const help = () => part("keys").showModal();

/** @type {Record<string, () => void>} */
const actions = {
  back,
  claim: () => void claim(),
  return: () => void giveBack(),
  resolve: () => void resolve(),
  context: () => showContext(),
  reconnect: () => socket.reconnect(),
  accept: () => offer.answer("accept"),
  decline: () => offer.answer("decline"),
  supervise: () => void supervise.open(),
  customer: () => void customer.open(),
  cancel,
  help,
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

document.addEventListener("keydown", keyActions({
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
  s: () => void supervise.open(),
  u: () => void customer.open(),
  n: () => write("note"),
  i: () => showContext(),
  b: () => void giveBack(),
  e: () => void resolve(),
  "?": help,
  Escape: escape,
}));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.form !== "key-account") return;
  event.preventDefault();
  void markKeyAccount(form);
});

talk.addEventListener("refused", (event) => event instanceof CustomEvent && refused(event.detail));
offer.addEventListener("accept", (event) => event instanceof CustomEvent && void accept(event.detail.conversation));
offer.addEventListener("decline", (event) => event instanceof CustomEvent && void decline(event.detail.handoff));
list.addEventListener("offer", (event) => event instanceof CustomEvent && offer.show(event.detail.content));
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
  if (event.detail.t === "queue") {
    void list.reload();
    // What who waits writes on changes the context.
    if (talk.waiting) void talk.refresh();
  }
});

window.setInterval(() => tick(document), 1000);
part("hint").hidden = recall(HINT_KEY) === "seen";
showPane("list");
socket.start();
if (config.conversation) void open(config.conversation, false);
