// @ts-check
/**
 * handoff: the conversation that is offered to this agent. It never takes the focus: who is writing goes on writing.
 *
 * Events: `accept` and `decline` (detail {handoff, conversation}).
 */
import { tick } from "./clock.js";

export class OfferCard extends EventTarget {
  #box;

  /** @param {HTMLElement} box */
  constructor(box) {
    super();
    this.#box = box;
    tick(box);
  }

  /** What is offered, if anything is. */
  get offered() {
    const card = this.#box.querySelector("[data-handoff]");
    if (!(card instanceof HTMLElement)) return null;
    return { handoff: card.dataset.handoff ?? "", conversation: card.dataset.conversation ?? "", customer: card.dataset.customer ?? "" };
  }

  /** Show what the server sent; the same offer is not drawn again, it would be read out twice. @param {DocumentFragment} content */
  show(content) {
    const fresh = content.querySelector("[data-handoff]");
    const name = fresh instanceof HTMLElement ? fresh.dataset.handoff : undefined;
    if (name === this.offered?.handoff) return;
    this.#box.replaceChildren(...(fresh ? [fresh.cloneNode(true)] : []));
    tick(this.#box);
  }

  /** Take the card away and say what was chosen. @param {"accept" | "decline"} choice */
  answer(choice) {
    const detail = this.offered;
    if (!detail) return;
    this.#box.replaceChildren();
    this.dispatchEvent(new CustomEvent(choice, { detail }));
  }
}
