// What time it is for the bot, and how to write it. Ages keep growing while the line is cut: that is the truth.

import { fill } from "./dom.js";

export class Clock {
  #offset = null;

  constructor(timezone) {
    const format = (options) => new Intl.DateTimeFormat("zh-CN", { timeZone: timezone, hourCycle: "h23", ...options });
    this.short = format({ hour: "2-digit", minute: "2-digit" });
    this.long = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.date = format({ month: "long", day: "numeric", weekday: "short" });
    this.full = format({ dateStyle: "long", timeStyle: "medium" });
  }

  /** The bot's own time, as just received, in seconds since 1970. */
  set(at) {
    this.at = at;
    this.#offset = at - performance.now() / 1000;
  }

  now() {
    return this.#offset === null ? Date.now() / 1000 : performance.now() / 1000 + this.#offset;
  }

  time = (at) => this.short.format(at * 1000);
  seconds = (at) => this.long.format(at * 1000);
  day = (at) => this.date.format(at * 1000);
  stamp = (at) => this.full.format(at * 1000);

  /** How long ago, in one short word. */
  age(at, names) {
    const s = Math.max(0, Math.round(this.now() - at));
    if (s < 60) return fill(names.seconds, { n: s });
    if (s < 3600) return fill(names.minutes, { n: Math.floor(s / 60) });
    if (s < 172800) return fill(names.hours, { n: Math.floor(s / 3600) });
    return fill(names.days, { n: Math.floor(s / 86400) });
  }
}
