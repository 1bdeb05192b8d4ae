// @ts-check
/**
 * kit: where somebody reads in a thread. At its end they go along with what comes; further up nobody moves them, and a
 * button counts what they have not seen.
 */
import { t } from "./texts.js";

/** Closer to the end than this counts as reading the newest, pixels. */
const NEAR_END = 64;

export class ReadingPlace {
  pill = document.createElement("button");
  #box;
  #unseen = 0;
  #atEnd = true;
  /** Where the reader was when it was last looked at. */ #top = 0;

  /** @param {HTMLElement} box what scrolls */
  constructor(box) {
    this.#box = box;
    this.pill.className = "btn thread-pill";
    this.pill.hidden = true;
  }

  /** From now on keep the end in sight while its room or `content` changes: keyboard, banners, composer. @param {HTMLElement} content */
  watch(content) {
    this.#box.addEventListener("scroll", () => this.#look(), { passive: true });
    for (const box of [this.#box, content]) new ResizeObserver(() => this.atEnd && this.toEnd()).observe(box);
  }

  /** Whether the reader is at the end. Who has just gone up is not: the scroll event comes with the next picture only. */
  get atEnd() {
    if (this.#box.scrollTop < this.#top) this.#look();
    return this.#atEnd;
  }

  toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#look();
  }

  /** Tell of what came below. @param {number} count */
  missed(count) {
    this.#unseen += count;
    this.pill.textContent = t("chat.new_messages", { count: this.#unseen });
    this.pill.hidden = false;
  }

  /** Begin anew, with another conversation. */
  clear() {
    this.pill.hidden = true;
    this.#unseen = 0;
    this.#atEnd = true;
    this.#top = 0;
  }

  #look() {
    const box = this.#box;
    this.#top = box.scrollTop;
    this.#atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    if (this.#atEnd) {
      this.#unseen = 0;
      this.pill.hidden = true;
    }
  }
}
