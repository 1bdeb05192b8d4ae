// @ts-check
/** bot: files in the visitor's conversation: fetched and sent with the visitor's token. */
import { FileSender } from "../kit/file-sender.js";
import { t } from "../kit/texts.js";
import { token } from "./visitor.js";

/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/** @typedef {import("../kit/chat-thread.js").ChatThread} ChatThread */

/** @param {ChatThread} thread @param {ChatComposer} composer @param {string} language */
export function bindFiles(thread, composer, language) {
  thread.files = async (entry) => {
    const answer = await ask(`/api/files/${entry.seq}`);
    return URL.createObjectURL(await answer.blob());
  };
  new FileSender({
    thread,
    composer,
    upload: async (file, key) => {
      const query = new URLSearchParams({ key, name: file.name, language });
      await ask(`/api/files?${query}`, file);
    },
  });
}

/** @param {string} path @param {File} [file] makes it a POST @returns {Promise<Response>} rejects with words for people */
async function ask(path, file) {
  let answer;
  try {
    const headers = { Authorization: `Bearer ${token()}` };
    answer = await fetch(path, { method: file ? "POST" : "GET", headers, body: file });
  } catch {
    throw new Error(t("connection.unreached"));
  }
  if (answer.ok) return answer;
  const envelope = await answer.json().catch(() => ({}));
  throw new Error(envelope.error?.text ?? t("connection.unreached"));
}
