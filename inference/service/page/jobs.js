// The files that were sent: what has become of each, what it has written, and its end.
import { read, request } from "./api.js";
import { byId, el, quoted, safe } from "./dom.js";
import { link } from "./downloads.js";
import { STATES } from "./words.js";

const SOON = 1000;
const LATER = 5000;
const MANY_BYTES = 64 * 2 ** 20;
// The service keeps a name in letters that every system has; this page knows what it sent.
const names = new Map();
const items = new Map();
let timer = null;
let round = 0;
let shown = null;
let showCreators = () => {};

// Make the list work. onCreators(url, name) shows the creators of a job.
export function setUpJobs(onCreators) {
  showCreators = onCreators;
}

// A job that was just sent.
export function follow(job, name) {
  names.set(job.id, name);
  put(job, true);
  refresh();
}

// Ask for all jobs, and again while one of them is open.
export async function refresh() {
  const mine = ++round;
  clearTimeout(timer);
  try {
    const { jobs } = await read("/v1/jobs");
    // What was asked before something changed knows nothing of it.
    if (mine !== round) return;
    problem("");
    const there = new Set(jobs.map(({ id }) => id));
    for (const id of items.keys()) if (!there.has(id)) drop(id);
    for (const job of jobs.toReversed()) put(job, false);
    byId("no-jobs").hidden = jobs.length > 0;
    if (jobs.some(isOpen)) timer = setTimeout(refresh, SOON);
  } catch (error) {
    if (mine !== round) return;
    byId("files").hidden = error.code === "jobs_off";
    problem(error.message);
    if ([...items.values()].some(({ job }) => isOpen(job))) timer = setTimeout(refresh, LATER);
  }
}

const problem = (message) => { byId("jobs-problem").textContent = message; };

const isOpen = ({ state }) => state === "queued" || state === "running";

const titleOf = (job) => names.get(job.id) ?? job.name;

function put(job, isMine) {
  let item = items.get(job.id);
  if (!item) {
    item = made(job, isMine);
    items.set(job.id, item);
    byId("jobs").prepend(item.element);
  }
  byId("no-jobs").hidden = true;
  update(item, job);
}

function drop(id) {
  items.get(id)?.element.remove();
  items.delete(id);
  if (shown === id) byId("creators").hidden = true;
}

function made(job, isMine) {
  const [state, error, files] = [el("p"), el("p", { class: "problem" }), el("ul", { class: "files" })];
  const bar = el("progress", { "aria-label": `Progress of ${safe(titleOf(job))}`, hidden: true });
  const remove = el("button", { type: "button", class: "danger",
    "aria-label": `Delete ${safe(titleOf(job))}` }, "Delete");
  remove.addEventListener("click", () => askToDelete(items.get(job.id).job));
  const sent = new Date(job.created).toLocaleString();
  const element = el("li", {},
    el("h3", {}, quoted(titleOf(job)), el("small", {}, `, ${job.kind === "vet" ? "creators" : "posts"}, ${sent}`)),
    state, bar, error, files, el("p", {}, remove));
  return { job: null, isMine, element, state, bar, error, files };
}

function update(item, job) {
  const before = item.job;
  item.job = job;
  item.state.textContent = told(job);
  item.bar.hidden = job.state !== "running";
  if (job.total) {
    item.bar.max = job.total;
    item.bar.value = job.rows;
  }
  if (before?.state === job.state) return;
  item.error.textContent = job.error === null ? "" : `${safe(job.error).replace(/\.$/, "")}. ${hint(job.error)}`;
  item.files.replaceChildren(...job.files.map((file) => el("li", {}, link(file, titleOf(job), problem))));
  const creators = job.kind === "vet" && job.files.find(({ name }) => name === "creators.json");
  if (creators) item.files.before(el("p", {}, shower(creators, job)));
  if (!item.isMine || isOpen(job)) return;
  if (job.error !== null && hint(job.error)) byId("more").open = true;
  byId("jobs-status").textContent = `${safe(titleOf(job))}: ${STATES[job.state]}.`;
  // A table that somebody reads stays.
  if (creators && creators.bytes <= MANY_BYTES && byId("creators").hidden) show(creators, job);
}

function told(job) {
  const n = (number) => number.toLocaleString("en-US");
  const rows = job.total === null ? `${n(job.rows)} records` : `${n(job.rows)} of ${n(job.total)} records`;
  if (job.state === "running") return `${STATES.running}: ${rows}`;
  if (job.state !== "done") return STATES[job.state];
  const rejected = Object.entries(job.rejected).map(([code, count]) => `${n(count)} ${code}`).join(", ");
  return `${STATES.done}: ${n(job.rows)} records${rejected && `, of which could not be read: ${rejected}`}`;
}

function hint(error) {
  return /\bmap \w+=/.test(error)
    ? "Under “Columns of other names” you can say which column it is, such as text=caption, and send the file again."
    : "";
}

function shower(file, job) {
  if (file.bytes > MANY_BYTES) return "Too many creators for this page: see creators.csv.";
  const button = el("button", { type: "button", "aria-label": `Show the creators of ${safe(titleOf(job))}` }, "Show creators");
  button.addEventListener("click", () => show(file, job).then(() => byId("creators-title")?.focus()));
  return button;
}

async function show(file, job) {
  try {
    const rows = await read(file.url);
    shown = job.id;
    showCreators(rows, titleOf(job));
  } catch (error) {
    problem(error.message);
  }
}

function askToDelete(job) {
  const dialog = byId("delete-dialog");
  const what = isOpen(job) ? "It is not done yet: it ends, and" : "It, and";
  byId("delete-title").replaceChildren(
    "Delete ", quoted(titleOf(job)), `? ${what} all that it has written is gone for good.`);
  dialog.returnValue = "keep";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "delete") return;
    try {
      await request(`/v1/jobs/${job.id}`, { method: "DELETE" });
      byId("jobs-status").textContent = `${safe(titleOf(job))} is deleted.`;
    } catch (error) {
      problem(error.message);
    }
    byId("jobs-title").focus();
    await refresh();
  };
  dialog.showModal();
}
