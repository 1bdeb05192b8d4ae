// @ts-check
/** knowledge_base: calls to the server, with the session's CSRF token, and what comes of them. */

/** The server understood the request and refused it; `code` is stable, `text` is for people. */
export class Refused extends Error {
  /** @param {number} status @param {{code: string, text: string, field: string | null, details: Record<string, string>}} error */
  constructor(status, error) {
    super(error.code);
    this.status = status;
    this.code = error.code;
    this.text = error.text;
    this.field = error.field;
    this.details = error.details ?? {};
  }
}

/** The server could not be reached, or answered with something that is not an answer. */
export class Unreachable extends Error {}

/**
 * @param {string} method @param {string} path @param {unknown} [body]
 * @returns {Promise<any>} the JSON of the answer; null where there is none
 */
export async function callApi(method, path, body) {
  const response = await send(method, path, body);
  return response.status === 204 ? null : readJson(response);
}

/**
 * Send a file as it is.
 * @param {string} path @param {File} file
 * @returns {Promise<any>} the JSON of the answer
 */
export async function upload(path, file) {
  return readJson(await send("POST", path, file));
}

/**
 * A piece of a page, rendered by the server.
 * @param {string} path @param {unknown} [body] with a body the piece is asked for by POST
 * @returns {Promise<string>}
 */
export async function fetchPiece(path, body) {
  const response = await send(body === undefined ? "GET" : "POST", path, body);
  return response.text();
}

/** @param {string} method @param {string} path @param {unknown} body */
async function send(method, path, body) {
  const token = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        "Content-Type": body instanceof File ? "application/octet-stream" : "application/json",
        Accept: "application/json",
        "X-CSRF-Token": token,
      },
      body: body === undefined ? undefined : body instanceof File ? body : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return response;
  const answer = await readJson(response);
  if (!answer?.error) throw new Unreachable();
  throw new Refused(response.status, answer.error);
}

/** @param {Response} response */
async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new Unreachable();
  }
}
