// @ts-check
/**
 * kit: `<chat-composer>`, where a message is written. Nothing typed is lost: the draft of each conversation is kept.
 *
 * Attributes: `limit` (characters, default 2000), `file-limit` (MiB, for `file-sender.js`), `placeholder`, `hint` (false hides the line about keys).
 * Properties: `conversation` (name of the draft), `disabled`, `value`.
 * Events: `send` (detail {text}; preventDefault keeps the text), `typing` (detail {on, text}; with the attribute `preview` again and again while something is written).
 */
import { keep, recall } from "./storage.js";
import { t } from "./texts.js";

const LIMIT = 2000;
const NEAR_LIMIT = 200;
/** What is being written is shown so often to who reads along. */
const PREVIEW_MS = 800;
const STILL_TYPING_MS = 3000;
const IDLE_MS = 4000;
const MAX_LINES = 8;

let count = 0;

export class ChatComposer extends HTMLElement {
  #conversation = "";
  #typingSince = 0;
  /** @type {number | undefined} */ #preview;
  /** @type {number | undefined} */ #idle;
  /** @type {HTMLTextAreaElement} */ #box = document.createElement("textarea");
  /** @type {HTMLButtonElement} */ #button = document.createElement("button");
  /** @type {HTMLElement} */ #about = document.createElement("p");
  #built = false;

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    const form = document.createElement("form");
    form.className = "composer-form";
    this.#box.rows = 1;
    this.#box.className = "composer-box";
    this.#box.placeholder = this.getAttribute("placeholder") ?? t("chat.placeholder");
    this.#box.setAttribute("aria-label", t("chat.input"));
    this.#box.setAttribute("enterkeyhint", "send");
    this.#about.id = `composer-about-${(count += 1)}`;
    this.#box.setAttribute("aria-describedby", this.#about.id);
    this.#button.className = "btn primary icon-only composer-send";
    this.#button.setAttribute("aria-label", t("chat.send"));
    this.#button.title = t("chat.send");
    this.#button.append(sendIcon());
    this.#about.className = "composer-about meta";
    this.#about.setAttribute("role", "status");
    // Buttons the page put inside stand before the box.
    form.append(...this.childNodes, this.#box, this.#button);
    this.append(form, this.#about);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#box.addEventListener("keydown", (event) => this.#pressed(event));
    this.#box.addEventListener("input", () => this.#changed());
    this.#box.addEventListener("blur", () => this.#rest());
    this.#restore();
  }

  get conversation() {
    return this.#conversation;
  }

  /** Switching shows that conversation's draft. */
  set conversation(name) {
    if (name === this.#conversation) return;
    this.#rest();
    this.#conversation = name;
    this.#restore();
  }

  get value() {
    return this.#box.value;
  }

  set value(text) {
    this.#box.value = text;
    this.#changed(false);
  }

  get disabled() {
    return this.#box.disabled;
  }

  set disabled(off) {
    this.#box.disabled = off;
    this.#show();
  }

  get placeholder() {
    return this.#box.placeholder;
  }

  set placeholder(text) {
    this.#box.placeholder = text;
  }

  get limit() {
    return Number(this.getAttribute("limit")) || LIMIT;
  }

  /** Put text where the cursor stands. @param {string} text */
  insert(text) {
    this.#box.setRangeText(text, this.#box.selectionStart, this.#box.selectionEnd, "end");
    this.#changed();
    this.#box.focus();
  }

  /** @override @param {FocusOptions} [options] */
  focus(options) {
    this.#box.focus(options);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // While an input method composes, Enter takes its suggestion. Safari reports the end of composing first and only
    // the old key code 229 tells.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || event.altKey || composing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.#box.value.trim();
    if (!text || this.#length() > this.limit || this.disabled) return;
    const event = new CustomEvent("send", { detail: { text }, bubbles: true, cancelable: true });
    if (!this.dispatchEvent(event)) return;
    this.#box.value = "";
    this.#changed(false);
    this.#rest();
    this.#box.focus();
  }

  /** @param {boolean} [byPerson] */
  #changed(byPerson = true) {
    keep(this.#draftKey(), this.#box.value || null);
    this.#show();
    if (!byPerson) return;
    if (!this.#box.value) {
      this.#rest();
      return;
    }
    if (Date.now() - this.#typingSince > (this.hasAttribute("preview") ? PREVIEW_MS : STILL_TYPING_MS)) this.#type();
    else if (this.hasAttribute("preview")) this.#preview ??= window.setTimeout(() => this.#type(), PREVIEW_MS);
    clearTimeout(this.#idle);
    this.#idle = window.setTimeout(() => this.#rest(), IDLE_MS);
  }

  #type() {
    clearTimeout(this.#preview);
    this.#preview = undefined;
    this.#typingSince = Date.now();
    this.dispatchEvent(new CustomEvent("typing", { detail: { on: true, text: this.#box.value }, bubbles: true }));
  }

  #rest() {
    clearTimeout(this.#idle);
    clearTimeout(this.#preview);
    this.#preview = undefined;
    if (!this.#typingSince) return;
    this.#typingSince = 0;
    this.dispatchEvent(new CustomEvent("typing", { detail: { on: false, text: "" }, bubbles: true }));
  }

  #restore() {
    if (!this.#built) return;
    this.#box.value = recall(this.#draftKey()) ?? "";
    this.#show();
  }

  #draftKey() {
    return `desk:draft:${this.#conversation}`;
  }

  /** Characters as the server counts them: an emoji is one, whatever its number of UTF-16 units. */
  #length() {
    return [...this.#box.value.trim()].length;
  }

  #show() {
    const length = this.#length();
    const left = this.limit - length;
    const tooLong = left < 0;
    this.#button.disabled = this.disabled || length === 0 || tooLong;
    this.#about.classList.toggle("error", tooLong);
    this.#box.setAttribute("aria-invalid", String(tooLong));
    if (tooLong) this.#about.textContent = t("chat.too_long", { limit: this.limit, length });
    else if (left <= NEAR_LIMIT) this.#about.textContent = t("chat.left", { count: left });
    else this.#about.textContent = this.getAttribute("hint") === "false" ? "" : t("chat.send_hint");
    const style = getComputedStyle(this.#box);
    const most = parseFloat(style.lineHeight) * MAX_LINES;
    this.#box.style.height = "auto";
    const edges = this.#box.offsetHeight - this.#box.clientHeight;
    this.#box.style.height = `${Math.min(this.#box.scrollHeight, most || this.#box.scrollHeight) + edges}px`;
  }
}

function sendIcon() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "/static/kit/icons.svg#send");
  icon.append(use);
  return icon;
}

customElements.define("chat-composer", ChatComposer);
