// @ts-check
/** kit: the file of an entry: a picture to look at, everything else to download. Knows no address: it asks for it. */
import { pageLanguage, t } from "./texts.js";

/** @typedef {import("./entry-log.js").Entry} Entry */
/** @typedef {(entry: Entry) => Promise<string>} Address where the file of an entry is; rejects with words for people */

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const KIB = 1024;

/**
 * @param {Entry} entry @param {Address} address
 * @returns {HTMLElement | null} null when no file can be had
 */
export function fileCard(entry, address) {
  const file = entry.payload?.file;
  // What lies in the customer's chat app has no type yet; it is looked at when it is fetched.
  if (!file || !(file.media_type || file.ref)) return null;
  const picture = file.media_type ? PICTURES.has(file.media_type) : file.kind === "photo";
  const name = file.name || t(picture ? "chat.file_picture" : "chat.file");
  const box = document.createElement("span");
  box.className = "entry-file";
  const link = document.createElement("a");
  link.target = "_blank"; // the conversation stays open
  link.rel = "noopener";
  link.setAttribute("aria-label", t("chat.file_open", { name }));
  box.append(link);
  if (picture) showPicture(entry, address, { box, link, name });
  else offerFile(entry, address, { box, link, name, size: Number(file.size) || 0 });
  return box;
}

/** @param {Entry} entry @param {Address} address @param {{box: HTMLElement, link: HTMLAnchorElement, name: string}} parts */
function showPicture(entry, address, { box, link, name }) {
  const image = document.createElement("img");
  image.alt = name;
  image.addEventListener("error", () => explain(box, ""));
  link.append(image);
  address(entry).then(
    (found) => {
      image.src = found;
      link.href = found;
    },
    (error) => explain(box, error instanceof Error ? error.message : ""),
  );
}

/** @param {Entry} entry @param {Address} address @param {{box: HTMLElement, link: HTMLAnchorElement, name: string, size: number}} parts */
function offerFile(entry, address, { box, link, name, size }) {
  link.textContent = size ? `${name} · ${inKib(size)}` : name;
  link.href = "#";
  link.addEventListener("click", async (event) => {
    if (link.href !== "#" && !link.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    try {
      link.href = await address(entry);
      link.download = name;
      link.click();
    } catch (error) {
      explain(box, error instanceof Error ? error.message : "");
    }
  });
}

/** @param {HTMLElement} box @param {string} reason */
function explain(box, reason) {
  const words = document.createElement("span");
  words.setAttribute("role", "status");
  words.textContent = t("chat.file_unshown", { reason }).replace(/[:：]\s*$/, "");
  box.replaceChildren(words);
}

/** @param {number} bytes */
function inKib(bytes) {
  const size = new Intl.NumberFormat(pageLanguage(), { maximumFractionDigits: bytes < 10 * KIB * KIB ? 1 : 0 });
  return bytes < KIB * KIB ? `${size.format(Math.ceil(bytes / KIB))} KB` : `${size.format(bytes / KIB / KIB)} MB`;
}
