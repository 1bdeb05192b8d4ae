// @ts-check
/** knowledge_base: on phones one pane at a time, behind tabs; on wide screens the tabs are not there. */

const tabs = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".pane-tabs [role='tab']")]);
const panes = document.querySelector(".panes");

/** The pane on show, such as `zh` or `tools`. */
export function shownPane() {
  return panes instanceof HTMLElement ? (panes.dataset.pane ?? "") : "";
}

/** @param {string} name */
export function showPane(name) {
  if (!(panes instanceof HTMLElement)) return;
  panes.dataset.pane = name;
  for (const tab of tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  panes.dispatchEvent(new CustomEvent("pane", { bubbles: true }));
}

/** Bring the pane that holds `element` to the front. @param {Element} element */
export function showPaneOf(element) {
  const pane = element.closest(".pane");
  if (pane instanceof HTMLElement && pane.dataset.pane) showPane(pane.dataset.pane);
}

for (const tab of tabs) {
  tab.addEventListener("click", () => showPane(tab.id.replace("tab-", "")));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    next?.focus();
    next?.click();
  });
}
