// @ts-check
/** handoff: files in the open conversation: where they are, and how one is sent to the customer. */
import { FileSender } from "../kit/file-sender.js";
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { fragment, upload } from "./http.js";

/** @typedef {import("../kit/chat-composer.js").ChatComposer} ChatComposer */
/** @typedef {import("../kit/chat-thread.js").ChatThread} ChatThread */
/** @typedef {import("./talk.js").Talk} Talk */

/** @param {Talk} talk @param {ChatThread} thread @param {ChatComposer} composer */
export function bindFiles(talk, thread, composer) {
  thread.files = async (entry) => {
    const path = `/desk-files/${encodeURIComponent(talk.conversation)}/${entry.seq}`;
    // What lies in the customer's chat app is fetched first, so that a refusal is read and not downloaded.
    if (!entry.payload.file.media_type) await fragment(path);
    return path;
  };
  const sender = new FileSender({
    thread,
    composer,
    may: () => talk.mayReply && talk.mode === "reply",
    upload: async (file, key) => {
      if (!talk.owned || !talk.mayReply) throw new Error(t("handoff.write.over"));
      // What was written before it must not come after it.
      talk.settle();
      const query = new URLSearchParams({ key, name: file.name, epoch: String(talk.owned.epoch) });
      const conversation = talk.conversation;
      try {
        await upload(`/desk-files/${encodeURIComponent(conversation)}?${query}`, file);
      } catch (error) {
        // Where another conversation is open by now there is no line that could say it.
        if (conversation !== talk.conversation) showToast(`${file.name}: ${error instanceof Error ? error.message : error}`, "danger");
        throw error;
      }
    },
  });
  for (const name of ["changed", "mode", "closed"]) talk.addEventListener(name, () => sender.refresh());
  sender.refresh();
}

/** Choose a file to send, where one can be sent now. @param {ChatComposer} composer */
export function attach(composer) {
  const button = composer.querySelector(".composer-attach");
  if (button instanceof HTMLButtonElement && !button.hidden) button.click();
}
