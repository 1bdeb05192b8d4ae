// @ts-check
/**
 * bot: puts the customer-service window on a shop's page. Everything else happens inside the frame, on our own origin.
 *
 * <script src="https://desk.example.com/widget.js" async data-lang="zh" data-theme="auto" data-position="right"></script>
 *
 * `data-lang` zh | en (default: the page's language), `data-theme` auto | light | dark, `data-position` right | left.
 * `data-identity`: who is signed in at the shop, a token that the shop's server signed (docs/protocol.md).
 * Any element of the page with the attribute `data-desk-open` opens the window when it is clicked.
 * The page's Content-Security-Policy needs script-src and frame-src with our origin, nothing else: no inline style,
 * no eval, no other request.
 */
(() => {
  /** @typedef {{title: string, open: string, close: string, unread: string}} Words */
  const TEXTS = /** @type {{zh: Words, en: Words}} */ (/* texts */ {});
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || document.getElementById("desk-widget")) return;
  const desk = new URL(script.src).origin;
  const wished = script.dataset.lang || document.documentElement.lang || navigator.language;
  /** @type {"zh" | "en"} */
  let language = wished.toLowerCase().startsWith("zh") ? "zh" : "en";
  const theme = ["light", "dark"].includes(script.dataset.theme ?? "") ? String(script.dataset.theme) : "auto";
  const side = script.dataset.position === "left" ? "left" : "right";
  const phone = window.matchMedia("(max-width: 640px)");
  const USED = "desk-widget-used";

  const host = document.createElement("div");
  host.id = "desk-widget";
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; color-scheme: light dark }
    button { position: fixed; z-index: 2147483000; bottom: calc(20px + env(safe-area-inset-bottom)); ${side}: 20px; width: 56px; height: 56px;
      display: grid; place-items: center; border: 0; border-radius: 50%; padding: 0; cursor: pointer; background: #0b6b63; color: #fff;
      box-shadow: 0 2px 6px rgb(15 30 28 / .2), 0 8px 24px rgb(15 30 28 / .18); transition: transform 120ms ease-out, background 120ms }
    button:hover { background: #08544e } button:active { transform: scale(.96) }
    button:focus-visible { outline: 3px solid #0b6b63; outline-offset: 3px; box-shadow: 0 0 0 3px #fff }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round }
    .x, button[aria-expanded="true"] .chat { display: none } button[aria-expanded="true"] .x { display: block }
    b { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box; border-radius: 11px;
      background: #b3261e; color: #fff; font: 600 12px/22px system-ui, sans-serif; text-align: center }
    b[hidden], iframe[hidden] { display: none }
    iframe { position: fixed; z-index: 2147483000; bottom: calc(88px + env(safe-area-inset-bottom)); ${side}: 20px; width: min(392px, calc(100vw - 40px));
      height: min(660px, calc(100dvh - 112px)); border: 0; border-radius: 16px; background: Canvas; color-scheme: normal; outline: 1px solid rgb(127 127 127 / .28);
      box-shadow: 0 2px 6px rgb(15 30 28 / .12), 0 16px 48px rgb(15 30 28 / .24); animation: rise 160ms ease-out }
    @keyframes rise { from { opacity: 0; transform: translateY(12px) } }
    @media (max-width: 640px) {
      iframe { inset: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; box-shadow: none; outline: 0 }
      button[aria-expanded="true"] { display: none }
    }
    @media (prefers-reduced-motion: reduce) { iframe, button { animation: none; transition: none } }
  `);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.append(icon("chat", "M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.500v8a1.500 1.500 0 0 1-1.500 1.500H12l-4.500 3.500V16h-2A1.500 1.500 0 0 1 4 14.500z"), icon("x", "m6 9 6 6 6-6"));
  const badge = document.createElement("b");
  badge.hidden = true;
  badge.setAttribute("aria-hidden", "true");
  button.append(badge);
  root.append(button);

  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  let open = false;
  let unread = 0;
  let pageOverflow = "";

  label();
  button.addEventListener("click", () => show(!open));
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-desk-open]") : null;
    if (!target) return;
    event.preventDefault();
    show(true);
  });
  window.addEventListener("message", (event) => {
    // Only our own frame, only from our own origin, only words we know.
    if (!frame || event.source !== frame.contentWindow || event.origin !== desk) return;
    const said = event.data;
    if (typeof said !== "object" || said === null || typeof said.desk !== "string") return;
    if (said.desk === "ready") tell({ desk: open ? "shown" : "hidden" });
    // Not in the frame's address: addresses end up in logs.
    else if (said.desk === "who") tell({ desk: "identity", identity: script.dataset.identity ?? "" });
    else if (said.desk === "close") show(false);
    else if (said.desk === "used") remember();
    else if (said.desk === "unread" && Number.isSafeInteger(said.count) && said.count >= 0) count(said.count);
    else if (said.desk === "language" && (said.language === "zh" || said.language === "en")) {
      language = said.language;
      label();
    }
  });
  document.body.append(host);
  // Whoever has talked to us before hears of an answer although the window is closed.
  if (recall()) build();

  function build() {
    if (frame) return frame;
    frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = TEXTS[language].title;
    const address = new URL("/widget", desk);
    address.search = new URLSearchParams({ lang: language, theme, host: window.location.origin }).toString();
    frame.src = address.href;
    root.prepend(frame);
    return frame;
  }

  /** @param {boolean} wanted */
  function show(wanted) {
    if (wanted === open) return;
    open = wanted;
    build().hidden = !open;
    if (open) count(0);
    button.setAttribute("aria-expanded", String(open));
    label();
    if (phone.matches || pageOverflow) {
      // On a phone the window covers the page; what lies below must not scroll away meanwhile.
      const style = document.documentElement.style;
      if (open) [pageOverflow, style.overflow] = [style.overflow || "visible", "hidden"];
      else [style.overflow, pageOverflow] = [pageOverflow, ""];
    }
    tell({ desk: open ? "shown" : "hidden" });
    if (open) frame?.focus();
    else button.focus();
  }

  /** @param {{desk: string, identity?: string}} message */
  function tell(message) {
    frame?.contentWindow?.postMessage(message, desk);
  }

  /** @param {number} number */
  function count(number) {
    unread = open ? 0 : number;
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    label();
  }

  function label() {
    const words = TEXTS[language];
    const said = open ? words.close : words.open;
    button.setAttribute("aria-label", unread ? `${said} (${words.unread.replace("{count}", String(unread))})` : said);
    button.title = said;
    if (frame) frame.title = words.title;
  }

  /** @param {string} name @param {string} path */
  function icon(name, path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", name);
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function recall() {
    try {
      return window.localStorage.getItem(USED) === "yes";
    } catch {
      return false;
    }
  }

  function remember() {
    try {
      window.localStorage.setItem(USED, "yes");
    } catch {
      // A page that may keep nothing loads the window when it is opened; that is all.
    }
  }
})();
