// @ts-check
/**
 * bot: who the customer is talking to, and where they stand in the queue. Draws the line under the title, the button
 * for a person and the waiting bar; decides nothing.
 */
import { dayKey, deskClock, deskZone, timeOfDay, weekday } from "../kit/clock.js";
import { t } from "../kit/texts.js";

/** @typedef {{words: string, low: number, high: number | null}} Wait how long it will probably take, in minutes */
/**
 * @typedef {Object} DeskState
 * @property {"bot" | "queue" | "agent"} owner
 * @property {string | null} agent
 * @property {{ahead: number, since: string, wait: Wait | null} | null} place
 * @property {{on_duty: number, open: boolean, opens_at: string | null} | null} desk
 */

const MINUTE_MS = 60_000;

export class Presence {
  /** @type {DeskState} */ #state = { owner: "bot", agent: null, place: null, desk: null };
  #connection = "connecting";

  /** @param {{line: HTMLElement, person: HTMLElement, waiting: HTMLElement, place: HTMLElement, more: HTMLElement}} parts */
  constructor(parts) {
    this.parts = parts;
    window.setInterval(() => this.#drawWaiting(), MINUTE_MS / 2);
  }

  get owner() {
    return this.#state.owner;
  }

  /** @param {DeskState} state */
  show(state) {
    this.#state = state;
    this.#draw();
  }

  /** @param {string} connection */
  showConnection(connection) {
    this.#connection = connection;
    this.#draw();
  }

  #draw() {
    const { owner, agent } = this.#state;
    const { line, person } = this.parts;
    const online = this.#connection === "online";
    line.dataset.look = online ? owner : "away";
    line.textContent = online ? this.#words() : t(this.#connection === "connecting" ? "connection.connecting" : "widget.away");
    line.title = line.textContent; // where there is no room for all of it
    person.textContent = t(`widget.person.${owner}`);
    person.setAttribute("aria-disabled", String(owner !== "bot"));
    person.title = owner === "agent" && agent ? t("widget.presence.agent", { agent }) : "";
    this.#drawWaiting();
  }

  /** Whether the customer waits while nobody works: nobody is being looked for then. */
  get #isClosed() {
    const { owner, desk } = this.#state;
    return owner === "queue" && desk !== null && !desk.open;
  }

  #words() {
    const { owner, agent } = this.#state;
    if (owner === "agent") return agent ? t("widget.presence.agent", { agent }) : t("widget.presence.somebody");
    return t(this.#isClosed ? "widget.presence.closed" : `widget.presence.${owner}`);
  }

  #drawWaiting() {
    const { owner, place } = this.#state;
    const { waiting } = this.parts;
    waiting.hidden = owner !== "queue";
    if (waiting.hidden) return;
    // Written only when it says something else: a live region reads every change aloud.
    write(this.parts.place, place === null ? t("widget.waiting.queued") : placeWords(place, this.#isClosed));
    write(this.parts.more, this.#moreWords());
  }

  #moreWords() {
    const { place, desk } = this.#state;
    if (desk && !desk.open) return desk.opens_at ? t("widget.waiting.closed_until", { opening: opening(desk.opens_at) }) : t("widget.waiting.closed");
    if (desk && desk.on_duty === 0) return t("widget.waiting.nobody");
    const minutes = place ? Math.floor((Date.now() - new Date(place.since).getTime()) / MINUTE_MS) : 0;
    if (minutes >= 60) return t("widget.waiting.hours", { count: Math.floor(minutes / 60) });
    return minutes >= 1 ? t("widget.waiting.minutes", { count: minutes }) : t("widget.waiting.soon");
  }
}

/** @param {{ahead: number, wait: Wait | null}} place @param {boolean} isClosed */
function placeWords({ ahead, wait }, isClosed) {
  const standing = ahead === 0 ? t(isClosed ? "widget.waiting.first" : "widget.waiting.next") : t("widget.waiting.ahead", { count: ahead });
  return wait ? `${standing} · ${t(`widget.waiting.wait.${wait.words}`, { low: wait.low, high: wait.high ?? 0 })}` : standing;
}

/** When the desk opens, by its own clock, as the bot says it in its messages. @param {string} at ISO time */
function opening(at) {
  const moment = new Date(at);
  const [hour, clock] = [timeOfDay(moment, deskZone()), deskClock(moment)];
  const time = clock ? t("widget.waiting.clock", { time: hour, clock }) : hour;
  if (dayKey(moment, deskZone()) === dayKey(new Date(), deskZone())) return t("widget.waiting.today", { time });
  return t("widget.waiting.day", { day: weekday(moment, deskZone()), time });
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
