// Starts the page: one state, one line to the server, and five panes that draw themselves from the state.

import { AlarmPane } from "./alarms.js";
import { ChatPane } from "./chat.js";
import { Clock } from "./clock.js";
import { byId, fill, h, setText } from "./dom.js";
import { FarmPane } from "./farm.js";
import { LeverPane } from "./levers.js";
import { Link } from "./link.js";
import { ValuePane } from "./value.js";

const words = JSON.parse(byId("words").textContent);
const clock = new Clock(words.timezone);
const state = { words, clock, room: null, rows: new Map(), chats: [], bubbles: new Map(), lost: true, ...fromHash() };
const link = new Link({ hello, on: { frame: onFrame, state: onState } });
const act = { choose, say, press, pull, find };
const chat = new ChatPane(state, act, link);
const panes = [new ValuePane(state), new AlarmPane(state, act), new FarmPane(state)];
const levers = byId("levers") && new LeverPane(state, act);

function hello() {
  return { t: "hello", me: state.me, chat: state.chat };
}

function onFrame(frame) {
  if (frame.t === "room") return onRoom(frame);
  if (frame.t === "news") return onNews(frame);
  if (frame.t === "refused") chat.refused(fill(words.refusals[frame.why] ?? frame.why, { limit: state.room.limit }), frame.asked);
  if (frame.t === "pulled") levers?.pulled(frame);
  else chat.asked();
}

function onRoom(room) {
  if (state.room && state.room.assets !== room.assets) return location.reload(); // the program was changed under us
  const elsewhere = state.room?.me !== room.me || state.room?.chat !== room.chat;
  Object.assign(state, { room, me: room.me, chat: room.chat, lost: false, rows: new Map(), bubbles: new Map() });
  history.replaceState(null, "", "#" + [state.me ?? "", state.chat ?? ""].map(encodeURIComponent).join("/"));
  drawPeople();
  onState("open");
  chat.entered(elsewhere);
  levers?.entered();
  link.tell({ t: "look", visible: !document.hidden });
}

function onNews(news) {
  clock.set(news.at);
  for (const [key, row] of Object.entries(news.board?.set ?? {})) state.rows.set(key, row);
  for (const key of news.board?.gone ?? []) state.rows.delete(key);
  if (news.chats) state.chats = news.chats;
  if (news.board) for (const pane of panes) pane.draw();
  if (news.board) for (const pane of [levers, chat]) pane?.boardChanged();
  if (news.chats || news.log) chat.draw(news.log ?? []);
  for (const text of news.toasts ?? []) chat.toast(text);
  badges();
  tick();
}

function onState(kind) {
  state.lost = kind !== "open";
  document.body.toggleAttribute("data-lost", state.lost && Boolean(state.room));
  setText(byId("link"), words.link[kind]);
  tick();
}

/** Once a second: the clock and the ages, which grow by themselves. */
function tick() {
  const at = clock.at === undefined ? "" : clock.seconds(state.lost ? clock.at : clock.now());
  setText(byId("clock"), at && (state.lost ? fill(words.link.frozen, { time: at }) : `${words.link.clock} ${at}`));
  for (const pane of panes) pane.tick?.();
}

function drawPeople() {
  const select = byId("me");
  if (!select) return;
  select.replaceChildren(
    ...state.room.people.map(({ org, members }) =>
      h("optgroup", { label: org }, members.map((p) => h("option", { value: p.id }, `${p.label} · ${p.role}`))),
    ),
  );
  select.value = state.me ?? "";
}

function badges() {
  const alarms = [...state.rows.keys()].filter((key) => key.startsWith("alarm/")).length;
  const unread = state.chats.reduce((sum, c) => sum + (c.id === state.chat ? 0 : c.unread), 0);
  for (const [pane, count] of [["alarms", alarms], ["chat", unread]]) {
    const badge = document.querySelector(`#tabs [data-pane=${pane}] .badge`);
    badge.hidden = count === 0;
    setText(badge, String(count));
  }
}

function choose({ me = state.me, chat: other = state.chat }) {
  Object.assign(state, { me, chat: other });
  link.tell(hello());
}

function say(text, reply) {
  link.ask({ t: "say", chat: state.chat, text, reply });
  chat.asked();
}

function press(ref, token) {
  link.ask({ t: "press", chat: state.chat, ref, token });
}

function pull(name, parameters) {
  return link.ask({ t: "pull", name, parameters }, { again: false }); // pulled twice is not the same as pulled once
}

/** Shows where the chat speaks of this alarm. */
function find(alarm) {
  show("chat");
  chat.find(alarm);
}

function show(pane) {
  document.body.dataset.pane = pane;
  for (const tab of byId("tabs").children) tab.setAttribute("aria-current", tab.dataset.pane === pane ? "page" : "false");
  for (const p of panes) p.draw(); // what was hidden had no width to draw into
  if (pane === "chat") chat.shown();
}

function fromHash() {
  const [me, group] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { me: me || null, chat: group || null };
}

byId("tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("button");
  if (tab) show(tab.dataset.pane);
});
byId("me")?.addEventListener("change", (event) => choose({ me: event.target.value }));
document.addEventListener("visibilitychange", () => link.tell({ t: "look", visible: !document.hidden }));
addEventListener("hashchange", () => choose(fromHash()));
setInterval(tick, 1000);
show("chat");
