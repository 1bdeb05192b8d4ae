// @ts-check
/** kit: how one entry of a conversation looks. Builds elements; keeps nothing. */
import { date, dayKey, timeOfDay, wholeTime } from "./clock.js";
import { hasText, htmlLang, pageLanguage, t } from "./texts.js";

/** @typedef {import("./entry-log.js").Entry} Entry */
/** @typedef {"customer" | "agent"} Perspective */

/** Numbers of orders and cases, "CJ2611-088213": a line may not end in the middle of one. */
const NUMBER = /([A-Z]{1,4}[0-9]+-[0-9]{4,})/;

/**
 * What was said, with its speaker for those who cannot see the colours.
 * @param {Entry} entry @param {Perspective} perspective
 */
export function bubble(entry, perspective) {
  const box = document.createElement("div");
  box.className = entry.html ? "bubble rich" : "bubble plain";
  box.lang = htmlLang(entry.language);
  if (entry.html) {
    box.innerHTML = entry.html; // sanitised by the server (kit/markdown)
    for (const link of box.querySelectorAll("a[href]")) {
      link.setAttribute("target", "_blank");
      link.setAttribute("rel", "noopener noreferrer");
    }
  } else {
    box.append(...wholeNumbers(entry.text));
  }
  const speaker = document.createElement("span");
  speaker.className = entry.kind === "note" ? "note-label" : "visually-hidden";
  speaker.lang = pageLanguage();
  speaker.textContent = entry.kind === "note" ? noteLabel(entry) : `${voice(entry, perspective)}: `;
  box.prepend(speaker);
  return box;
}

/** A whisper says for whom it is. @param {Entry} entry */
function noteLabel(entry) {
  const { whisper, to } = /** @type {{whisper?: boolean, to?: string}} */ (entry.payload ?? {});
  return whisper ? t("chat.whisper", { name: to ?? "" }) : t("chat.note");
}

/** @param {string} text @returns {(string | HTMLElement)[]} */
function wholeNumbers(text) {
  return text.split(NUMBER).map((piece, place) => (place % 2 ? part(piece, "number") : piece));
}

/** @param {Entry} entry @param {Perspective} perspective */
function voice(entry, perspective) {
  if (entry.kind === perspective) return perspective === "customer" ? t("chat.voice_me") : entry.author;
  if (entry.kind === "bot") return t("chat.voice_bot");
  if (entry.kind === "customer") return entry.author || t("chat.voice_customer");
  return entry.author || t("chat.voice_agent");
}

/**
 * The small line below: speaker, source, confidence, time; for colleagues also where a reply of the bot is explained.
 * @param {Entry} entry @param {Perspective} perspective @param {string} [explain] what such an address begins with
 */
export function entryMeta(entry, perspective, explain = "") {
  const line = document.createElement("p");
  line.className = "entry-meta";
  const own = entry.kind === perspective;
  if (!own || entry.kind === "agent") line.append(part(voice(entry, perspective)));
  const source = entry.payload?.source;
  const title = typeof source === "string" ? source : source?.title;
  if (title) line.append(part(t("chat.source", { title }), "entry-source"));
  const sure = entry.payload?.confidence;
  if (perspective === "agent" && typeof sure === "number") {
    line.append(part(t("chat.confidence", { percent: Math.round(sure * 100) })));
  }
  const decision = entry.payload?.decision;
  if (explain && entry.kind === "bot" && typeof decision === "string") line.append(why(explain + encodeURIComponent(decision)));
  if (own) line.append(part(t(perspective === "agent" ? "chat.stored" : "chat.sent"), "entry-status"));
  line.append(time(entry.at));
  return line;
}

/** @param {string} address */
function why(address) {
  const link = document.createElement("a");
  link.className = "entry-why";
  link.href = address;
  link.target = "_blank"; // the conversation stays open
  link.rel = "noopener";
  link.textContent = t("chat.why");
  return link;
}

/** @param {string} text @param {string} [look] */
function part(text, look = "") {
  const word = document.createElement("span");
  word.className = look;
  word.textContent = text;
  return word;
}

/**
 * Something that happened, in the middle. The server's words, or the text of its code.
 * @param {Entry} entry @returns {HTMLElement | null} null when there is nothing to say
 */
export function eventLine(entry) {
  const { code, slots } = entry.payload ?? {};
  const key = `handoff.event.${code}`;
  const words = entry.text || (code && hasText(key) ? t(key, slots ?? {}) : "");
  if (!words) return null;
  const line = document.createElement("p");
  line.className = "entry-event";
  line.dataset.code = code ?? "";
  line.append(part(words), time(entry.at));
  return line;
}

/** @param {string} at ISO time */
export function time(at) {
  const moment = new Date(at);
  const element = document.createElement("time");
  element.dateTime = at;
  element.dataset.day = dayKey(moment);
  element.textContent = timeOfDay(moment);
  element.title = wholeTime(moment);
  return element;
}

/** The line above the first entry of a day. @param {HTMLElement} item @returns {HTMLElement | null} */
export function day(item) {
  const at = item.querySelector("time")?.dateTime;
  if (!at) return null;
  const moment = new Date(at);
  const line = document.createElement("p");
  line.className = "entry-day";
  line.textContent = dayName(moment);
  return line;
}

/** @param {Date} moment */
function dayName(moment) {
  const today = new Date();
  const yesterday = new Date(today);
  yesterday.setDate(today.getDate() - 1);
  if (dayKey(moment) === dayKey(today)) return t("chat.today");
  if (dayKey(moment) === dayKey(yesterday)) return t("chat.yesterday");
  return date(moment);
}
