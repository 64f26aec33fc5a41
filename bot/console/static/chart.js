// The value over time against its lines, as SVG. Lines are named where they end and differ by stroke, not by colour.

import { s } from "./dom.js";

const GUTTER = 112; // room for the names of the lines
const FOOT = 20;
const TOP = 10;
const APART = 15; // between two names
const TICKS = 4;
const CLOSE_S = 600; // a shorter picture needs seconds to tell its times apart
const AIR = 0.06; // between the lowest line and the axis, as a share of the whole

export function chart({ points, project, width, height, words, clock }) {
  const lines = project.lines;
  const all = [...lines.map((l) => l.y), ...points.map((p) => p[1])];
  const high = Math.max(...all), low = Math.min(...all) - AIR * (high - Math.min(...all));
  const right = Math.max(40, width - GUTTER), bottom = height - FOOT;
  const y = (v) => TOP + ((high - v) / (high - low || 1)) * (bottom - TOP);
  const sharp = (v) => Math.round(y(v)) + 0.5; // a hairline between two pixels is a grey one
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
  const x = (t) => (last > first ? ((t - first) / (last - first)) * (right - 6) : right - 6);
  const names = lines.map((l) => ({ at: y(l.y), text: `${words.lines[l.line]} ${short(l.amount)}`, kind: l.line }));
  if (points.length) names.push({ at: y(points.at(-1)[1]), text: `${project.known ? words.value.now : words.value.known_part} ${short(project.recognised)}`, kind: "now" });
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words.value.chart },
    lines.map((l) => s("line", { class: `limit ${l.line}`, x1: 0, x2: right, y1: sharp(l.y), y2: sharp(l.y) })),
    s("line", { class: "axis", x1: 0, x2: right, y1: bottom + 0.5, y2: bottom + 0.5 }),
    points.length > 1 ? [...times(first, last, x, bottom, clock), curve(points, x, y)]
      : s("text", { class: "tick", x: 0, y: height - 4 }, words.value.too_short),
    points.length ? s("circle", { class: "dot", cx: x(last), cy: y(points.at(-1)[1]), r: 3.5 }) : null,
    spread(names, bottom).flatMap((n) => label(n, right)));
}

/** A value holds until the next one: steps, not slopes. */
function curve(points, x, y) {
  const [head, ...rest] = points;
  const d = rest.map(([t, v]) => `H${x(t).toFixed(1)}V${y(v).toFixed(1)}`).join("");
  return s("path", { class: "curve", d: `M${x(head[0]).toFixed(1)} ${y(head[1]).toFixed(1)}${d}` });
}

function times(first, last, x, bottom, clock) {
  return Array.from({ length: TICKS }, (_, i) => {
    const t = first + ((last - first) * i) / (TICKS - 1);
    const anchor = i === 0 ? "start" : i === TICKS - 1 ? "end" : "middle";
    return s("text", { class: "tick", x: x(t).toFixed(1), y: bottom + 15, "text-anchor": anchor }, last - first < CLOSE_S ? clock.seconds(t) : clock.time(t));
  });
}

/** Names keep their order and a distance; a thin stroke leads to a line whose name had to move. */
function spread(names, bottom) {
  const sorted = names.map((n) => ({ ...n, y: n.at })).sort((a, b) => a.at - b.at);
  for (let i = 1; i < sorted.length; i++) sorted[i].y = Math.max(sorted[i].y, sorted[i - 1].y + APART);
  for (let i = sorted.length - 1, most = bottom + 4; i >= 0; i--, most -= APART) sorted[i].y = Math.min(sorted[i].y, most);
  return sorted;
}

function label(name, right) {
  return [
    s("line", { class: "lead", x1: right + 1, y1: name.at, x2: right + 8, y2: name.y }),
    s("text", { class: `name ${name.kind}`, x: right + 12, y: name.y + 4 }, name.text),
  ];
}

const short = (amount) => amount.replace(/元$/, "");
