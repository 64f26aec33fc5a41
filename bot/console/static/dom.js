// Elements from plain values. Text only ever becomes text nodes: nothing a person writes can become markup.

const SVG = "http://www.w3.org/2000/svg";

export const h = (tag, props = {}, ...children) => build(document.createElement(tag), props, children);
export const s = (tag, props = {}, ...children) => build(document.createElementNS(SVG, tag), props, children);

function build(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** Sets a text only where it differs, so that an update touches nothing else. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Puts {name}s into a sentence of the words. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));

export const byId = (id) => document.getElementById(id);

/** Keeps one element per key in `root`, in the given order: makes, updates, moves and removes as needed. */
export function keyed(root, items, { key, make, update }) {
  const old = new Map([...root.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, n) => {
    const name = String(key(item));
    let element = old.get(name);
    if (!element) {
      element = make(item);
      element.dataset.key = name;
    }
    old.delete(name);
    if (root.children[n] !== element) root.insertBefore(element, root.children[n] ?? null);
    update(element, item); // in its place: some draw into their own width
  });
  for (const element of old.values()) element.remove();
}
