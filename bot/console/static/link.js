// The one WebSocket: comes back by itself, notices a dead line, and repeats what was not acknowledged.

const FIRST_MS = 500;
const MOST_MS = 8000;
const SILENT_MS = 15000; // the server says something every 5 s
const FULL = 1013; // try again later

export class Link {
  #socket = null;
  #wait = FIRST_MS;
  #heard = 0;
  #pending = new Map();

  /** hello(): the first frame of every connection. on: {frame, state}. */
  constructor({ hello, on }) {
    this.hello = hello;
    this.on = on;
    setInterval(() => this.#watch(), 3000);
    addEventListener("online", () => this.#retryNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.#retryNow());
    this.#open();
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends if it can; what is lost here is said again in hello. */
  tell(frame) {
    if (this.open) this.#socket.send(JSON.stringify(frame));
  }

  /** Sends until the answer with this key has come; once only where a repeat would do harm. */
  ask(frame, { again = true } = {}) {
    const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
    this.#pending.set(key, { frame: { ...frame, key }, again });
    this.tell({ ...frame, key });
    return key;
  }

  get pending() {
    return [...this.#pending.values()].map(({ frame }) => frame);
  }

  #open() {
    clearTimeout(this.timer);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/console/line`);
    this.#socket = socket;
    this.#heard = Date.now();
    socket.onopen = () => {
      this.tell(this.hello());
      for (const [key, { frame, again }] of this.#pending) {
        if (again) this.tell(frame);
        else this.#answered({ t: "pulled", key, ok: false, why: "silent" });
      }
    };
    socket.onmessage = (event) => {
      this.#heard = Date.now();
      this.#wait = FIRST_MS;
      this.#answered(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      if (socket !== this.#socket) return;
      this.on.state(event.code === FULL ? "full" : "lost");
      this.timer = setTimeout(() => this.#open(), this.#wait);
      this.#wait = Math.min(MOST_MS, this.#wait * 2);
    };
  }

  #answered(frame) {
    const asked = this.#pending.get(frame.key)?.frame;
    this.#pending.delete(frame.key);
    this.on.frame({ ...frame, asked });
  }

  #watch() {
    if (this.open && Date.now() - this.#heard > SILENT_MS) {
      const dead = this.#socket;
      this.#socket = null;
      dead.close();
      this.on.state("lost");
      this.#open();
    }
  }

  #retryNow() {
    if (this.#socket?.readyState !== WebSocket.CLOSED) return;
    this.#wait = FIRST_MS;
    this.#open();
  }
}
