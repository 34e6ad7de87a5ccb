// Elements, made without a parser: whatever a text holds, it stays text.

export const byId = (id) => document.getElementById(id);

// Control characters, and bidirectional overrides that reorder what is read; as data/values/safe.py.
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

// Text of others; each unsafe character becomes one, so that positions hold.
export const safe = (text) => String(text).toWellFormed().replace(UNSAFE, "\ufffd");

// An element. Attributes are set as such; null and false leave one out, true sets it empty.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== false));
  return made;
}

// Text of others amid our own, whichever way it is written.
export const quoted = (text) => el("bdi", {}, safe(text));
