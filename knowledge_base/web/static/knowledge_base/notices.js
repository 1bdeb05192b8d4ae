// @ts-check
/** knowledge_base: what must not be missed, above the form, one line a matter. */

/** @typedef {{label: string, act: () => void}} Way */

/**
 * Say something until it is cleared; the same matter again takes the place of the first.
 * @param {string} matter @param {string} text @param {Way} [way] what can be done about it
 * @param {"" | "warn" | "danger"} [look]
 */
export function showNotice(matter, text, way, look = "") {
  clearNotice(matter);
  const banner = document.createElement("div");
  banner.className = `banner ${look}`;
  banner.dataset.matter = matter;
  const words = document.createElement("p");
  words.textContent = text;
  banner.append(words);
  if (way) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = way.label;
    button.addEventListener("click", way.act);
    banner.append(button);
  }
  document.getElementById("notices")?.append(banner);
}

/** @param {string} matter */
export function clearNotice(matter) {
  document.querySelector(`#notices [data-matter="${CSS.escape(matter)}"]`)?.remove();
}
