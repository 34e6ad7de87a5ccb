// The creators of a file, as a table to sort and to filter.
import { byId, el, quoted, safe } from "./dom.js";

const SHOWN = 500;
const FLAGS = ["polished", "paid", "performative"];

// Name, kind, what it is sorted by, and what is shown; the columns of the report.
export const COLUMNS = [
  ["creator", "text", (row) => row.creator, (row) => quoted(row.creator)],
  ["platform", "text", (row) => row.platform, (row) => (row.platform ? quoted(row.platform) : "–")],
  ["posts", "number", (row) => row.posts, (row) => count(row.posts)],
  ["followers", "number", (row) => row.followers, followers],
  ...FLAGS.map((flag) => [
    `${flag} (estimate)`, "number", (row) => row[`${flag}_share`], (row) => share(row, flag)]),
  ["high commitment", "number", (row) => row.cause_high, (row) => `${row.cause_high} of ${row.posts_judged}`],
  ["paid, undisclosed", "number", (row) => row.paid_undisclosed, (row) => count(row.paid_undisclosed)],
  ["of paid, disclosed", "number", (row) => row.disclosure_rate, (row) => `${row.paid_disclosed} of ${row.paid_posts}`],
  ["changed", "text", (row) => changes(row).join("; ") || null, (row) => changes(row).join("; ") || "–"],
];

const count = (number) => number.toLocaleString("en-US");
const percent = (value) => `${Math.round(value * 100)}%`;

function followers(row) {
  if (row.followers === null) return "–";
  return el("span", {}, count(row.followers), row.tier ? el("span", { class: "tier" }, ` ${safe(row.tier)}`) : null);
}

// The estimate with its interval, and how many posts were flagged.
function share(row, flag) {
  const raw = `${row[`${flag}_posts`]} of ${row.posts_judged}`;
  const value = row[`${flag}_share`];
  if (value === null) return row.enough_posts ? raw : twoLines("too few posts to say", raw);
  const [low, high] = [row[`${flag}_share_low`], row[`${flag}_share_high`]];
  return twoLines(`${percent(value)} [${percent(low)}, ${percent(high)}]`, raw);
}

const twoLines = (first, second) => [first, " ", el("span", { class: "second" }, second)];

function changes(row) {
  return ["polished", "paid"].filter((flag) => row[`${flag}_changed`] !== null).map((flag) =>
    `${flag} from ${row[`${flag}_changed`].slice(0, 10)}: ${percent(row[`${flag}_before`])} before, `
    + `${percent(row[`${flag}_after`])} since`);
}

// Show the table; name is that of the file.
export function showCreators(rows, name) {
  const state = { rows, found: rows, shown: SHOWN, column: null, down: false };
  const body = el("tbody");
  const told = el("p", { role: "status", class: "soft" });
  const more = el("button", { type: "button", hidden: true }, `Show ${count(SHOWN)} more`);
  const heads = COLUMNS.map(([title]) => {
    const button = el("button", { type: "button" }, title);
    return { button, cell: el("th", { scope: "col", "aria-sort": "none" }, button) };
  });
  const filter = el("input", { id: "filter", type: "search", autocomplete: "off", spellcheck: "false" });
  const draw = () => {
    body.replaceChildren(...state.found.slice(0, state.shown).map(rowOf));
    more.hidden = state.found.length <= state.shown;
    const part = more.hidden ? "" : `; the first ${count(state.shown)} are shown`;
    told.textContent = `${count(state.found.length)} of ${count(rows.length)} creators${part}`;
  };
  heads.forEach(({ button, cell }, place) => button.addEventListener("click", () => {
    const isNumber = COLUMNS[place][1] === "number";
    state.down = state.column === place ? !state.down : isNumber;
    state.column = place;
    for (const head of heads) head.cell.setAttribute("aria-sort", "none");
    cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    arrange(state, filter.value);
    draw();
  }));
  filter.addEventListener("input", () => {
    state.shown = SHOWN;
    arrange(state, filter.value);
    draw();
  });
  more.addEventListener("click", () => {
    state.shown += SHOWN;
    draw();
  });
  draw();
  const section = byId("creators");
  section.replaceChildren(
    el("h2", { id: "creators-title", tabindex: "-1" }, "Creators of ", quoted(name)),
    el("p", { class: "note" }, "Shares are estimates: corrected for how often the model is wrong, with 95 % "
      + "intervals, and beside them how many posts were flagged. The evidence behind them is in report.html and evidence.jsonl."),
    el("p", { class: "field filter" }, el("label", { for: "filter" }, "Creator or platform contains"), filter),
    told,
    el("div", { class: "scroll", role: "region", "aria-label": "Table of creators", tabindex: "0" },
      el("table", {}, el("thead", {}, el("tr", {}, heads.map(({ cell }) => cell))), body)),
    el("p", {}, more));
  section.hidden = false;
}

function arrange(state, wanted) {
  const words = wanted.trim().toLowerCase();
  const holds = (row) => `${row.creator}\n${row.platform ?? ""}`.toLowerCase().includes(words);
  state.found = state.rows.filter(holds);
  if (state.column === null) return;
  const [, kind, value] = COLUMNS[state.column];
  const order = kind === "number" ? (a, b) => a - b : new Intl.Collator("en").compare;
  state.found.sort((a, b) => {
    const [one, two] = [value(a), value(b)];
    // What cannot be said stands last, whichever way.
    if (one === null || two === null) return (one === null) - (two === null);
    return state.down ? order(two, one) : order(one, two);
  });
}

function rowOf(row) {
  const [first, ...others] = COLUMNS.map(([, , , shown]) => shown(row));
  return el("tr", {}, el("th", { scope: "row" }, first), others.map((cell) => el("td", {}, cell)));
}
