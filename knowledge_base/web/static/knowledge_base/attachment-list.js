// @ts-check
/** knowledge_base: <attachment-list>: files that go along with an answer: chosen or dropped, kept at once, named here. */
import { t } from "../kit/texts.js";
import { Refused, upload } from "./desk-api.js";

/** @typedef {{id: string, name: string}} Attachment */

const FILES = "/knowledge/files/";
const KINDS = "image/png,image/jpeg,image/gif,image/webp,application/pdf,video/mp4";

export class AttachmentList extends HTMLElement {
  #built = false;
  #list = document.createElement("ul");
  #input = document.createElement("input");
  #state = document.createElement("p");

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    const first = [...this.querySelectorAll("p")].map((line) => ({ id: line.dataset.id ?? "", name: line.textContent ?? "" }));
    this.#list.className = "attachments";
    this.#state.className = "hint";
    this.#state.setAttribute("role", "status");
    this.replaceChildren(this.#list);
    for (const each of first) this.#append(each);
    if (this.hasAttribute("locked")) return;
    this.append(this.#adder(), this.#state);
    const field = this.closest(".field");
    field?.addEventListener("dragover", (event) => event.preventDefault());
    field?.addEventListener("drop", (event) => {
      const files = event instanceof DragEvent ? [...(event.dataTransfer?.files ?? [])] : [];
      if (files.length === 0) return;
      event.preventDefault();
      void this.#take(files);
    });
  }

  /** The files in their order. @returns {Attachment[]} */
  get value() {
    return [...this.#list.children].map((item) => ({ id: item.getAttribute("data-id") ?? "", name: item.querySelector("a")?.textContent ?? "" }));
  }

  set value(attachments) {
    this.#list.replaceChildren();
    for (const each of attachments) this.#append(each);
  }

  /** @param {Attachment} attachment */
  #append({ id, name }) {
    const item = document.createElement("li");
    item.dataset.id = id;
    const link = document.createElement("a");
    link.href = `${FILES}${encodeURIComponent(id)}/${encodeURIComponent(name)}`;
    link.target = "_blank"; // what is being written stays open
    link.rel = "noopener";
    link.textContent = name;
    item.append(link);
    if (!this.hasAttribute("locked")) item.append(this.#remover(item, name));
    this.#list.append(item);
  }

  /** @param {HTMLElement} item @param {string} name */
  #remover(item, name) {
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn quiet icon-only small";
    remove.textContent = "×";
    remove.setAttribute("aria-label", t("knowledge_base.attachment.remove", { name }));
    remove.addEventListener("click", () => {
      const near = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      this.#state.textContent = t("knowledge_base.attachment.removed", { name });
      this.#changed();
      const next = near?.querySelector("button") ?? this.#input;
      if (next instanceof HTMLElement) next.focus();
    });
    return remove;
  }

  #adder() {
    const label = document.createElement("label");
    label.className = "btn small picture";
    this.#input.type = "file";
    this.#input.multiple = true;
    this.#input.accept = KINDS;
    this.#input.className = "visually-hidden";
    this.#input.id = this.getAttribute("input-id") ?? "";
    this.#input.setAttribute("aria-describedby", this.getAttribute("about") ?? "");
    this.#input.addEventListener("change", () => {
      void this.#take([...(this.#input.files ?? [])]);
      this.#input.value = "";
    });
    label.append(t("knowledge_base.attachment.add"), this.#input);
    return label;
  }

  /** @param {File[]} files */
  async #take(files) {
    this.#explain("");
    for (const file of files) {
      this.#state.textContent = t("knowledge_base.attachment.sending", { name: file.name });
      try {
        const kept = await upload(`/api/v1/knowledge/attachments?name=${encodeURIComponent(file.name)}`, file);
        if (!this.value.some((each) => each.id === kept.id)) this.#append(kept);
        this.#state.textContent = t("knowledge_base.attachment.added", { name: kept.name });
        this.#changed();
      } catch (error) {
        this.#state.textContent = "";
        const reason = error instanceof Refused ? error.text : t("connection.unreached");
        this.#explain(t("knowledge_base.attachment.refused", { name: file.name, reason }));
        return;
      }
    }
  }

  /** Say at the field what is wrong; empty: nothing is. @param {string} words */
  #explain(words) {
    const field = this.closest(".field");
    field?.classList.toggle("wrong", words !== "");
    field?.querySelector(".error")?.remove();
    this.#input.toggleAttribute("aria-invalid", words !== "");
    if (words === "") return;
    const line = document.createElement("p");
    line.className = "error";
    line.setAttribute("role", "alert");
    line.textContent = words;
    field?.append(line);
  }

  #changed() {
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("attachment-list", AttachmentList);
