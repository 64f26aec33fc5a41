// One message as an element. Severity is read off the bot's own first words and shown as words, weight and a rule.

import { fill, h } from "./dom.js";

const CODE = /([A-Za-z0-9]+(?:-[A-Za-z0-9]+)+)/; // T-107, AL-20260312-07: never broken at the hyphen

export function bubble(b, room) {
  const { words, clock, me } = room;
  const bot = b.author === null;
  const mark = bot ? markOf(textOf(b.spans), words.marks) : null;
  const mentioned = bot && b.spans.some((span) => span.at === me && me !== null);
  const kind = ["bubble", bot ? "bot" : b.author === me ? "mine" : "other", mark && `alert ${mark}`, mentioned && "to-me"];
  return h("article", { class: kind.filter(Boolean).join(" "), "data-ref": b.ref },
    h("header", {},
      h("b", { class: "who" }, b.name),
      mentioned && h("span", { class: "called" }, words.chat.mentions_you),
      h("time", { datetime: new Date(b.at * 1000).toISOString(), title: clock.stamp(b.at) }, clock.time(b.at)),
      b.edited && h("span", { class: "edited" }, fill(words.chat.edited, { time: clock.time(b.edited) })),
      room.reply && h("button", { type: "button", class: "reply", onclick: () => room.reply(b.ref) }, words.chat.reply)),
    b.reply && quote(b.reply, room),
    b.picture && picture(b.picture, room),
    h("p", { class: "text" }, ...textNodes(b.spans, me, mark !== null)),
    actions(b, room));
}

/** A picture of the bot; a click shows it whole. Its words are the message's own, for those who cannot see it. */
function picture({ src, about }, room) {
  const gone = () => frame.replaceWith(h("p", { class: "note" }, room.words.chat.picture_gone));
  const image = h("img", { src, alt: about, onload: () => room.grown?.(), onerror: gone });
  const frame = h("a", { class: "picture", href: src, target: "_blank", rel: "noopener" }, image);
  return frame;
}

/** The first line of the message answered; a way back to it while it is on the page. */
export function firstLine(b, words) {
  return b ? textOf(b.spans).split("\n", 1)[0] : words.chat.quote_gone;
}

function quote(ref, room) {
  const answered = room.bubbles.get(ref);
  const line = firstLine(answered, room.words);
  const name = answered ? `${answered.name}：` : "";
  return h("button", { type: "button", class: "quote", disabled: !answered, onclick: () => room.goTo(ref) }, name + line);
}

function actions(b, { words, act, room }) {
  const spent = b.buttons.length === 0;
  const buttons = spent ? b.spent : b.buttons;
  if (!buttons.length) return null;
  const row = buttons.map(({ label, token }) => {
    const pressed = token === b.pressed;
    return h("button", {
      type: "button", "data-token": token, disabled: spent || pressed || !room.demo,
      "aria-pressed": pressed ? "true" : undefined, title: pressed ? words.chat.pressed : spent ? words.chat.spent : undefined,
      onclick: (event) => { event.currentTarget.disabled = true; act.press(b.ref, token); },
    }, label);
  });
  return h("div", { class: spent ? "acts spent" : "acts" }, row);
}

/** Text and mentions; of an alert the first line is its heading. */
function textNodes(spans, me, headed) {
  const head = [], body = [];
  let target = headed ? head : body;
  const put = (to, text) => to.push(...text.split(CODE).map((part, n) => (n % 2 ? h("span", { class: "code" }, part) : part)));
  for (const span of spans) {
    if (typeof span !== "string") {
      target.push(h("span", { class: span.at === me ? "at me" : "at" }, `@${span.label}`));
      continue;
    }
    const end = target === head ? span.indexOf("\n") : -1;
    if (end < 0) {
      put(target, span);
      continue;
    }
    put(head, span.slice(0, end));
    put(body, span.slice(end + 1));
    target = body;
  }
  return head.length ? [h("strong", { class: "head" }, head), ...body] : body;
}

function textOf(spans) {
  return spans.map((span) => (typeof span === "string" ? span : `@${span.label}`)).join("");
}

function markOf(text, marks) {
  const line = text.split("\n", 1)[0];
  const hit = Object.entries(marks).find(([, starts]) => starts.some((start) => line.includes(start)));
  return hit ? hit[0] : null;
}
