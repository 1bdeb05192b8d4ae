// @ts-check
/** handoff: single keys that do something, as long as nobody is typing. */
import { callOff, isComing } from "./fetched-dialog.js";

/**
 * @param {Record<string, () => void>} actions by key, letters in lower case
 * @returns {(event: KeyboardEvent) => void} a listener for `keydown`
 */
export function keyActions(actions) {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key !== "Escape" && isTyping(event.target)) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    if (!isComing()) action();
    else if (event.key === "Escape") callOff(); // meant for the dialog, not for what it will lie over
  };
}

/** Whether keys go into a field. @param {EventTarget | null} target */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
