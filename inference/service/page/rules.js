// Whose disclosure rules apply: one jurisdiction that decides, and others beside it.
import { el } from "./dom.js";

const NAMES = new Intl.DisplayNames("en", { type: "region" });

export const nameOf = (code) => NAMES.of(code.toUpperCase());

// Put the fields into a place; returns what gives the codes that are chosen, the deciding one first.
export function rulesChooser(place, codes, id) {
  const others = codes.map((code) => el("input", { type: "checkbox", value: code }));
  const first = el("select", { id },
    codes.map((code) => el("option", { value: code }, `${nameOf(code)} (${code})`)));
  place.append(
    el("p", { class: "field" },
      el("label", { for: id }, "Whose disclosure rules decide on “paid”"), first),
    el("details", {},
      el("summary", {}, "Judge the disclosure by other rules as well"),
      el("fieldset", { class: "others" }, el("legend", {}, "Other jurisdictions"),
        codes.map((code, i) => el("label", {}, others[i], ` ${nameOf(code)} (${code})`)))));
  return () => [...new Set([
    first.value, ...others.filter((one) => one.checked).map((one) => one.value),
  ])];
}
