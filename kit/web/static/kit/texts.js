// @ts-check
/** kit: texts for browser modules, from the `<script type="application/json" id="texts">` the page carries. */

/** @type {Record<string, string> | null} */
let table = null;

/** @returns {Record<string, string>} */
function load() {
  const block = document.getElementById("texts");
  return block?.textContent ? JSON.parse(block.textContent) : {};
}

/**
 * The text of `key`, slots filled; `<key>.one` where the slot `count` is 1 and such a text exists.
 * A missing text shows its key, so that it is seen; tests/kit/test_texts.py finds it before.
 * @param {string} key
 * @param {Record<string, string | number>} [slots]
 * @returns {string}
 */
export function t(key, slots = {}) {
  table ??= load();
  const text = (slots.count === 1 ? table[`${key}.one`] : undefined) ?? table[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

/** Whether the page carries a text of this key. @param {string} key */
export function hasText(key) {
  table ??= load();
  return key in table;
}

/** The page's language as browsers name it, such as `zh-CN`. */
export function pageLanguage() {
  return document.documentElement.lang || "zh-CN";
}

/** The `lang` of a message in the house's language name. @param {string} language `zh` or `en` */
export function htmlLang(language) {
  return language === "zh" ? "zh-CN" : language;
}
