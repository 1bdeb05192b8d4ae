// @ts-check
/**
 * kit: moments in words. Pages of the staff carry the desk's time zone (`<html data-zone>`), so that a message's time and a
 * promise's time beside it are of one clock; a customer's window goes by the customer's own.
 */

import { pageLanguage } from "./texts.js";

/** Slow to make, and a long conversation has thousands of moments. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** The desk's time zone, for its opening hours; a customer's page carries it as `<html data-desk-zone>`. */
export function deskZone() {
  return document.documentElement.dataset.deskZone ?? document.documentElement.dataset.zone;
}

/**
 * @param {Intl.DateTimeFormatOptions} options @param {Date} moment @param {string} [language]
 * @param {string} [zone] the page's own unless another is meant
 */
function words(options, moment, language = pageLanguage(), zone = document.documentElement.dataset.zone) {
  const whole = { ...options, timeZone: zone };
  const name = JSON.stringify([language, whole]);
  const format = formats.get(name) ?? new Intl.DateTimeFormat(language, whole);
  formats.set(name, format);
  return format.format(moment);
}

/** Such as 09:24. @param {Date} moment @param {string} [zone] */
export function timeOfDay(moment, zone) {
  return words({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, moment, pageLanguage(), zone);
}

/** The name of the desk's clock, such as GMT+8, where it shows another time than the reader's; else nothing. @param {Date} moment */
export function deskClock(moment) {
  if (timeOfDay(moment, deskZone()) === timeOfDay(moment)) return "";
  const format = new Intl.DateTimeFormat(pageLanguage(), { timeZone: deskZone(), timeZoneName: "short" });
  return format.formatToParts(moment).find(({ type }) => type === "timeZoneName")?.value ?? "";
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

/** @param {Date} moment @param {string} [zone] */
export function weekday(moment, zone) {
  return words({ weekday: "long" }, moment, pageLanguage(), zone);
}

/** The day as a key, such as 2026-11-22: equal for two moments of one day. @param {Date} moment @param {string} [zone] */
export function dayKey(moment, zone) {
  return words({ year: "numeric", month: "2-digit", day: "2-digit" }, moment, "sv-SE", zone);
}

/** A moment as a box of type datetime-local holds it, by the page's clock; empty for no moment. @param {Date} moment */
export function boxOf(moment) {
  if (Number.isNaN(moment.getTime())) return "";
  const parts = /** @type {const} */ ({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return words(parts, moment, "sv-SE").replace(" ", "T");
}

/** The moment that a box of type datetime-local means, by the page's clock; null where it is empty. @param {string} box */
export function momentOf(box) {
  const wall = Date.parse(`${box}Z`);
  if (Number.isNaN(wall)) return null;
  // How far the clock is from UTC is known only at the moment looked for, so it is asked twice.
  let at = wall;
  for (let time = 0; time < 2; time += 1) at = wall - (Date.parse(`${boxOf(new Date(at))}Z`) - at);
  return new Date(at);
}
