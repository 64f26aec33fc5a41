// The tank farm: one table per site, one row per tank. What is not fresh is said in a word and hatched.

import { byId, fill, h, keyed, setText } from "./dom.js";

const number = (digits) => new Intl.NumberFormat("zh-CN", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const TONNES = number(1);
const TEMP = number(1);

export class FarmPane {
  constructor(state) {
    this.state = state;
    this.root = byId("farm");
  }

  draw() {
    const rows = [...this.state.rows].filter(([key]) => key.startsWith("tank/")).map(([, row]) => row);
    rows.sort((a, b) => a.n - b.n);
    const sites = new Map();
    for (const row of rows) sites.set(row.site, [...(sites.get(row.site) ?? []), row]);
    this.root.classList.toggle("empty", !sites.size);
    if (!sites.size) return void this.root.replaceChildren(this.state.words.farm.none);
    if (this.root.firstChild?.nodeType === Node.TEXT_NODE) this.root.replaceChildren();
    keyed(this.root, [...sites], {
      key: ([site]) => site,
      make: ([, tanks]) => this.#site(tanks[0].siteName),
      update: (section, [site, tanks]) => {
        section.site = site;
        keyed(section.querySelector("tbody"), tanks, {
          key: (tank) => tank.id,
          make: () => this.#row(),
          update: (row, tank) => this.#fill(row, tank),
        });
      },
    });
    this.tick();
  }

  tick() {
    for (const row of this.root.querySelectorAll("tbody tr")) this.#age(row);
    for (const section of this.root.querySelectorAll("section")) this.#gateway(section);
  }

  #site(name) {
    const { columns } = this.state.words.farm;
    return h("section", {},
      h("h3", {}, h("span", {}, name), h("span", { class: "gateway" })),
      h("table", { "aria-label": name },
        h("colgroup", {}, Object.keys(columns).map((c) => h("col", { class: c }))),
        h("thead", {}, h("tr", {}, Object.entries(columns).map(([c, label]) => h("th", { scope: "col", class: c }, label)))),
        h("tbody", {})));
  }

  #row() {
    return h("tr", {},
      h("th", { scope: "row", class: "tank" }), h("td", { class: "good" }),
      h("td", { class: "filling" }, h("span", { class: "bar", role: "img" }, h("i", {}))),
      h("td", { class: "tonnes" }), h("td", { class: "temp" }), h("td", { class: "age" }));
  }

  #fill(row, tank) {
    const { words } = this.state;
    const [id, good, filling, tonnes, temp] = row.children;
    row.tank = tank;
    row.className = tank.state;
    setText(id, tank.id);
    setText(good, tank.good);
    good.title = tank.good;
    const bar = filling.firstChild, part = tank.filling;
    bar.classList.toggle("unknown", part === null);
    bar.firstChild.style.width = `${Math.round(1000 * (part ?? 0)) / 10}%`;
    const percent = part === null ? words.farm.unknown : `${Math.round(100 * part)}%`;
    bar.setAttribute("aria-label", fill(words.farm.filling, { percent }));
    setText(tonnes, tank.tonnes === null ? "—" : TONNES.format(tank.tonnes));
    setText(temp, tank.temp === null ? "—" : TEMP.format(tank.temp));
    row.title = tank.why.map((bit) => words.quality[bit] ?? bit).join("、");
    this.#age(row);
  }

  #age(row) {
    const { words, clock } = this.state;
    const { state, taken } = row.tank;
    const age = taken === null ? "" : clock.age(taken, words.ages);
    const fresh = state === "fresh", word = fresh ? "" : (words.farm.states[state] ?? state);
    const [temp, cell] = [...row.children].slice(-2);
    temp.hidden = !fresh; // an old temperature says nothing; its place goes to the word
    cell.colSpan = fresh ? 1 : 2;
    setText(cell, word + (state === "never" ? "" : age));
  }

  #gateway(section) {
    const { words, clock, rows } = this.state;
    const gateway = rows.get(`gateway/${section.site}`);
    const line = section.querySelector(".gateway");
    if (!gateway) return setText(line, "");
    const { good, tanks, polled } = gateway;
    const kind = polled === null ? "never" : good === 0 ? "none" : good < tanks ? "part" : "all";
    const ago = polled === null || good === 0 ? "" : fill(words.farm.gateway.ago, { age: clock.age(polled, words.ages) });
    setText(line, [fill(words.farm.gateway[kind], gateway), ago].filter(Boolean).join(" · "));
    line.className = `gateway ${kind}`;
  }
}
