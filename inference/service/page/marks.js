// A text with its marks. Offsets count code points, as Python does, and not UTF-16 units.
import { el, safe } from "./dom.js";

export const KINDS = ["disclosure", "paid", "polished", "performative"];

// Parts of a text, cut where spans {kind, start, end} begin and end: [{text, kinds}].
export function cut(text, spans) {
  const points = Array.from(text);
  const within = (place) => Math.min(Math.max(place, 0), points.length);
  const edges = new Set([0, points.length]);
  for (const { start, end } of spans) edges.add(within(start)).add(within(end));
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => ({
    text: points.slice(sorted[i], end).join(""),
    kinds: KINDS.filter((kind) =>
      spans.some((span) => span.kind === kind && span.start < end && span.end > sorted[i])),
  }));
}

// The words of a row that disclose, and those that spoke for a flag.
export function spansOf(row) {
  return [
    ...row.disclosure_terms.map(({ start, end }) => ({ kind: "disclosure", start, end })),
    ...row.reasons.filter(({ weight }) => weight > 0)
      .map(({ flag, start, end }) => ({ kind: flag, start, end })),
  ];
}

// The text, each part inside of a mark for each of its kinds.
export function marked(text, spans) {
  const parts = cut(text, spans).map((part) =>
    part.kinds.reduce((inner, kind) => el("mark", { class: kind }, inner), safe(part.text)));
  return el("p", { class: "post marked", dir: "auto" }, parts);
}
