// @ts-check
/** knowledge_base: pictures for an answer: chosen, pasted or dropped; the server keeps them and says where. */
import { showToast } from "../kit/shell.js";
import { t } from "../kit/texts.js";
import { Refused, upload } from "./desk-api.js";

const PICTURE = "picture";

/** Take pictures into the answers of `form`. @param {HTMLFormElement} form */
export function takePictures(form) {
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.pictureFor) return;
    const box = document.getElementById(input.dataset.pictureFor);
    if (box instanceof HTMLTextAreaElement) void insert(box, [...(input.files ?? [])]);
    input.value = "";
  });
  form.addEventListener("paste", (event) => take(event, event.clipboardData));
  form.addEventListener("drop", (event) => take(event, event.dataTransfer));
}

/** @param {Event} event @param {DataTransfer | null} data */
function take(event, data) {
  const box = event.target;
  const files = [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!files.length || !(box instanceof HTMLTextAreaElement) || !box.classList.contains("answer") || box.readOnly) return;
  event.preventDefault();
  void insert(box, files);
}

/** @param {HTMLTextAreaElement} box @param {File[]} files */
async function insert(box, files) {
  for (const file of files) {
    try {
      const image = await upload("/api/v1/knowledge/images", file);
      const words = file.name.replace(/\.\w+$/, "").replace(/[[\]]/g, "") || t(`knowledge_base.${PICTURE}.words`);
      box.setRangeText(`![${words}](${image.address})\n`, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    } catch (error) {
      showToast(error instanceof Refused ? error.text : t("connection.unreached"), "danger");
    }
  }
}
