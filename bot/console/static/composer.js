// The box to write in. Enter sends, but never while an input method is still composing Chinese.

import { firstLine } from "./bubble.js";
import { byId, fill, h, keyed } from "./dom.js";

const TALL = 140;

export class Composer {
  constructor(state, act) {
    Object.assign(this, { state, act, ref: null });
    this.box = byId("box");
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("input", () => this.#typed());
    this.boardChanged();
  }

  /** What could be asked: of a tank that this person sees, or of none. */
  boardChanged() {
    const { samples, sample_tank } = this.state.words.chat;
    const tanks = [...this.state.rows].filter(([key]) => key.startsWith("tank/")).map(([, row]) => row.id);
    const tank = tanks.includes(sample_tank) ? sample_tank : tanks[0];
    const fit = samples.filter((text) => tank || !text.includes("{tank}")).map((text) => fill(text, { tank }));
    keyed(byId("samples"), fit, {
      key: (text) => text,
      make: (text) => h("button", { type: "button", onclick: () => this.#sample(text) }, text),
      update: () => {},
    });
  }

  /** Each person has an own draft in each chat; it survives a reload. */
  entered() {
    this.replyTo(null);
    this.box.value = sessionStorage.getItem(this.#draft()) ?? "";
    this.box.disabled = this.state.chat === null;
    this.#typed();
  }

  replyTo(ref) {
    this.ref = ref;
    const line = byId("replying");
    line.hidden = ref === null;
    if (ref === null) return;
    const { words, bubbles } = this.state;
    const answered = bubbles.get(ref);
    line.replaceChildren(
      h("span", {}, `${fill(words.chat.replying, { name: answered?.name ?? "" })}：${firstLine(answered, words)}`),
      h("button", { type: "button", onclick: () => this.replyTo(null) }, words.chat.cancel),
    );
    this.box.focus();
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // 229: Safari reports the confirming Enter so
    if (event.key === "Escape" && this.ref !== null) this.replyTo(null);
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    }
  }

  #send() {
    if (!this.box.value.trim()) return;
    this.act.say(this.box.value, this.ref);
    this.box.value = "";
    this.replyTo(null);
    this.#typed();
    this.box.focus();
  }

  #sample(text) {
    this.box.value = `@${this.state.room.bot} ${text}`;
    this.#typed();
    this.box.focus();
  }

  #typed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(TALL, this.box.scrollHeight + 2)}px`;
    if (this.box.value) sessionStorage.setItem(this.#draft(), this.box.value);
    else sessionStorage.removeItem(this.#draft());
  }

  #draft() {
    return `draft/${this.state.me}/${this.state.chat}`;
  }
}
