// @ts-check
/**
 * handoff: desktop notifications and a sound, each only after somebody asked for it. They name the customer and never
 * quote a message: a notification may be read by whoever stands beside the screen.
 */
import { keep, recall } from "../kit/storage.js";
import { t } from "../kit/texts.js";

const STORE = "desk:notices";
const TONES = [660, 880];
const TONE_SECONDS = 0.12;

export class Notices {
  #list;
  /** @type {Set<string>} what was told already, until it is over */ #told = new Set();
  #began = false;
  /** @type {AudioContext | null} */ #audio = null;

  /**
   * @param {HTMLElement} list the rows of the console
   * @param {HTMLElement} switches holds the two check boxes, `data-notice` desktop and sound
   */
  constructor(list, switches) {
    this.#list = list;
    for (const box of switches.querySelectorAll("input[data-notice]")) {
      if (!(box instanceof HTMLInputElement)) continue;
      box.checked = this.#on(box.dataset.notice ?? "");
      box.addEventListener("change", () => void this.#choose(box));
    }
  }

  /** The lists were drawn anew: tell of who writes to me and was not told of. */
  look() {
    const owed = new Map();
    for (const row of this.#list.querySelectorAll("li[data-conversation][data-mine] .row.owed")) {
      const item = /** @type {HTMLElement} */ (row.closest("li"));
      owed.set(`owed:${item.dataset.conversation}`, item.dataset.customer || t("handoff.nameless"));
    }
    for (const key of this.#told) if (key.startsWith("owed:") && !owed.has(key)) this.#told.delete(key);
    for (const [key, name] of owed) {
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      // What stood there when the page was opened is no news.
      if (this.#began) this.#tell(t("handoff.notices.wrote", { name }));
    }
    this.#began = true;
  }

  /** A conversation is offered to me. @param {string} handoff @param {string} name */
  offered(handoff, name) {
    if (this.#told.has(`offer:${handoff}`)) return;
    this.#told.add(`offer:${handoff}`);
    this.#tell(t("handoff.notices.offered", { name: name || t("handoff.nameless") }));
  }

  /** @param {string} words */
  #tell(words) {
    if (this.#on("sound")) this.#sound();
    // Who looks at the console sees it anyway.
    if (!this.#on("desktop") || (document.visibilityState === "visible" && document.hasFocus())) return;
    const notice = new Notification(t("handoff.title"), { body: words, tag: "desk", silent: true });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
  }

  /** @param {HTMLInputElement} box */
  async #choose(box) {
    const name = box.dataset.notice ?? "";
    if (name === "desktop" && box.checked && (await ask()) !== "granted") {
      box.checked = false;
      const refused = box.closest("fieldset")?.querySelector("[role=status]");
      if (refused) refused.textContent = t("handoff.notices.blocked");
    }
    const chosen = new Set(stored());
    if (box.checked) chosen.add(name);
    else chosen.delete(name);
    keep(STORE, [...chosen].join(" ") || null);
    if (name === "sound" && box.checked) this.#sound(); // so that one knows what to listen for
  }

  /** @param {string} name */
  #on(name) {
    if (!stored().includes(name)) return false;
    return name !== "desktop" || ("Notification" in window && Notification.permission === "granted");
  }

  /** Two short tones; browsers allow them once somebody has used the page. */
  #sound() {
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    for (const [place, tone] of TONES.entries()) {
      const start = audio.currentTime + place * TONE_SECONDS;
      const source = audio.createOscillator();
      const volume = audio.createGain();
      source.frequency.value = tone;
      volume.gain.setValueAtTime(0.08, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + TONE_SECONDS);
      source.connect(volume).connect(audio.destination);
      source.start(start);
      source.stop(start + TONE_SECONDS);
    }
  }
}

function stored() {
  return (recall(STORE) ?? "").split(" ");
}

async function ask() {
  return "Notification" in window ? Notification.requestPermission() : "denied";
}
