// @ts-check
/** knowledge_base: whether a key is meant for a text rather than for the page. */

/** @param {KeyboardEvent} event */
export function isTyping(event) {
  const target = event.target;
  return event.isComposing || (target instanceof Element && target.matches("input, textarea, select, dialog *"));
}
