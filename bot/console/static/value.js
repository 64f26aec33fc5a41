// The recognised value of each project against its lines: one large figure, one sentence, one picture.

import { chart } from "./chart.js";
import { byId, fill, h, keyed, setText } from "./dom.js";

export class ValuePane {
  constructor(state) {
    this.state = state;
    this.root = byId("value");
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  draw() {
    const projects = [...this.state.rows].filter(([key]) => key.startsWith("project/")).map(([, row]) => row);
    projects.sort((a, b) => a.n - b.n);
    if (!projects.length) return void this.root.replaceChildren(h("p", { class: "empty" }, this.state.words.value.none));
    this.root.querySelector(".empty")?.remove();
    if (!projects.some((project) => project.id === this.chosen)) this.chosen = worst(projects).id;
    this.root.classList.toggle("several", projects.length > 1);
    this.#drawNames(projects.length > 1 ? projects : []);
    keyed(this.root, projects.filter((project) => project.id === this.chosen), {
      key: (project) => project.id,
      make: () => this.#article(),
      update: (article, project) => this.#fill(article, project),
    });
  }

  /** Of several projects one is shown; of the others the name says which line they are below. */
  #drawNames(projects) {
    const { words } = this.state;
    keyed(byId("projects"), projects, {
      key: (project) => project.id,
      make: (project) => h("button", { type: "button", onclick: () => this.#choose(project.id) }, h("span", {}), h("b", {})),
      update: (button, project) => {
        const line = lowest(project);
        setText(button.firstChild, project.name);
        setText(button.lastChild, project.known ? (line ? fill(words.value.short, { line: words.lines[line.line] }) : "") : words.value.blind);
        button.setAttribute("aria-pressed", String(project.id === this.chosen));
      },
    });
  }

  #choose(id) {
    this.chosen = id;
    this.draw();
  }

  #article() {
    return h("article", {},
      h("div", { class: "figures" },
        h("h3", {}), h("p", { class: "amount" }, h("b", {})),
        h("p", { class: "standing" }), h("p", { class: "facts" })),
      h("div", { class: "chart" }));
  }

  #fill(article, project) {
    const { words, clock, rows } = this.state;
    article.className = project.known ? "" : "unknown"; // below or above a line is not said of what is not known
    setText(article.querySelector("h3"), project.name);
    setText(article.querySelector("b"), project.known ? project.recognised : words.value.unknown);
    article.querySelector(".standing").replaceChildren(...(project.known ? this.#standing(project) : []));
    const facts = [
      !project.known && fill(words.value.partial, { amount: project.recognised }),
      fill(words.value.fresh, { ratio: project.fresh }),
      project.lastKnown && fill(words.value.last_known, { amount: project.lastKnown }),
      project.known && project.ltv && fill(words.value.ltv, { ltv: project.ltv }),
      project.known && project.coverage && fill(words.value.coverage, { coverage: project.coverage }),
      project.exposure && fill(words.value.exposure, { amount: project.exposure }),
    ];
    article.querySelector(".facts").replaceChildren(...facts.filter(Boolean).map((fact) => h("span", {}, fact)));
    const box = article.querySelector(".chart");
    const points = rows.get(`history/${project.id}`)?.points ?? [];
    if (box.clientWidth) box.replaceChildren(chart({ points, project, width: box.clientWidth, height: box.clientHeight, words, clock }));
  }

  /** The nearest line below and the nearest above; a line that is crossed is printed heavier. */
  #standing({ lines }) {
    const { words } = this.state;
    const kept = lines.filter((l) => l.side !== "below").sort((a, b) => b.y - a.y);
    return [lowest({ lines }), kept[0]].filter(Boolean).map((l) =>
      h(l.side === "below" ? "strong" : "span", {}, fill(words.value[l.side], { line: words.lines[l.line], gap: l.gap })));
  }
}

/** The lowest line that the value is below; undefined when it is above all. */
function lowest({ lines }) {
  return lines.filter((l) => l.side === "below").sort((a, b) => a.y - b.y)[0];
}

function worst(projects) {
  const crossed = (project) => project.lines.filter((l) => l.side === "below").length + (project.known ? 0 : 0.5);
  return projects.reduce((bad, project) => (crossed(project) > crossed(bad) ? project : bad));
}
