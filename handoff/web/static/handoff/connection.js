// @ts-check
/** handoff: says how the connection is: a word in the top line, and a banner when it is gone. */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";

/** @typedef {import("../kit/live-socket.js").LiveSocket} LiveSocket */

/** @param {LiveSocket} socket @param {HTMLElement} chip @param {HTMLElement} banner */
export function showConnection(socket, chip, banner) {
  let wasOffline = false;
  socket.addEventListener("state", () => {
    const state = socket.state;
    chip.className = `chip ${state === "online" ? "ok" : state === "connecting" ? "" : "danger"}`;
    const words = chip.querySelector("[data-words]");
    if (words) words.textContent = state === "offline" ? t("handoff.offline_short") : t(`connection.${state}`);
    // A connection that comes back at once needs no banner.
    if (state === "offline" || state === "refused") {
      wasOffline = true;
      banner.hidden = false;
      const line = banner.querySelector("p");
      if (line) line.textContent = t(`connection.${state}`);
    } else if (state === "online") {
      banner.hidden = true;
      if (wasOffline) showToast(t("handoff.toast.back_online"));
      wasOffline = false;
    }
  });
}
