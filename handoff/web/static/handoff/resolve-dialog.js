// @ts-check
/** handoff: the dialog in which is said how a conversation went and what it was about. */

/** @typedef {import("./talk.js").Owned} Owned */

export class ResolveDialog {
  #dialog;
  /** @type {Owned | null} */ #owned = null;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {(owned: Owned, outcome: FormDataEntryValue | null, category: FormDataEntryValue | null) => void} done
   */
  constructor(dialog, done) {
    this.#dialog = dialog;
    // Not a submit button: Enter in a form presses the first of those.
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close(""));
    dialog.addEventListener("close", () => {
      const data = new FormData(dialog.querySelector("form") ?? undefined);
      if (dialog.returnValue === "yes" && this.#owned) done(this.#owned, data.get("outcome"), data.get("category"));
      this.#owned = null;
    });
  }

  /** @param {Owned} owned @param {string} category the likeliest one */
  open(owned, category) {
    if (this.#dialog.open) return;
    this.#owned = owned;
    const select = this.#dialog.querySelector("select");
    if (select && category) select.value = category;
    this.#dialog.returnValue = "";
    this.#dialog.showModal();
  }
}
