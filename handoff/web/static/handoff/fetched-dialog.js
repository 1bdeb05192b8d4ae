// @ts-check
/** handoff: dialogs whose contents are fetched first. Until one is there, the keys are its own: Escape calls it off. */

/** The dialog on its way; one at a time. @type {object | null} */
let coming = null;

/** Whether a dialog is on its way to the screen. */
export const isComing = () => coming !== null;

/** What was asked for is wanted no longer, such as that of a conversation which was left. */
export function callOff() {
  coming = null;
}

/**
 * Show `dialog` when `fetched` is there, unless it was called off. What goes wrong is thrown to whoever still waits.
 * @param {HTMLDialogElement} dialog
 * @param {() => Promise<string>} fetched
 * @param {(html: string) => void} draw puts what was fetched into the dialog, before it is shown
 * @returns {Promise<boolean>} whether it is shown now
 */
export async function showFetched(dialog, fetched, draw) {
  if (dialog.open || isComing()) return false;
  const mine = (coming = {});
  try {
    const html = await fetched();
    if (mine !== coming || document.querySelector("dialog[open]")) return false;
    draw(html);
    dialog.showModal();
    return true;
  } catch (error) {
    if (mine !== coming) return false;
    throw error;
  } finally {
    if (mine === coming) coming = null;
  }
}
