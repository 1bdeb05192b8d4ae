// @ts-check
/** kit: the files that go along with an answer, as links below it. */

/** Where such files are given out: an address elsewhere is no file of the desk. */
const FILES = "/knowledge/files/";

/**
 * @param {import("./entry-log.js").Entry} entry
 * @returns {HTMLElement | null} null when it brings none
 */
export function attachedLinks(entry) {
  const named = /** @type {{name: string, address: string}[]} */ (entry.payload?.attachments ?? []);
  const files = named.filter((each) => each.address.startsWith(FILES));
  if (files.length === 0) return null;
  const list = document.createElement("ul");
  list.className = "entry-attached";
  for (const { name, address } of files) {
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank"; // the conversation stays open
    link.rel = "noopener";
    link.textContent = name;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  return list;
}
