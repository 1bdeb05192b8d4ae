// @ts-check
/** kit: what two quick presses must not do twice: what is under way goes first, and a press meanwhile does nothing. */

/** @returns {(work: () => Promise<void>) => Promise<void>} runs `work`, unless something it was given is still running */
export function oneAtATime() {
  let busy = false;
  return async (work) => {
    if (busy) return;
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
    }
  };
}
