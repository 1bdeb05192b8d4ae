// @ts-check
/** knowledge_base: the article's form as a value, and back; faults beside their fields. */
import { boxOf, momentOf } from "../kit/clock.js";
import { hasText, t } from "../kit/texts.js";
import { AttachmentList } from "./attachment-list.js";
import { fitHeight } from "./fit-height.js";
import { FollowUpList } from "./follow-up-list.js";
import { WordingList } from "./wording-list.js";

/**
 * @typedef {{language: string, title: string, answer: string, short: string, questions: string[],
 *   attachments?: import("./attachment-list.js").Attachment[]}} Side
 * @typedef {{audience: string, valid_from: string | null, valid_until: string | null, owner: string,
 *   review_on: string | null, follow_ups: string[], action: string | null, department?: string}} Details
 * @typedef {{key: string, category: string, products: string[], texts: Side[], details: Details}} Content
 * @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Box
 */

export const LANGUAGES = ["zh", "en"];
const NEW_CATEGORY = "+";

export class ArticleForm {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    for (const box of form.querySelectorAll("textarea")) fitHeight(box);
    for (const box of form.querySelectorAll("[data-moment]")) {
      if (box instanceof HTMLInputElement && box.value === "") box.value = stored(box);
    }
    this.#category().addEventListener("change", () => this.#showNewCategory(true));
    form.addEventListener("input", (event) => {
      if (event.target instanceof Element) clearFault(event.target.closest(".field.wrong"));
    });
  }

  get locked() {
    return "locked" in this.form.dataset;
  }

  get id() {
    return this.form.dataset.id ?? "";
  }

  get version() {
    return Number(this.form.dataset.version);
  }

  /** Which article the form holds, and the version it was read at. @param {string} id @param {number} version */
  identify(id, version) {
    this.form.dataset.id = id;
    this.form.dataset.version = String(version);
  }

  /** Languages whose answer changed, when it was saved, while the short answer stayed. */
  get staleShorts() {
    return (this.form.dataset.staleShorts ?? "").split(" ");
  }

  /** @param {string[]} languages */
  set staleShorts(languages) {
    this.form.dataset.staleShorts = languages.join(" ");
  }

  /** The key is chosen once. @param {string} key */
  settleKey(key) {
    this.#put("key", key);
    const box = this.#box("key");
    if (box instanceof HTMLInputElement) box.readOnly = true;
  }

  /**
   * What the form holds.
   * @param {(box: Box) => string} valueOf `stored` tells what the desk sent, whatever was typed since
   * @returns {Content}
   */
  read(valueOf = typed) {
    /** @param {string} name */
    const text = (name) => this.#text(name, valueOf);
    const chosen = text("category");
    const [action = "", department = ""] = text("action").split(":");
    return {
      key: text("key").trim(),
      category: chosen === NEW_CATEGORY ? this.#newCategory().value.trim() : chosen,
      products: text("products").split(/[,，;；\n]/).map((tag) => tag.trim()).filter((tag) => tag !== ""),
      texts: LANGUAGES.map((language) => this.side(language, valueOf)).filter((side) => !isEmpty(side)),
      details: {
        audience: text("audience"),
        valid_from: momentOf(text("valid_from"))?.toISOString() ?? null,
        valid_until: momentOf(text("valid_until"))?.toISOString() ?? null,
        owner: text("owner"),
        review_on: text("review_on") || null,
        follow_ups: this.#followUps()?.value ?? [],
        action: action || null,
        department,
      },
    };
  }

  /** @param {string} language @param {(box: Box) => string} valueOf @returns {Side} */
  side(language, valueOf = typed) {
    return {
      language,
      title: this.#text(`${language}.title`, valueOf),
      answer: this.#text(`${language}.answer`, valueOf),
      short: this.#text(`${language}.short`, valueOf),
      questions: this.wordings(language)?.value ?? [],
      attachments: this.#attachments(language)?.value ?? [],
    };
  }

  /** @param {Content} content */
  fill(content) {
    this.#put("key", content.key);
    this.#put("products", content.products.join(", "));
    this.#putCategory(content.category);
    if (content.details) this.#fillDetails(content.details);
    for (const language of LANGUAGES) {
      const side = content.texts.find((each) => each.language === language);
      this.#put(`${language}.title`, side?.title ?? "");
      this.#put(`${language}.answer`, side?.answer ?? "");
      this.#put(`${language}.short`, side?.short ?? "");
      const list = this.wordings(language);
      if (list) list.value = side?.questions ?? [];
      const files = this.#attachments(language);
      if (files) files.value = side?.attachments ?? []; // what an older page kept in the browser names none
    }
  }

  /** @param {Details} details */
  #fillDetails(details) {
    this.#put("audience", details.audience);
    this.#put("valid_from", boxOf(new Date(details.valid_from ?? "")));
    this.#put("valid_until", boxOf(new Date(details.valid_until ?? "")));
    this.#put("owner", details.owner);
    this.#put("review_on", details.review_on ?? "");
    this.#put("action", [details.action, details.department].filter(Boolean).join(":"));
    const list = this.#followUps();
    if (list) list.value = details.follow_ups;
  }

  #followUps() {
    const list = this.form.querySelector("follow-up-list");
    return list instanceof FollowUpList ? list : null;
  }

  /** Put `text` into one field, such as `zh.title`. @param {string} field @param {string} text */
  put(field, text) {
    if (field === "category") this.#putCategory(text);
    else if (field.startsWith("valid_")) this.#put(field, boxOf(new Date(text)));
    else this.#put(field, text);
  }

  /** @param {string} language */
  wordings(language) {
    const list = this.form.querySelector(`wording-list[name="${language}.questions"]`);
    return list instanceof WordingList ? list : null;
  }

  /** @param {string} language */
  #attachments(language) {
    const list = this.form.querySelector(`attachment-list[name="${language}.attachments"]`);
    return list instanceof AttachmentList ? list : null;
  }

  clearFaults() {
    for (const field of this.form.querySelectorAll(".field.wrong")) clearFault(field);
  }

  /**
   * Say at each field what is wrong with it.
   * @param {Record<string, string>} faults field to text or text key
   * @returns {{first: HTMLElement | null, elsewhere: string[]}} the first box to mend; faults that have no field here
   */
  showFaults(faults) {
    this.clearFaults();
    /** @type {HTMLElement[]} */
    const boxes = [];
    const elsewhere = [];
    for (const [name, fault] of Object.entries(faults)) {
      const words = hasText(fault) ? t(fault) : fault;
      const box = this.#showFault(name, words);
      if (box) boxes.push(box);
      else elsewhere.push(words);
    }
    boxes.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    return { first: boxes[0] ?? null, elsewhere };
  }

  /** @param {string} name @param {string} words @returns {HTMLElement | null} */
  #showFault(name, words) {
    // A fault of the texts as a whole is mended where writing begins; the department is chosen with the action.
    const place = { texts: this.#firstTitle(), department: "action" }[name] ?? name;
    const [, base = place, position] = /^(.*?)(?:\.(\d+))?$/.exec(place) ?? [];
    const field = this.form.querySelector(`[data-field="${CSS.escape(base)}"]`);
    if (!field) return null;
    const list = field.querySelector("wording-list");
    const at = position === undefined ? undefined : Number(position);
    const marked = list instanceof WordingList && at !== undefined ? list.mark(at) : undefined;
    const box = marked ?? field.querySelector("input:not([hidden]), textarea, select");
    if (!(box instanceof HTMLElement)) return null;
    field.classList.add("wrong");
    if (!field.querySelector(".error")) {
      const line = document.createElement("p");
      line.className = "error";
      line.id = `${base}-error`;
      line.textContent = words;
      field.append(line);
    }
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-errormessage", `${base}-error`);
    return box;
  }

  #firstTitle() {
    return this.form.querySelector('[data-field$=".title"]')?.getAttribute("data-field") ?? "";
  }

  /** @param {string} name */
  #box(name) {
    const box = this.form.elements.namedItem(name);
    const known = [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement].some((kind) => box instanceof kind);
    return known ? /** @type {Box} */ (box) : null;
  }

  /** @param {string} name @param {(box: Box) => string} valueOf */
  #text(name, valueOf) {
    const box = this.#box(name);
    return box ? valueOf(box) : "";
  }

  /** @param {string} name @param {string} text */
  #put(name, text) {
    const box = this.#box(name);
    if (!box) return;
    box.value = text;
    if (box instanceof HTMLTextAreaElement) fitHeight(box);
  }

  #category() {
    return /** @type {HTMLSelectElement} */ (this.form.elements.namedItem("category"));
  }

  #newCategory() {
    return /** @type {HTMLInputElement} */ (this.form.querySelector("#category-new"));
  }

  /** @param {string} category */
  #putCategory(category) {
    const select = this.#category();
    const known = [...select.options].some((option) => option.value === category);
    select.value = known ? category : NEW_CATEGORY;
    if (!known) this.#newCategory().value = category;
    this.#showNewCategory(false);
  }

  /** @param {boolean} chosen by hand just now */
  #showNewCategory(chosen) {
    const box = this.#newCategory();
    box.hidden = this.#category().value !== NEW_CATEGORY;
    if (chosen && !box.hidden) box.focus();
  }
}

/** @param {Box} box */
function typed(box) {
  return box.value;
}

/** What the desk put into the box: a quick hand writes before this module runs. @param {Box} box */
export function stored(box) {
  if (box.dataset.moment !== undefined) return boxOf(new Date(box.dataset.moment));
  if (!(box instanceof HTMLSelectElement)) return box.defaultValue;
  return ([...box.options].find((option) => option.defaultSelected) ?? box.options[0])?.value ?? "";
}

/** @param {Element | null} field */
function clearFault(field) {
  if (!field) return;
  field.classList.remove("wrong");
  field.querySelector(".error")?.remove();
  for (const box of field.querySelectorAll("[aria-invalid]")) {
    box.removeAttribute("aria-invalid");
    box.removeAttribute("aria-errormessage");
  }
}

/** @param {Side} side */
function isEmpty(side) {
  const typed = [side.title, side.answer, side.short, ...side.questions].some((text) => text.trim() !== "");
  return !typed && !side.attachments?.length;
}
