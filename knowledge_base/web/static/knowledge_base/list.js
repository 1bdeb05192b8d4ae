// @ts-check
/** knowledge_base: keys of the list of articles. Searching while typing is htmx's. */
import { isTyping } from "./typing.js";

// Read out how many there are, not every row.
document.addEventListener("htmx:after:swap", () => {
  const found = document.getElementById("found");
  const words = document.querySelector("#results .list-count, #results .empty b");
  if (found && words) found.textContent = words.textContent;
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const search = document.getElementById("words");
  if (event.key === "/" && search instanceof HTMLInputElement) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key.toLowerCase() === "n") {
    document.getElementById("new-article")?.click();
  }
});
