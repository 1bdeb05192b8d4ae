// @ts-check
/** handoff: shows how long ago something was, in every `<time data-clock>` of the page. Pure but for `tick`. */
import { t } from "../kit/texts.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/**
 * How long somebody has waited: `0:42`, `12:05`, `1:02:09`.
 * @param {number} seconds
 */
export function waited(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const rest = `${two(Math.floor(whole / MINUTE) % 60)}:${two(whole % MINUTE)}`;
  if (whole >= HOUR) return `${Math.floor(whole / HOUR)}:${rest}`;
  return `${Math.floor(whole / MINUTE)}:${two(whole % MINUTE)}`;
}

/**
 * How long ago something was said, in words.
 * @param {number} seconds
 */
export function ago(seconds) {
  if (seconds < MINUTE) return t("handoff.ago.now");
  if (seconds < HOUR) return t("handoff.ago.minutes", { count: Math.floor(seconds / MINUTE) });
  if (seconds < DAY) return t("handoff.ago.hours", { count: Math.floor(seconds / HOUR) });
  return t("handoff.ago.days", { count: Math.floor(seconds / DAY) });
}

/** Bring every clock below `root` up to date. @param {ParentNode} root */
export function tick(root) {
  for (const element of root.querySelectorAll("time[data-clock]")) {
    if (!(element instanceof HTMLTimeElement)) continue;
    const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
    const kind = element.dataset.clock;
    if (kind === "left") {
      const left = t("handoff.offer.left", { count: Math.max(0, Math.ceil(-seconds)) });
      if (element.textContent !== left) element.textContent = left;
      continue;
    }
    const text = kind === "ago" ? ago(seconds) : kind === "row" ? t("handoff.row.waited", { time: waited(seconds) }) : waited(seconds);
    if (element.textContent !== text) element.textContent = text;
  }
}
