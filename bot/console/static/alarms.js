// Open alarms: how bad in a word, what, since when, and who has not answered.

import { byId, fill, h, keyed, setText } from "./dom.js";

export class AlarmPane {
  constructor(state, act) {
    Object.assign(this, { state, act });
    this.root = byId("alarms");
  }

  draw() {
    const alarms = [...this.state.rows].filter(([key]) => key.startsWith("alarm/")).map(([, row]) => row);
    alarms.sort((a, b) => a.n - b.n);
    setText(byId("alarm-count"), alarms.length ? String(alarms.length) : "");
    if (!alarms.length) return void this.root.replaceChildren(h("p", { class: "empty" }, this.state.words.alarms.none));
    this.root.querySelector(".empty")?.remove();
    keyed(this.root, alarms, {
      key: (alarm) => alarm.id,
      make: (alarm) => this.#item(alarm),
      update: (item, alarm) => this.#fill(item, alarm),
    });
    this.tick();
  }

  tick() {
    const { words, clock } = this.state;
    for (const item of this.root.querySelectorAll("article")) {
      const since = { time: clock.time(item.alarm.since), age: clock.age(item.alarm.since, words.ages) };
      setText(item.querySelector(".since"), fill(words.alarms.since, since));
    }
  }

  #item(alarm) {
    const find = { type: "button", class: "find", title: this.state.words.alarms.find, onclick: () => this.act.find(alarm.id) };
    return h("article", {},
      h("p", { class: "meta" }, h("span", { class: "severity" }), h("button", find, alarm.id), h("span", { class: "condition" })),
      h("p", { class: "title" }),
      h("p", { class: "rest" }, h("span", { class: "since" }), h("span", { class: "waiting" })));
  }

  #fill(item, alarm) {
    const { words } = this.state;
    item.alarm = alarm;
    item.className = `s${alarm.severity} ${alarm.condition}`;
    setText(item.querySelector(".severity"), words.severities[alarm.severity] ?? String(alarm.severity));
    setText(item.querySelector(".condition"), words.conditions[alarm.condition] ?? alarm.condition);
    setText(item.querySelector(".title"), alarm.title);
    const names = alarm.waiting.join("、");
    setText(item.querySelector(".waiting"), names ? fill(words.alarms.waiting, { names }) : words.alarms.answered);
  }
}
