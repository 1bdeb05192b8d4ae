// @ts-check
/** handoff: the dialog in which one's conversation is put aside until later, and taking it up again. */
import { briefTime, dayKey, momentOf } from "../kit/clock.js";
import { oneAtATime } from "../kit/once.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { ask } from "./http.js";

/** @typedef {import("./talk.js").Talk} Talk */

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const MORNING = "09:00";

export class SnoozeDialog {
  #dialog;
  #talk;
  #changed;
  #once = oneAtATime();

  /** @param {HTMLDialogElement} dialog @param {Talk} talk @param {() => void} changed called when the lists are others */
  constructor(dialog, talk, changed) {
    this.#dialog = dialog;
    this.#talk = talk;
    this.#changed = changed;
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
    dialog.querySelector("select")?.addEventListener("change", (event) => {
      const moment = event.target instanceof HTMLSelectElement && event.target.value === "moment";
      this.#part("[data-moment]").hidden = !moment;
      if (moment) this.#part("[name=at]").focus();
    });
    dialog.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      void this.#once(() => this.#send(data));
    });
  }

  async open() {
    await this.#talk.opened;
    if (!this.#talk.mine || this.#dialog.open) return;
    this.#complain("");
    this.#dialog.showModal();
    this.#part("select").focus();
  }

  /** Put it aside, or take it up again where it is put aside. */
  async toggle() {
    await this.#talk.opened;
    await (document.querySelector('#head [data-action="wake"]') ? this.wake() : this.open());
  }

  /** Take it up again now. */
  async wake() {
    if (!this.#talk.mine) return;
    try {
      this.#talk.take(await ask(`${this.#address()}/wake`, {}));
      this.#changed();
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error), "danger");
    }
  }

  /** What is refused is said in the dialog; nothing typed is lost. @param {FormData} data */
  async #send(data) {
    const until = chosenMoment(String(data.get("for")), String(data.get("at")), new Date());
    if (!until) return this.#complain(t("handoff.snooze.no_moment"));
    try {
      this.#talk.settle();
      this.#talk.take(await ask(`${this.#address()}/snooze`, { until: until.toISOString(), words: String(data.get("words")) }));
    } catch (error) {
      return this.#complain(error instanceof Error ? error.message : String(error));
    }
    this.#part("[name=words]").value = "";
    this.#dialog.close();
    showToast(t("handoff.snooze.done", { when: briefTime(until) }));
    this.#changed();
  }

  #address() {
    return `/desk/conversations/${encodeURIComponent(this.#talk.conversation)}`;
  }

  /** @param {string} text */
  #complain(text) {
    const line = this.#part("[role=alert]");
    line.hidden = !text;
    line.textContent = text;
  }

  /** @param {string} selector @returns {any} a part the dialog is known to have */
  #part(selector) {
    return this.#dialog.querySelector(selector);
  }
}

/**
 * The moment that was chosen, by the desk's clock like every other time on the page.
 * @param {string} chosen @param {string} at what a field of date and time holds @param {Date} now
 * @returns {Date | null} null when it names no moment
 */
function chosenMoment(chosen, at, now) {
  if (chosen === "minutes_30") return new Date(now.getTime() + 30 * MINUTE_MS);
  if (chosen === "hours_2") return new Date(now.getTime() + 120 * MINUTE_MS);
  if (chosen === "tomorrow") return momentOf(`${dayAfter(dayKey(now))}T${MORNING}`);
  return momentOf(at);
}

/** The next day of the calendar; 24 hours later may still be the same one. @param {string} day such as 2026-11-22 */
function dayAfter(day) {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}
