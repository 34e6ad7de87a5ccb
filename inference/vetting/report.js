"use strict";
// The one script of the page: a click on a column's name sorts the table by it, and again the other way.
for (const button of document.querySelectorAll("thead button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const place = [...head.parentNode.children].indexOf(head);
    const numbers = button.dataset.kind === "number";
    const before = head.getAttribute("aria-sort");
    const down = numbers ? before !== "descending" : before === "ascending";
    for (const other of head.parentNode.children) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = button.closest("table").tBodies[0];
    const value = (row) => row.children[place].dataset.value;
    const compare = (a, b) => {
      const [one, two] = [value(a), value(b)];
      // What cannot be said stands last, whichever way.
      if (one === "" || two === "") return (one === "") - (two === "");
      const order = numbers ? Number(one) - Number(two) : one.localeCompare(two);
      return down ? -order : order;
    };
    body.append(...[...body.rows].sort(compare));
  });
}
// A printed page has the posts of all creators.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
});
