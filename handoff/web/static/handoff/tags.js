// @ts-check
/** handoff: the tags of the open conversation, in its context. */
import { ask } from "./http.js";

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {import("./ownership.js").Ownership} Ownership */

/** @param {HTMLElement} context @param {Talk} talk @param {Ownership} ownership */
export function bindTags(context, talk, ownership) {
  /** @param {"tag" | "untag"} what @param {string} tag */
  const change = async (what, tag) => {
    await ownership.attempt(async () => {
      await ask(`/desk/conversations/${encodeURIComponent(talk.conversation)}/${what}`, { tag });
      await talk.refresh();
    });
    focusTag(context);
  };
  context.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.form !== "tag") return;
    event.preventDefault();
    const tag = String(new FormData(form).get("tag") ?? "");
    if (tag.trim()) void change("tag", tag);
  });
  context.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-untag]") : null;
    if (button instanceof HTMLElement) void change("untag", button.dataset.untag ?? "");
  });
}

/** @param {HTMLElement} context */
export function focusTag(context) {
  const field = context.querySelector("input[name=tag]");
  if (field instanceof HTMLElement) field.focus();
}
