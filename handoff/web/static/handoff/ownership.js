// @ts-check
/** handoff: who has the open conversation: taking it, giving it on, ending it. Each waits until it is on the screen. */
import { ask as askPerson, showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { ColleagueDialog } from "./colleague-dialog.js";
import { ask } from "./http.js";
import { ResolveDialog } from "./resolve-dialog.js";

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {import("./talk.js").Owned} Owned */
/** @typedef {import("./conversation-list.js").ConversationList} ConversationList */

export class Ownership {
  #talk;
  #list;
  #head;
  #claimed;
  #resolving;
  #transfers;
  #invites;

  /**
   * @param {Talk} talk
   * @param {ConversationList} list
   * @param {{head: HTMLElement, resolve: HTMLDialogElement, transfer: HTMLDialogElement, invite: HTMLDialogElement}} parts
   * @param {() => void} claimed called when a conversation became mine
   */
  constructor(talk, list, parts, claimed) {
    this.#talk = talk;
    this.#list = list;
    this.#head = parts.head;
    this.#claimed = claimed;
    this.#resolving = new ResolveDialog(parts.resolve, (owned, outcome, category) => void this.#resolved(owned, { outcome, category }));
    this.#transfers = new ColleagueDialog(parts.transfer, "transfer", (to) => {
      showToast(t("handoff.toast.transferred", { name: to }));
      void list.reload();
    });
    this.#invites = new ColleagueDialog(parts.invite, "invite", (to) => {
      showToast(t("handoff.toast.invited", { name: to }));
      void talk.refresh();
    });
  }

  /** Do something on the server; what it says no to is shown, nothing is lost. @param {() => Promise<void>} work */
  async attempt(work) {
    try {
      await work();
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
      await this.#talk.refresh();
    }
    void this.#list.reload();
  }

  async claim() {
    const talk = this.#talk;
    await talk.opened;
    const owned = talk.owned;
    if (!owned || !talk.waiting || talk.claiming) return;
    talk.claiming = true;
    await this.attempt(async () => {
      const answer = await ask("/desk/claim", { handoff: owned.handoff });
      if (talk.conversation !== owned.conversation) return;
      if (answer.result === "lost") {
        showToast(answer.text, "danger");
        await talk.refresh();
        return;
      }
      talk.take(answer);
      await this.#list.show("mine");
      this.#claimed();
    });
    talk.claiming = false;
  }

  async giveBack() {
    const owned = await this.#mine();
    if (!owned || !(await askPerson(t("handoff.ask_return"), t("handoff.action.return")))) return;
    await this.attempt(async () => {
      await ask(`/desk/conversations/${owned.conversation}/transfer`, { to: "bot", epoch: owned.epoch });
      await this.#talk.refresh();
      showToast(t("handoff.toast.returned"));
    });
  }

  async transfer() {
    const owned = await this.#mine();
    if (owned) await this.attempt(() => this.#transfers.open(owned));
  }

  async invite() {
    const owned = await this.#mine();
    if (owned) await this.attempt(() => this.#invites.open(owned));
  }

  /** Answer an invitation into what is open, or leave it again. @param {"join" | "decline" | "leave"} answer */
  async answer(answer) {
    const talk = this.#talk;
    await talk.opened;
    if (talk.guest !== (answer === "leave" ? "joined" : "asked")) return;
    talk.settle();
    await this.attempt(async () => {
      talk.take(await ask(`/desk/conversations/${talk.conversation}/invitation`, { answer }));
      if (answer === "join") {
        await this.#list.show("mine");
        this.#claimed();
      } else showToast(t(`handoff.toast.invitation_${answer}`));
    });
  }

  async resolve() {
    const owned = await this.#mine();
    const button = this.#head.querySelector("[data-category]");
    if (owned) this.#resolving.open(owned, button instanceof HTMLElement ? button.dataset.category ?? "" : "");
  }

  /** What I hold, with nothing of mine still on its way. @returns {Promise<Owned | null>} */
  async #mine() {
    await this.#talk.opened;
    this.#talk.settle();
    return this.#talk.mine ? this.#talk.owned : null;
  }

  /** @param {Owned} owned @param {Record<string, unknown>} how */
  async #resolved(owned, how) {
    await this.attempt(async () => {
      this.#talk.take(await ask(`/desk/conversations/${owned.conversation}/resolve`, { epoch: owned.epoch, ...how }));
      showToast(t("handoff.toast.resolved"));
    });
  }
}
