// The form of a post: what is entered goes to /v1/score, and stays where it is whatever happens.
import { post } from "./api.js";
import { byId } from "./dom.js";
import { resultOf, spoken } from "./result.js";

const EXAMPLE = "Third week of mornings with the Solvanna serum and my skin is calm again ✨ "
  + "20% off with my code ANA20 #ad";

// Make the form work. model() gives what is known of the model, chosen() the jurisdictions.
export function setUpPost(model, chosen) {
  const [form, text, example] = ["post-form", "text", "example"].map(byId);
  let busy = false;

  async function score() {
    if (busy) return;
    if (!text.value.trim()) {
      byId("post-problem").textContent = "There is no text yet: paste a post.";
      text.focus();
      return;
    }
    busy = true;
    tell("Scoring …", "");
    try {
      const answer = await post("/v1/score", {
        posts: [entered()], jurisdiction: chosen(), reasons: byId("reasons").value, keep: ["text"],
      });
      byId("result").replaceChildren(resultOf(answer, model()));
      tell(spoken(answer.results[0]), "");
      byId("result").scrollIntoView({ block: "nearest" });
    } catch (error) {
      tell("", error.message);
    } finally {
      busy = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    score();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) score();
  });
  example.addEventListener("click", () => {
    text.value = EXAMPLE;
    byId("author").value ||= "ana";
    showExample();
    text.focus();
  });
  // It would put itself in the place of what was typed.
  const showExample = () => { example.disabled = text.value !== ""; };
  text.addEventListener("input", showExample);
  // Browsers bring back what was typed before a reload.
  showExample();
}

function entered() {
  const given = { text: byId("text").value };
  const partnership = byId("partnership").value;
  if (partnership) given.paid_partnership = partnership === "true";
  for (const [field, id] of [["author", "author"], ["platform", "platform"], ["posted_at", "posted-at"]]) {
    if (byId(id).value.trim()) given[field] = byId(id).value;
  }
  return given;
}

function tell(status, problem) {
  byId("post-status").textContent = status;
  byId("post-problem").textContent = problem;
}
