// Files that a job has written, to save.
import { hasKey, read } from "./api.js";
import { el, safe } from "./dom.js";

// A link that saves a file of a job; where a key is needed, which a link cannot send, it is fetched first.
export function link(file, title, onProblem) {
  const made = el("a", { href: file.url, download: file.name,
    "aria-label": `${file.name} of ${safe(title)}` }, file.name);
  made.addEventListener("click", async (event) => {
    if (!hasKey()) return;
    event.preventDefault();
    try {
      const url = URL.createObjectURL(await read(file.url, "blob"));
      el("a", { href: url, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      onProblem(error.message);
    }
  });
  return el("span", {}, made, el("span", { class: "soft" }, ` ${sizeOf(file.bytes)}`));
}

function sizeOf(bytes) {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), 3);
  return `${(bytes / 1000 ** power).toFixed(power ? 1 : 0)} ${["bytes", "kB", "MB", "GB"][power]}`;
}
