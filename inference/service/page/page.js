// The page: asks for the model, and puts the parts together.
import { read, whenKeyNeeded } from "./api.js";
import { showCreators } from "./creators.js";
import { byId, safe } from "./dom.js";
import { follow, refresh, setUpJobs } from "./jobs.js";
import { askKey } from "./key.js";
import { setUpPost } from "./post.js";
import { rulesChooser } from "./rules.js";
import { setUpUpload } from "./upload.js";

const ONLY_FIRST = () => ["us"];
let model = null;
let rulesOfPost = ONLY_FIRST;
let rulesOfFile = ONLY_FIRST;

whenKeyNeeded(askKey);
setUpPost(() => model, () => rulesOfPost());
setUpUpload(() => rulesOfFile(), follow);
setUpJobs(showCreators);

async function start() {
  try {
    const told = await read("/v1/model");
    model = told.model;
    const { name, family, created, training } = model;
    byId("model").textContent = `Model: ${safe(name)}, family ${family}, made ${created}, trained on `
      + `${training.n_posts.toLocaleString("en-US")} posts.`;
    byId("version").textContent = `Version ${told.version}.`;
    rulesOfPost = rulesChooser(byId("post-rules"), told.jurisdictions, "post-rules-first");
    rulesOfFile = rulesChooser(byId("file-rules"), told.jurisdictions, "file-rules-first");
  } catch (error) {
    byId("model").textContent = error.message;
  }
}

start();
refresh();
// A printed page has all of it.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("main details")) one.open = true;
});
