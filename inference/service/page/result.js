// What is said about one post.
import { el, quoted, safe } from "./dom.js";
import { KINDS as MARKS, marked, spansOf } from "./marks.js";
import { nameOf } from "./rules.js";
import * as words from "./words.js";

const { word } = words;

// The result in one sentence, for a live region.
export function spoken(row) {
  if (row.error !== null) return "The post could not be scored.";
  const labels = words.AXES.filter(({ name }) => row[name] !== null)
    .map(({ name, title }) => `${title}: ${plain(row[name])}`);
  return `Scored. ${[...labels, `Disclosure: ${plain(row.disclosure)}`].join(", ")}.`;
}

// The answer of /v1/score to one post, as an element.
export function resultOf(answer, model) {
  const [row] = answer.results;
  const warnings = answer.warnings.map((one) => el("p", { class: "note" }, safe(one)));
  if (row.error !== null) {
    const message = row.error.slice(row.error.indexOf(":") + 1).trim();
    return el("section", { "aria-label": "Result" }, el("h2", {}, "Result"),
      el("p", { class: "problem" }, "This post could not be scored: ", safe(message), "."), warnings);
  }
  return el("section", { "aria-label": "Result" },
    el("h2", {}, "Result"), warnings, notes(row), axes(row, model),
    textWithMarks(answer.kept[0].text, row), supported(row), disclosures(row), signals(row));
}

function notes(row) {
  const told = [];
  if (row.reason_code !== null) told.push(word(words.REASON_CODES, row.reason_code));
  if (row.disclosure_conflict !== null) told.push(word(words.CONFLICTS, row.disclosure_conflict));
  if (row.truncated) told.push("The model did not read all of it: it is too long, or was cut off by its source.");
  if (row.repairs.length) {
    const mended = row.repairs.map((code) => word(words.REPAIRS, code)).join("; ");
    told.push(`Its text was repaired before it was scored: ${mended}. Below it is as it was scored.`);
  }
  if (row.language && !["en", "und"].includes(row.language)) told.push(`Its language: ${languageOf(row.language)}.`);
  return told.map((one) => el("p", { class: "note" }, one));
}

function axes(row, model) {
  const items = words.AXES.filter(({ name }) => row[name] !== null).map((axis) =>
    el("li", {},
      el("p", { class: "axis" }, el("strong", {}, axis.title, ": ", plain(row[axis.name])),
        el("span", { class: "soft" }, ` ${word(words.LABELS[axis.name], row[axis.name])}`)),
      row[axis.probability] === null ? null : probability(axis.probability, row, model)));
  return el("ul", { class: "axes" }, items);
}

// A bar with the number, and where the model's thresholds are.
function probability(name, row, model) {
  const value = row[name];
  const limits = model?.thresholds?.[name] ?? {};
  const fill = el("span", { class: "fill" });
  fill.style.inlineSize = `${value * 100}%`;
  const ticks = ["opposite", "flag"].filter((limit) => isShare(limits[limit])).map((limit) => {
    const tick = el("span", { class: "tick" });
    tick.style.insetInlineStart = `${limits[limit] * 100}%`;
    return tick;
  });
  const said = limitsInWords(limits);
  return el("div", { class: "probability" },
    el("span", {}, `${words.PROBABILITIES[name]} ${value.toFixed(2)}`, el("span", { class: "soft" }, said)),
    el("span", { class: "bar", "aria-hidden": "true" }, fill, ticks));
}

function limitsInWords({ flag, opposite, alpha_held: isEverFlagged }) {
  if (!isShare(flag)) return "";
  if (isEverFlagged === false) return ", never flagged by this model";
  const between = isShare(opposite) && opposite < flag ? `, unsure from ${opposite.toFixed(2)}` : "";
  return `${between}, flagged from ${flag.toFixed(2)}`;
}

const isShare = (value) => typeof value === "number" && value >= 0 && value <= 1;

// The post, and a legend by which each kind of mark can be hidden.
function textWithMarks(text, row) {
  const spans = spansOf(row);
  const block = marked(text, spans);
  const legend = MARKS.filter((kind) => spans.some((span) => span.kind === kind)).map((kind) => {
    const box = el("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => block.classList.toggle(`without-${kind}`, !box.checked));
    return el("label", {}, box, " ", el("mark", { class: kind }, legendOf[kind]));
  });
  return el("section", { "aria-label": "The post" }, el("h3", {}, "The post"), block,
    legend.length ? el("fieldset", { class: "marks" }, el("legend", {}, "Marked words"), legend) : null);
}

const legendOf = {
  disclosure: "disclose (solid line)", paid: "spoke for paid (double line)",
  polished: "spoke for polished (dots)", performative: "spoke for performative (dashes)",
};

function supported(row) {
  const flags = [...new Set(row.reasons.map(({ flag }) => flag))];
  if (!flags.length) return el("p", { class: "soft" }, "No flag was raised for which words could be marked.");
  return el("section", {}, el("h3", {}, "Words that spoke for a flag"), el("dl", { class: "wide" },
    flags.map((flag) => el("div", {}, el("dt", {}, flag), el("dd", {}, commas(
      row.reasons.filter((reason) => reason.flag === flag).map((reason) =>
        [quoted(`“${reason.text}”`), ` ${signed(reason.weight)}`])))))));
}

const signed = (weight) => `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;

function disclosures(row) {
  return el("section", {}, el("h3", {}, "Disclosure by jurisdiction"), row.disclosures.map((one) =>
    el("div", { class: "jurisdiction" },
      el("p", {}, el("strong", {}, `${nameOf(one.jurisdiction)}: ${one.disclosure}`),
        el("span", { class: "soft" }, ` ${word(words.DISCLOSURE, one.disclosure)}, by the rules of `,
          one.rules_of === "posted_at" ? "the day of the post" : "today")),
      one.terms.length ? el("ul", {}, one.terms.map(term)) : null)));
}

function term(found) {
  const said = [
    found.claim === null ? found.status : word(words.CLAIMS, found.claim),
    found.kind && `kind: ${word(words.KINDS, found.kind)}`,
    found.rule ? `rule ${found.rule}` : found.claim === null && "no rule was read on these words",
    found.place.length && `stands ${found.place.map((one) => word(words.PLACES, one)).join(", ")}`,
    found.tags_before && `tags before it: ${found.tags_before}`,
    found.lacks.length && `lacks ${found.lacks.map((one) => word(words.LACKS, one)).join("; ")}`,
  ];
  return el("li", {}, quoted(`“${found.term}”`), ": ", said.filter(Boolean).join(", "));
}

function signals(row) {
  const found = row.signals.map((one) => el("li", {}, quoted(`“${one.value}”`), ": ",
    word(words.SIGNALS, one.kind), one.why.length ? el("span", { class: "soft" }, ", ",
      safe(one.why.map((why) => word(words.WHY, why)).join(", "))) : null));
  return el("section", {}, el("h3", {}, "Signals of a deal"),
    found.length ? el("ul", {}, found) : el("p", { class: "soft" }, "None was found."));
}

const plain = (label) => label.replaceAll("_", " ");

const commas = (items) => items.flatMap((item, i) => (i ? [", ", ...item] : item));

function languageOf(code) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code);
  } catch {
    return code;
  }
}
