// Requests to the service, with the API key where one is asked for, and problems in plain words.

// In memory only: it is gone with the tab.
let key = null;
let asking = null;
let askKey = async () => "";

export class Problem extends Error {
  constructor(message, status = 0, code = "") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const hasKey = () => key !== null;

// Who asks for a key: called with whether one was refused, gives another.
export function whenKeyNeeded(ask) {
  askKey = ask;
}

// A response that is no problem. Waits for a key where one is asked for.
export async function request(path, options = {}) {
  for (;;) {
    const sent = key;
    const headers = { ...options.headers, ...authorization(sent) };
    let response;
    try {
      response = await fetch(path, { ...options, headers, cache: "no-store" });
    } catch {
      throw unreachable();
    }
    if (response.status === 401) await newKey(sent);
    else if (response.ok) return response;
    else throw problem(response.status, await response.text(), response.headers.get("Retry-After"));
  }
}

// The body of an answer, as "json" or as "blob".
export async function read(path, kind = "json", options = {}) {
  const response = await request(path, options);
  try {
    return await response[kind]();
  } catch {
    throw unreachable();
  }
}

// JSON, posted, and its answer.
export const post = (path, value) => read(path, "json", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value),
});

// A form with a file, and its answer; onSent is told which share of it has gone.
export async function upload(path, form, onSent) {
  for (;;) {
    const sent = key;
    const answer = await sendForm(path, form, authorization(sent), onSent);
    if (answer.status === 401) await newKey(sent);
    else if (answer.status < 300) return JSON.parse(answer.responseText);
    else throw problem(answer.status, answer.responseText, answer.getResponseHeader("Retry-After"));
  }
}

// fetch does not tell how much of a body has gone.
function sendForm(path, form, headers, onSent) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", path);
    for (const [name, value] of Object.entries(headers)) asked.setRequestHeader(name, value);
    asked.upload.onprogress = (event) => onSent(event.loaded / event.total);
    asked.onload = () => resolve(asked);
    asked.onerror = () => reject(new Problem(
      "The file could not be sent. The service cannot be reached, the file is larger than it takes, "
      + "or the file has changed since you chose it. Choose it again, and try once more."));
    asked.send(form);
  });
}

const authorization = (sent) => (sent === null ? {} : { Authorization: `Bearer ${sent}` });

// Several requests ask once.
async function newKey(refused) {
  if (key !== refused) return;
  asking ??= askKey(refused !== null).then((given) => {
    key = given;
    asking = null;
  });
  await asking;
}

const unreachable = () => new Problem(
  "The service cannot be reached. Nothing you entered is lost: see that it runs, and try again.");

function problem(status, body, retryAfter) {
  let told = {};
  try {
    told = JSON.parse(body);
  } catch {
    // An answer of something that stands between.
  }
  // Of 429, that is all.
  const detail = told.detail && status !== 429 ? `${sentence(told.detail)}.` : "";
  const faults = (told.faults ?? []).map(({ field, message }) => `${field}: ${message}.`).join(" ");
  return new Problem(
    [about(status, told.code, retryAfter), detail, faults].filter(Boolean).join(" "),
    status, told.code);
}

// With a capital letter, but for what begins with a name of a file or of a field.
const sentence = (detail) => detail.replace(/^[a-z]+(?=[ ,])/, (word) => word[0].toUpperCase() + word.slice(1));

function about(status, code, retryAfter) {
  if (status === 413) return "This is larger than the service takes: send less at once.";
  if (status === 429) {
    return `The service is busy. Nothing you entered is lost: try again in ${retryAfter ?? "some"} seconds.`;
  }
  if (status === 408) return "It took too long to arrive: try again.";
  if (status === 503 && code !== "jobs_off") return "The service cannot do this at the moment: try again later.";
  if (status === 507) return "The service has no room for the file.";
  if (status === 404) return "It is not there any more.";
  if (status >= 500 && status !== 503) return "Something went wrong in the service.";
  return status === 422 || status === 400 || code === "jobs_off" ? "" : `The service said no (${status}).`;
}
