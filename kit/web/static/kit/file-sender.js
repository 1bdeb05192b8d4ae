// @ts-check
/**
 * kit: sends files from beside the box: chosen, pasted or dropped. What could not be sent stays with its reason and is
 * offered again under the same key, so that it is stored once.
 */
import { newKey } from "./live-socket.js";
import { t } from "./texts.js";

/** @typedef {import("./chat-thread.js").ChatThread} ChatThread */
/** @typedef {import("./chat-composer.js").ChatComposer} ChatComposer */

const ACCEPT = "image/png,image/jpeg,image/gif,image/webp,application/pdf,video/mp4";
const MIB = 1024 * 1024;

export class FileSender {
  #thread;
  #composer;
  #upload;
  #may;
  /** @type {Map<string, File>} what is under way or failed, by key */ #files = new Map();
  #button = document.createElement("button");

  /**
   * @param {{thread: ChatThread, composer: ChatComposer, upload: (file: File, key: string) => Promise<void>, may?: () => boolean}} parts
   *   `upload` rejects with words for people; `may`: whether a file can be sent now
   */
  constructor({ thread, composer, upload, may = () => true }) {
    this.#thread = thread;
    this.#composer = composer;
    this.#upload = upload;
    this.#may = may;
    this.#build();
    composer.addEventListener("paste", (event) => event instanceof ClipboardEvent && this.#take(event.clipboardData, event));
    for (const target of [thread, composer]) {
      target.addEventListener("dragover", (event) => this.#may() && event.preventDefault());
      target.addEventListener("drop", (event) => event instanceof DragEvent && this.#take(event.dataTransfer, event));
    }
    thread.addEventListener("retry", (event) => event instanceof CustomEvent && this.#retry(event.detail.key));
    thread.addEventListener("discard", (event) => event instanceof CustomEvent && this.#files.delete(event.detail.key));
  }

  /** The button follows what may be done. */
  refresh() {
    this.#button.disabled = !this.#may();
  }

  #build() {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ACCEPT;
    input.multiple = true;
    input.hidden = true;
    const button = this.#button;
    button.type = "button";
    button.className = "btn quiet icon-only composer-attach";
    button.setAttribute("aria-label", t("chat.attach"));
    button.title = t("chat.attach");
    button.append(clipIcon());
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      for (const file of input.files ?? []) void this.send(file);
      input.value = "";
    });
    this.#composer.querySelector("form")?.prepend(button, input);
  }

  /** @param {DataTransfer | null} given @param {Event} event */
  #take(given, event) {
    const files = [...(given?.files ?? [])];
    if (!files.length || !this.#may()) return;
    event.preventDefault();
    for (const file of files) void this.send(file);
  }

  /** @param {File} file */
  async send(file) {
    const key = newKey();
    this.#files.set(key, file);
    this.#thread.addPending({ key, text: t("chat.file_sending", { name: file.name }) });
    await this.#go(key, file);
  }

  /** @param {string} key */
  #retry(key) {
    const file = this.#files.get(key);
    if (!file) return;
    this.#thread.removePending(key);
    this.#thread.addPending({ key, text: t("chat.file_sending", { name: file.name }) });
    void this.#go(key, file);
  }

  /** @param {string} key @param {File} file */
  async #go(key, file) {
    const limit = Number(this.#composer.getAttribute("file-limit")) || 10;
    try {
      // The server says so too, but only when all of it has been sent.
      if (file.size > limit * MIB) throw new Error(t("chat.file_too_large", { name: file.name, limit }));
      await this.#upload(file, key);
      this.#files.delete(key);
      this.#thread.markSent(key);
    } catch (error) {
      this.#thread.markFailed(key, error instanceof Error ? error.message : String(error));
    }
  }
}

function clipIcon() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "/static/kit/icons.svg#clip");
  icon.append(use);
  return icon;
}
