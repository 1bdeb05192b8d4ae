// @ts-check
/** knowledge_base: text boxes as high as their text, so that nobody scrolls inside a box. */

/** @type {WeakMap<HTMLTextAreaElement, number>} */
const widths = new WeakMap();

/** @param {HTMLTextAreaElement} box */
function fit(box) {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

/** Keep `box` as high as its text, from now on. @param {HTMLTextAreaElement} box */
export function fitHeight(box) {
  if (!widths.has(box)) {
    widths.set(box, 0);
    box.addEventListener("input", () => fit(box));
    // Shown or made narrower: the same text needs another height.
    new ResizeObserver(() => {
      if (widths.get(box) === box.clientWidth) return;
      widths.set(box, box.clientWidth);
      fit(box);
    }).observe(box);
  }
  fit(box);
}
