// The group chat: whose chats there are, what was said, and a box to answer.

import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { byId, fill, h, keyed, setText } from "./dom.js";

const KEPT = 300; // as many as the server keeps
const TOAST_MS = 5000;

export class ChatPane {
  constructor(state, act, link) {
    Object.assign(this, { state, act, link });
    this.log = byId("log");
    this.composer = byId("composer") && new Composer(state, act);
    byId("newer").addEventListener("click", () => this.#toEnd());
    this.log.addEventListener("scroll", () => this.#atEnd() && (byId("newer").hidden = true));
    this.reply = this.composer && ((ref) => this.composer.replyTo(ref));
    new ResizeObserver(() => this.stick && this.#toEnd()).observe(this.log); // the box below it grows and shrinks
  }

  /** A new connection, another person or another chat: the log starts anew. */
  entered(elsewhere) {
    this.fresh = true;
    if (elsewhere) this.composer?.entered();
  }

  draw(changed) {
    this.#drawChats();
    const stay = this.fresh ? [] : changed;
    for (const b of changed) this.state.bubbles.set(b.ref, b);
    if (this.fresh) this.#drawAll();
    else for (const b of stay) this.#put(b);
    this.#drawPending();
    this.fresh = false;
  }

  /** Which tanks there are may have changed. */
  boardChanged() {
    this.composer?.boardChanged();
  }

  /** Something was sent, or its receipt came. */
  asked() {
    this.#drawPending();
  }

  /** Why not, and the button that was pressed works again. */
  refused(why, asked) {
    this.toast(why);
    const pressed = this.state.bubbles.get(asked?.ref);
    if (pressed) this.#put(pressed);
  }

  shown() {
    if (this.stick !== false) this.#toEnd();
  }

  find(alarm) {
    const hits = [...this.log.children].filter((e) => e.textContent.includes(alarm));
    if (hits.length) this.#goTo(hits.at(-1));
  }

  toast(text) {
    const line = h("p", {}, text);
    byId("toasts").append(line);
    setTimeout(() => line.remove(), TOAST_MS);
  }

  #drawAll() {
    this.log.replaceChildren();
    if (!this.state.bubbles.size) this.log.append(h("p", { class: "empty" }, this.#emptyWords()));
    for (const b of this.state.bubbles.values()) this.#append(b);
    this.#toEnd();
  }

  #emptyWords() {
    const { none, empty } = this.state.words.chat;
    return this.state.chat === null ? none : empty;
  }

  #put(b) {
    const follow = this.#atEnd();
    const old = this.log.querySelector(`[data-ref="${CSS.escape(b.ref)}"]`);
    if (old) {
      const token = old.contains(document.activeElement) ? document.activeElement.dataset.token : undefined;
      const now = this.#bubble(b);
      old.replaceWith(now);
      if (token) now.querySelector(`[data-token="${CSS.escape(token)}"]`)?.focus();
    } else {
      this.log.querySelector(".empty")?.remove();
      this.#append(b);
      this.#trim();
    }
    if (follow || b.author === this.state.me) this.#toEnd();
    else if (!old) byId("newer").hidden = false;
  }

  #append(b) {
    const day = this.state.clock.day(b.at);
    const last = [...this.log.querySelectorAll(".day")].at(-1)?.textContent;
    const before = this.log.querySelector(".pending");
    const parts = last === day ? [this.#bubble(b)] : [h("p", { class: "day" }, day), this.#bubble(b)];
    for (const part of parts) this.log.insertBefore(part, before);
  }

  #bubble(b) {
    return bubble(b, { ...this.state, act: this.act, reply: this.reply, goTo: (ref) => this.#goToRef(ref), grown: () => this.stick && this.#toEnd() });
  }

  /** What was sent but not yet acknowledged stays visible, faded. */
  #drawPending() {
    this.log.querySelectorAll(".pending").forEach((e) => e.remove());
    const waiting = this.link.pending.filter((f) => f.t === "say" && f.chat === this.state.chat);
    for (const f of waiting) {
      const note = h("p", { class: "note" }, this.state.words.chat.sending);
      this.log.append(h("article", { class: "bubble mine pending" }, h("p", { class: "text" }, f.text), note));
    }
    if (waiting.length) this.#toEnd();
  }

  #drawChats() {
    const { words, chats, chat } = this.state;
    const nav = byId("chats");
    keyed(nav, chats, {
      key: (c) => c.id,
      make: (c) =>
        h("button", { type: "button", onclick: () => this.act.choose({ chat: c.id }) },
          h("span", { class: "name" }), h("span", { class: "audience" }), h("span", { class: "badge" })),
      update: (element, c) => {
        const [name, audience, badge] = element.children;
        setText(name, c.name);
        setText(audience, words.audiences[c.audience] ?? c.audience);
        const unread = c.id === chat ? 0 : c.unread;
        setText(badge, unread ? (c.mentions ? `@ ${unread}` : String(unread)) : "");
        badge.hidden = !unread;
        badge.title = [fill(words.chat.unread, { n: unread }), c.mentions && words.chat.at_me].filter(Boolean).join("，");
        element.setAttribute("aria-current", String(c.id === chat));
        element.toggleAttribute("data-at-me", unread > 0 && c.mentions > 0);
      },
    });
  }

  #goToRef(ref) {
    const element = this.log.querySelector(`[data-ref="${CSS.escape(ref)}"]`);
    if (element) this.#goTo(element);
  }

  #goTo(element) {
    element.scrollIntoView({ block: "center" });
    element.classList.add("found");
    setTimeout(() => element.classList.remove("found"), 1600);
  }

  #trim() {
    const bubbles = this.state.bubbles;
    while (bubbles.size > KEPT) {
      const ref = bubbles.keys().next().value;
      bubbles.delete(ref);
      this.log.querySelector(`[data-ref="${CSS.escape(ref)}"]`)?.remove();
    }
  }

  #atEnd() {
    this.stick = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    return this.stick;
  }

  #toEnd() {
    this.stick = true;
    this.log.scrollTop = this.log.scrollHeight;
    byId("newer").hidden = true;
  }
}
