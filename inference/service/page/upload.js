// The form of a file: chosen or dropped, it goes to /v1/jobs when it is sent.
import { upload } from "./api.js";
import { byId, safe } from "./dom.js";

// Make the form work. chosen() gives the jurisdictions, onJob is told the job and the file's name.
export function setUpUpload(chosen, onJob) {
  let busy = false;
  byId("file-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const [file] = byId("file").files;
    busy = true;
    tell(`Sending ${safe(file.name)} …`, "");
    byId("file-progress").hidden = false;
    try {
      const job = await upload("/v1/jobs", formOf(file, chosen()), (share) => { byId("sent").value = share; });
      tell(`${safe(file.name)} is sent. It can be followed under “Files sent”.`, "");
      onJob(job, file.name);
    } catch (error) {
      tell("", error.message);
    } finally {
      busy = false;
      byId("file-progress").hidden = true;
      byId("sent").value = 0;
    }
  });
  setUpDrop();
}

function formOf(file, jurisdictions) {
  const form = new FormData();
  const kind = document.querySelector("[name=kind]:checked").value;
  form.append("kind", kind);
  form.append("jurisdiction", jurisdictions.join(","));
  for (const line of byId("map").value.split("\n")) if (line.trim()) form.append("map", line.trim());
  if (kind === "score") form.append("output", byId("output").value);
  form.append("file", file);
  return form;
}

// A file may be dropped anywhere: a browser would else open it, and what was typed be gone.
function setUpDrop() {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const light = (on) => byId("drop").classList.toggle("over", on);
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    light(true);
  });
  addEventListener("dragleave", (event) => { if (event.relatedTarget === null) light(false); });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    light(false);
    take(event.dataTransfer);
  });
}

function take(dropped) {
  if (byId("files").hidden) return;
  const isFolder = [...dropped.items].some((item) => item.webkitGetAsEntry?.()?.isDirectory);
  if (isFolder || dropped.files.length !== 1) {
    tell("", "One file at a time: put several, or a folder, into a .zip.");
    return;
  }
  byId("file").files = dropped.files;
  tell(`${safe(dropped.files[0].name)} is chosen, and not sent yet.`, "");
  byId("send").focus();
}

function tell(status, problem) {
  byId("file-status").textContent = status;
  byId("file-problem").textContent = problem;
}
