// Finding a case by its number or by what its customer gave: pasted is enough, for nobody types a TxID.
import { guard } from "../safety/guard.js";
import { post } from "./api.js";
import { toast, word } from "./words.js";

export class Find {
  constructor(form, { onFound, onCleared, onFailed }) {
    this.input = form.querySelector("input");
    this.says = { onFound, onCleared, onFailed };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.look();
    });
    this.input.addEventListener("input", (event) => {
      if (!this.input.value.trim()) this.empty();
      else if (event.inputType === "insertFromPaste") this.look();
    });
  }

  async look() {
    const words = this.input.value.trim();
    if (!words) return;
    if (guard(words).found.length) return this.refuse();
    const asked = (this.asked = { words });
    try {
      const { rows } = await post("/desk/found/", { words });
      if (this.asked === asked) this.says.onFound(rows);
    } catch (problem) {
      if (this.asked !== asked) return;
      // The server knows some kinds of keys more.
      if (problem.message === "secret") this.refuse();
      else this.says.onFailed(problem);
    }
  }

  refuse() {
    this.input.value = "";
    toast(word("find.secret"));
  }

  clear() {
    this.input.value = "";
    this.empty();
  }

  // An answer that is still on its way is for nobody.
  empty() {
    this.asked = null;
    this.says.onCleared();
  }

  focus() {
    this.input.focus();
    this.input.select();
  }
}
