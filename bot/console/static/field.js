// One parameter of a lever as a labelled input. Tanks, goods and sites are offered from the board.

import { h } from "./dom.js";

/** What may be chosen: [{value, text, short}]; empty for a number, a flag or free text. */
export function optionsOf(p, { rows, words }) {
  const tanks = [...rows.values()].filter((row) => "filling" in row).sort((a, b) => a.n - b.n);
  const option = (value, text, short = text) => ({ value, text, short });
  if (p.kind === "tank") return allowed(p, tanks.map((t) => option(t.id, `${t.id} ${t.good}`, t.id)));
  if (p.kind === "site") return allowed(p, unique(tanks.map((t) => option(t.site, t.siteName))));
  if (p.kind === "good") return unique(tanks.map((t) => option(t.good, t.good)));
  if (!Array.isArray(p.allowed)) return [];
  return unique(p.allowed.map((value) => option(value, words.levers.choices[value] ?? value)));
}

export function field(p, { label, value, state }) {
  const options = optionsOf(p, state);
  const input = options.length ? select(p, options, value, state) : plain(p, value);
  const element = h("label", { class: `field ${p.kind}` }, h("span", {}, label), input);
  return { name: p.name, element, value: () => read(p, input) };
}

function select(p, options, value, { words }) {
  const any = p.required ? [] : [h("option", { value: "" }, words.levers.any)];
  const input = h("select", {}, any, options.map((o) => h("option", { value: o.value }, o.text)));
  input.value = value;
  return input;
}

function plain(p, value) {
  if (p.kind === "flag") return h("input", { type: "checkbox", checked: value === true });
  const numeric = p.kind === "number";
  return h("input", { type: numeric ? "number" : "text", step: numeric ? "any" : undefined, min: p.min, max: p.max,
    required: p.required && numeric, value: value ?? "", autocomplete: "off" });
}

/** null: not given. */
function read(p, input) {
  if (p.kind === "flag") return input.checked;
  if (input.value === "") return null;
  return p.kind === "number" ? Number(input.value) : input.value;
}

/** Those of the board that the depot knows too, where it says which. */
function allowed(p, options) {
  const known = Array.isArray(p.allowed) ? new Set(p.allowed) : null;
  return known ? options.filter((o) => known.has(o.value)) : options;
}

function unique(options) {
  return [...new Map(options.map((o) => [o.value, o])).values()];
}
