// The depot's levers (demo): the main story in one row, the rest behind it; each asks for its parameters first.

import { byId, fill, h, setText } from "./dom.js";
import { field, optionsOf } from "./field.js";

export class LeverPane {
  constructor(state, act) {
    Object.assign(this, { state, act });
    this.root = byId("levers");
    this.result = byId("result");
    this.dialog = document.body.appendChild(h("dialog", { class: "lever" }));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.addEventListener("click", (event) => event.target.closest(".more") || this.#fold());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#fold());
  }

  entered() {
    const { levers } = this.state.room;
    const shape = JSON.stringify(levers);
    if (shape === this.drawn) return;
    this.drawn = shape;
    this.groups = this.#grouped(levers);
    const [story, ...rest] = this.groups;
    const more = h("details", { class: "more" },
      h("summary", {}, this.state.words.levers.more),
      h("div", {}, rest.map((group) => h("div", { class: "group" }, h("h3", {}, group.label), group.levers.map((l) => this.#button(l))))));
    this.root.replaceChildren(
      h("div", { class: "story" }, (story?.levers ?? []).map((lever, n) => this.#card(lever, n + 1))),
      ...(rest.length ? [more] : []));
    this.boardChanged();
  }

  /** What a lever would do by itself is written on it; the goods and tanks come with the board. */
  boardChanged() {
    for (const card of this.root.querySelectorAll(".card")) setText(card.querySelector(".with"), this.#summary(card.lever));
  }

  pulled({ ok, text, why, asked }) {
    const { words } = this.state;
    const refused = text ? `${words.refusals.lever}（${text}）` : (words.refusals[why] ?? why); // the depot gives its reason in English
    const line = ok ? text || words.levers.done : fill(words.levers.failed, { why: refused });
    this.#say(`${this.#label({ name: asked?.name ?? "" })}：${line}`, ok);
  }

  #grouped(levers) {
    const { words } = this.state;
    const left = new Map(levers.map((l) => [l.name, l]));
    const take = (name) => { const l = left.get(name); left.delete(name); return l; };
    const groups = words.levers.groups.map(({ label, names }) => ({ label, levers: names.map(take).filter(Boolean) }));
    groups.push({ label: words.levers.more, levers: [...left.values()] });
    return groups.filter((group, n) => n === 0 || group.levers.length);
  }

  #fold() {
    this.root.querySelector(".more")?.removeAttribute("open");
  }

  #card(lever, n) {
    const { hints } = this.state.words.levers;
    const card = h("button", { type: "button", class: "card", title: hints[lever.name], onclick: () => this.#open(lever) },
      h("span", { class: "no" }, String(n)), h("b", {}, this.#label(lever)),
      h("span", { class: "hint" }, hints[lever.name] ?? ""), h("span", { class: "with" }));
    card.lever = lever;
    return card;
  }

  #button(lever) {
    return h("button", { type: "button", onclick: () => this.#open(lever) }, this.#label(lever));
  }

  #label({ name }) {
    const lever = this.state.room.levers.find((l) => l.name === name);
    return this.state.words.levers.labels[name] ?? lever?.label ?? name;
  }

  #summary(lever) {
    const shown = lever.parameters.map((p) => ({ p, value: this.#default(lever, p) })).filter(({ value }) => value !== "" && value !== null && value !== false);
    return shown.slice(0, 2).map(({ p, value }) => {
      const option = optionsOf(p, this.state).find((o) => o.value === value);
      return option ? option.short : p.kind === "number" ? `${value} ${unit(this.#name(p))}` : String(value);
    }).join(" · ");
  }

  #open(lever) {
    const { words } = this.state;
    this.#fold();
    if (!lever.parameters.length) return this.#pull(lever, {});
    const fields = lever.parameters.map((p) => field(p, { label: this.#name(p), value: this.#default(lever, p), state: this.state }));
    const submit = (event) => {
      event.preventDefault();
      this.dialog.close();
      this.#pull(lever, Object.fromEntries(fields.map((f) => [f.name, f.value()]).filter(([, v]) => v !== null)));
    };
    this.dialog.replaceChildren(h("form", { onsubmit: submit },
      h("h2", {}, this.#label(lever)), h("p", { class: "hint" }, words.levers.hints[lever.name] ?? ""),
      fields.map((f) => f.element),
      h("div", { class: "acts" },
        h("button", { type: "submit", class: "go" }, words.levers.pull),
        h("button", { type: "button", onclick: () => this.dialog.close() }, words.levers.cancel))));
    this.dialog.showModal();
    this.dialog.querySelector(".go").focus();
  }

  #pull(lever, parameters) {
    this.act.pull(lever.name, parameters);
    this.#say(`${this.#label(lever)}：${this.state.words.levers.pulling}`, true);
  }

  #say(text, ok) {
    setText(this.result, text);
    this.result.className = ok ? "result" : "result failed";
  }

  #name(p) {
    return this.state.words.levers.parameters[p.name] ?? p.label ?? p.name;
  }

  #default(lever, p) {
    const wish = this.state.words.levers.defaults[lever.name]?.[p.name];
    const options = optionsOf(p, this.state);
    if (wish !== undefined && (wish === "" || !options.length || options.some((o) => o.value === wish))) return wish;
    if (p.default !== null && p.default !== undefined) return p.default;
    return p.required ? (options[0]?.value ?? "") : "";
  }
}

const unit = (name) => name.split(" ").at(-1);
