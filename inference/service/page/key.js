// The field for an API key, shown when the service asks for one.
import { byId } from "./dom.js";

// A key; wasWrong says that one was given and refused.
export function askKey(wasWrong) {
  const form = byId("key-form");
  const field = byId("key");
  form.hidden = false;
  byId("key-problem").textContent = wasWrong ? "The service does not know this key." : "";
  field.focus();
  return new Promise((resolve) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      const given = field.value.trim();
      // Nothing else can be sent in a header.
      if (!/^[\x21-\x7e]+$/.test(given)) {
        byId("key-problem").textContent = "A key has letters, digits and signs, and no spaces.";
        return;
      }
      field.value = "";
      form.hidden = true;
      form.onsubmit = null;
      resolve(given);
    };
  });
}
