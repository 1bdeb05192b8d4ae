// @ts-check
/**
 * kit: moments in words. Pages of the staff carry the desk's time zone (`<html data-zone>`), so that a message's time and a
 * promise's time beside it are of one clock; a customer's window goes by the customer's own.
 */

import { pageLanguage } from "./texts.js";

/** Slow to make, and a long conversation has thousands of moments. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {Intl.DateTimeFormatOptions} options @param {Date} moment @param {string} [language] */
function words(options, moment, language = pageLanguage()) {
  const whole = { ...options, timeZone: document.documentElement.dataset.zone };
  const name = JSON.stringify([language, whole]);
  const format = formats.get(name) ?? new Intl.DateTimeFormat(language, whole);
  formats.set(name, format);
  return format.format(moment);
}

/** Such as 09:24. @param {Date} moment */
export function timeOfDay(moment) {
  return words({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, moment);
}

/** Day and time to the second, for a title. @param {Date} moment */
export function wholeTime(moment) {
  return words({ dateStyle: "medium", timeStyle: "medium" }, moment);
}

/** Day and time, briefly. @param {Date} moment */
export function briefTime(moment) {
  return words({ dateStyle: "short", timeStyle: "short" }, moment);
}

/** @param {Date} moment */
export function date(moment) {
  return words({ dateStyle: "medium" }, moment);
}

/** @param {Date} moment */
export function weekday(moment) {
  return words({ weekday: "long" }, moment);
}

/** The day as a key, such as 2026-11-22: equal for two moments of one day. @param {Date} moment */
export function dayKey(moment) {
  return words({ year: "numeric", month: "2-digit", day: "2-digit" }, moment, "sv-SE");
}
