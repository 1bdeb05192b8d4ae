// @ts-check
/** knowledge_base: what was typed and not saved, kept in this browser until it is; the desk has a copy (company.js). */
import { keep, recall } from "../kit/storage.js";
import { callApi } from "./desk-api.js";

/**
 * @typedef {import("./article-form.js").Content} Content
 * @typedef {{version: number, content: Content, at: string}} Kept
 */

const NEW = "new-";

/** One person's unsaved articles; each new article has a name of its own until it is first saved. */
export class DraftKeeper {
  /** @param {string} person account id: two people may share a computer */
  constructor(person) {
    this.person = person;
  }

  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** Take over what the desk kept, where this browser knows nothing newer. @param {(Kept & {name: string})[]} texts */
  adopt(texts) {
    for (const { name, ...kept } of texts) {
      const own = this.find(name);
      if (!own || Date.parse(own.at) < Date.parse(kept.at)) this.keep(name, kept);
    }
  }

  /** It was saved or given up: the desk's copy goes too. @param {string} name */
  drop(name) {
    this.forget(name);
    void this.send("DELETE", name).catch(() => undefined);
  }

  /**
   * Tell the desk; one call after the other, so that an older text never lands after a newer one or its end.
   * @param {string} method @param {string} name @param {unknown} [body]
   * @returns {Promise<any>}
   */
  send(method, name, body) {
    const call = () => callApi(method, `/api/v1/knowledge/unsaved/${name}`, body);
    const answer = this.#last.then(call, call);
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** @param {string} name @returns {Kept | null} */
  find(name) {
    try {
      return JSON.parse(recall(this.#key(name)) ?? "null");
    } catch {
      return null; // half a text from a full disk
    }
  }

  /** @param {string} name @param {Kept} kept */
  keep(name, kept) {
    keep(this.#key(name), JSON.stringify(kept));
    if (name.startsWith(NEW)) this.#saveNames([...new Set([...this.unfinished(), name])]);
  }

  /** @param {string} name */
  forget(name) {
    keep(this.#key(name), null);
    if (name.startsWith(NEW)) this.#saveNames(this.unfinished().filter((each) => each !== name));
  }

  /** Names of new articles that were begun and never saved. @returns {string[]} */
  unfinished() {
    try {
      return JSON.parse(recall(this.#key("names")) ?? "[]");
    } catch {
      return [];
    }
  }

  /** A name for a new article: the one in the page's address, or a fresh one put there, so that a reload finds it. */
  newName() {
    const inAddress = location.hash.slice(1);
    if (inAddress.startsWith(NEW)) return inAddress;
    const name = `${NEW}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
    history.replaceState(history.state, "", `#${name}`);
    return name;
  }

  /** @param {string} name */
  #key(name) {
    return `knowledge-draft:${this.person}:${name}`;
  }

  /** @param {string[]} names */
  #saveNames(names) {
    keep(this.#key("names"), names.length ? JSON.stringify(names) : null);
  }
}
