// @ts-check
/** handoff: what the palette offers: the shown shortcuts, the lists, and everybody in the open list. */
import { t } from "../kit/texts.js";

/** @typedef {import("./palette.js").Command} Command */

/**
 * @param {HTMLElement} shown the dialog that explains the keys; its words name the commands
 * @param {Record<string, () => void>} keys what a key does
 * @param {HTMLElement} list the rows of the console
 * @param {(conversation: string) => void} open
 * @returns {Command[]}
 */
export function commandsOf(shown, keys, list, open) {
  const commands = [];
  for (const name of shown.querySelectorAll("dt")) {
    const [only, ...more] = [...name.querySelectorAll("kbd")].map((key) => key.textContent ?? "");
    const run = only && keys[only.toLowerCase()];
    if (run && !more.length) commands.push({ label: name.nextElementSibling?.textContent ?? "", key: only, run });
  }
  for (const button of document.querySelectorAll("button[data-view]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const label = t("handoff.palette.list", { name: t(`handoff.view.${button.dataset.view}`) });
    commands.push({ label, key: button.querySelector("kbd")?.textContent ?? "", run: () => button.click() });
  }
  for (const item of list.querySelectorAll("li[data-conversation]")) {
    if (!(item instanceof HTMLElement)) continue;
    const { conversation = "", customer } = item.dataset;
    const words = item.querySelector(".row-words")?.textContent ?? "";
    commands.push({ label: `${customer || t("handoff.nameless")} · ${words}`, run: () => open(conversation) });
  }
  return commands;
}
