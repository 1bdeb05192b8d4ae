// @ts-check
/** handoff: requests of the console. A refusal becomes an `Error` whose message a person can read. */
import { t } from "../kit/texts.js";

let leaving = false;

/** Once: two calls that hear 401 together must not abort each other's way to the sign-in. */
function leaveForSignIn() {
  if (leaving) return;
  leaving = true;
  window.location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export class Refused extends Error {
  /** @param {string} code @param {string} text */
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} [body] makes it a POST
 * @returns {Promise<any>} the JSON of the answer
 */
export async function ask(path, body) {
  const answer = await send(path, body, "application/json");
  return answer.json();
}

/** Send a file as it is. @param {string} path @param {Blob} file @returns {Promise<any>} the JSON of the answer */
export async function upload(path, file) {
  const answer = await send(path, file, "application/json");
  return answer.json();
}

/** @param {string} path @returns {Promise<string>} the HTML of the answer */
export async function fragment(path) {
  const answer = await send(path, undefined, "*/*");
  return answer.text();
}

/** @param {string} path @param {Record<string, unknown> | Blob | undefined} body @param {string} accept */
async function send(path, body, accept) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept };
  if (body) {
    headers["Content-Type"] = body instanceof Blob ? "application/octet-stream" : "application/json";
    headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]")?.getAttribute("content") ?? "";
  }
  let answer;
  try {
    answer = await fetch(path, {
      method: body ? "POST" : "GET",
      headers,
      body: body instanceof Blob || !body ? body : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new Refused("offline", t("connection.unreached"));
  }
  if (answer.status === 401) leaveForSignIn();
  if (!answer.ok) {
    const envelope = await answer.json().catch(() => ({}));
    throw new Refused(envelope.error?.code ?? "fault", envelope.error?.text ?? t("error.title"));
  }
  return answer;
}
