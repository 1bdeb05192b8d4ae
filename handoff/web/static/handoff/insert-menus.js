// @ts-check
/** handoff: the lists one can put something in from while one writes: canned replies, and colleagues in a note. */
import { t } from "../kit/texts.js";
import { ask } from "./http.js";
import { InsertMenu } from "./insert-menu.js";

/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/** @typedef {import("./talk.js").Talk} Talk */

/** Also under a Chinese input method, where the same keys write "、" and "＠". */
const CANNED = /(?:^|\s)[/、]([^\s/、]{0,60})$/;
const COLLEAGUE = /(?:^|\s|[^\x00-\x7F])[@＠]([^\s@＠]{0,60})$/;

/** @param {Talk} talk @param {ChatComposer} composer @param {HTMLElement} box */
export function cannedMenu(talk, composer, box) {
  return new InsertMenu(composer, box, {
    key: "/",
    asked: CANNED,
    words: { title: t("handoff.canned.title"), keys: t("handoff.canned.keys"), nothing: t("handoff.canned.nothing") },
    find: (words) => (talk.mayReply && talk.mode === "reply" ? replies(talk.conversation, words) : null),
  });
}

/** @param {Talk} talk @param {ChatComposer} composer @param {HTMLElement} box */
export function colleagueMenu(talk, composer, box) {
  return new InsertMenu(composer, box, {
    key: "@",
    asked: COLLEAGUE,
    words: { title: t("handoff.mention.title"), keys: t("handoff.mention.keys"), nothing: t("handoff.mention.nothing") },
    find: (words) => (talk.conversation && talk.mode === "note" ? colleagues(talk.conversation, words) : null),
  });
}

/** @param {string} conversation @param {string} words */
async function replies(conversation, words) {
  const answer = await ask(`/desk/conversations/${encodeURIComponent(conversation)}/canned?q=${encodeURIComponent(words)}`);
  return answer.items.map((/** @type {{title: string, text: string, gaps: string[]}} */ item) => ({ ...item, about: item.text }));
}

/** @param {string} conversation @param {string} words */
async function colleagues(conversation, words) {
  const answer = await ask(`/desk/conversations/${encodeURIComponent(conversation)}/colleagues?q=${encodeURIComponent(words)}`);
  return answer.names.map((/** @type {string} */ name) => ({ title: name, text: `@${name} ` }));
}
