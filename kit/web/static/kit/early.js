// @ts-check
/**
 * kit: what is pressed before the page's modules have run is kept, and pressed again when they have: nothing is lost,
 * whatever the network does. No module itself: it runs before anything of the page can be seen.
 *
 * `blocking="render"` on the modules would do this with less, but shows nothing at all while one of them hangs.
 */
"use strict";
(() => {
  /** @type {HTMLButtonElement | null} */
  let pressed = null;
  /** @type {Record<string, Set<EventTarget>>} what was typed into, ticked or chosen, by the event that tells of it */
  const changed = { input: new Set(), change: new Set() };

  /** @param {Event} event */
  function keepPress(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed?.removeAttribute("aria-busy");
    pressed = button;
    button.setAttribute("aria-busy", "true");
  }

  /** @param {Event} event */
  function keepChange(event) {
    if (event.target) changed[event.type]?.add(event.target);
  }

  function pressAgain() {
    document.removeEventListener("click", keepPress, true);
    for (const [type, boxes] of Object.entries(changed)) {
      document.removeEventListener(type, keepChange, true);
      for (const box of boxes) box.dispatchEvent(new Event(type, { bubbles: true }));
    }
    pressed?.removeAttribute("aria-busy");
    pressed?.click();
  }

  document.addEventListener("click", keepPress, true);
  for (const type of Object.keys(changed)) document.addEventListener(type, keepChange, true);
  // Comes when every module has run or could not be loaded; htmx puts its own beginning off to a task of its own.
  document.addEventListener("DOMContentLoaded", () => window.setTimeout(pressAgain));
})();
