// One person's sitting in this tab: the cards around the one that is looked at, what was judged, and what is still to
// be told. It outlives the element that shows it, which Streamlit may take away and make anew at any time.

import * as queue from "./queue.js";

const NEAR = 40; // cards that must be here before the one that is looked at, or more are asked for
const SHARP = 4; // of those in full size
const MOST = 48; // photos in full size that are kept
const AGAIN = 4000; // milliseconds without an answer after which it is told again
const ALIVE = 20000; // milliseconds between two words to the server that a card is open, so that others see it
const AWAY = 600000; // milliseconds without a key or a click after which nobody is taken to be there
const MOMENT = 600; // milliseconds that a card is looked at before it is said to be open
const LONGEST_LOOK = 120; // seconds; who looks longer has done something else
const DONE = "casting judged", WHO = "casting who"; // in the storage of this tab

export const WRONG = "label is wrong";

function remembered(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function remember(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch { /* forgotten at the next reload */ }
}

class Sitting {
  cards = new Map(); // by place
  details = new Map(); // by photo
  strips = new Map(); // by the key of a card
  pictures = new Map(); // by photo: decoded
  own = new Map(); // by the key of a card: the judgement of this sitting
  told = new Set(); // ids that were in a message
  done = remembered(DONE, []); // what can be undone, the last at the end
  who = remembered(WHO, "");
  seconds = [];
  refused = [];
  number = 0;
  place = 0;
  deck = "";
  tab = queue.fresh();
  taken = new Map(); // by the key of a card: who else has it open
  open = ""; // the card that was said to be open
  hailed = 0; // when that was said
  touched = performance.now();
  wish = "";
  waiting = 0;
  asked = "";
  shown = performance.now();
  changed = () => {};

  get card() { return this.cards.get(this.place); }
  get unsent() { return queue.of(this.data.scope).length; }
  get elsewhere() { return queue.all().length - this.unsent; }

  receive(data, speak) {
    const first = this.data === undefined;
    if (first) queue.load();
    Object.assign(this, { data, speak });
    if (!this.who && data.who) this.who = data.who;
    this.taken = new Map(Object.entries(data.taken));
    if (first) setInterval(() => this.tell(), ALIVE / 4);
    for (const id of data.acked) queue.drop(id);
    for (const [id, reason] of Object.entries(data.refused)) this.#refuse(id, reason);
    if (data.deck !== this.deck) {
      this.cards.clear();
      Object.assign(this, { deck: data.deck, place: data.place, wish: "", asked: "" });
      this.#look();
    }
    for (const card of data.cards) this.cards.set(card.place, card);
    if (first) this.#takeUp();
    for (const [photo, told] of Object.entries(data.details)) this.details.set(photo, told);
    for (const [key, tiles] of Object.entries(data.strips)) this.strips.set(key, tiles);
    for (const [photo, address] of Object.entries(data.pictures)) this.#decode(photo, address);
    if (data.n >= this.number || first) this.waiting = 0;
    this.number = Math.max(this.number, data.n);
    this.changed();
    this.tell();
  }

  // After a reload: what was judged before it and is still to be sent is not judged again.
  #takeUp() {
    for (const one of queue.of(this.data.scope)) {
      if (one.undoes) this.own.delete(one.photo);
      else this.own.set(one.photo, one);
    }
    while (this.own.has(this.card?.key)) this.place += 1;
  }

  #refuse(id, reason) {
    if (queue.has(id)) this.refused.push(reason);
    queue.drop(id);
    for (const [key, one] of this.own) if (one.id === id) this.own.delete(key);
    this.done = this.done.filter((one) => one.id !== id);
  }

  #decode(photo, address) {
    const picture = new Image();
    picture.alt = "";
    picture.draggable = false;
    picture.src = address;
    this.pictures.set(photo, picture);
    picture.decode().catch(() => {}).then(() => this.changed());
    if (this.pictures.size <= MOST) return;
    const near = new Set([this.wish]);
    for (let at = this.place - 2; at <= this.place + 2 * SHARP; at++) {
      const key = this.cards.get(at)?.key;
      near.add(key).add(this.details.get(key)?.sound);
    }
    for (const old of this.pictures.keys()) if (!near.has(old) && this.pictures.size > MOST) this.pictures.delete(old);
  }

  #look() {
    this.shown = this.touched = performance.now();
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.tell(), MOMENT);
  }

  // Whether others are to be told which card is open here: another one than they know, or again after a while.
  #unknown(now) {
    if (document.hidden || now - this.touched > AWAY || now - this.shown < MOMENT) return false;
    return (this.card?.key ?? "") !== this.open || now - this.hailed > ALIVE;
  }

  go(place) {
    this.place = Math.max(0, Math.min(this.data.total, place));
    this.wish = "";
    this.#look();
    this.changed();
    this.tell();
  }

  // Whether the sharp photo is here, with what is known of it; a sound one lies beside others, and is only seen.
  whole(photo) {
    if (!this.pictures.has(photo)) return false;
    return this.details.has(photo) || [...this.details.values()].some((told) => told.sound === photo);
  }

  // What is missing around the card that is looked at; nothing where all of it is here.
  #missing() {
    const found = [], { total } = this.data;
    for (let at = this.place; at < Math.min(total, this.place + NEAR); at++) if (!this.cards.has(at)) found.push(at);
    for (let at = this.place; at > Math.max(0, this.place - 4); at--) if (at < total && !this.cards.has(at)) found.push(at);
    for (let at = this.place; at < Math.min(total, this.place + SHARP); at++) {
      const key = this.cards.get(at)?.key;
      if (key && !this.whole(key)) found.push(key);
    }
    if (this.wish && !this.whole(this.wish)) found.push(this.wish);
    return found.join(" ");
  }

  #range() {
    let from = this.place, to = this.place;
    while (this.cards.has(from - 1)) from--;
    while (this.cards.has(to)) to++;
    return [from, to];
  }

  // Tells the server what it does not know yet, and asks for what is missing: one message at a time.
  tell() {
    const missing = this.#missing();
    const ops = queue.of(this.data.scope);
    const now = performance.now(), late = now - this.waiting > AGAIN, unknown = this.#unknown(now);
    if (this.waiting && !late) return;
    if (!unknown && !ops.some((one) => late || !this.told.has(one.id)) && (!missing || missing === this.asked)) return;
    this.asked = missing;
    this.waiting = this.hailed = now;
    this.open = this.card?.key ?? "";
    this.number += 1;
    const at = [0, 1, 2, 3, 4].map((more) => this.cards.get(this.place + more)?.key).filter(Boolean);
    for (const one of ops) this.told.add(one.id);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), AGAIN + 50);
    try {
      this.speak.setStateValue("said", {
        n: this.number, who: this.who, tab: this.tab, open: this.open, deck: this.deck, at, place: Math.min(this.place, this.data.total - 1),
        cards: this.#range(), full: [...this.pictures.keys()].filter((one) => this.whole(one)), wish: this.wish, ops,
      });
    } catch { /* the server has gone; it is told again */ }
  }

  sign(who) {
    this.who = who.trim();
    remember(WHO, this.who);
  }

  // Says it of the card that is looked at, and goes on to the next; false where that cannot be.
  judge(judged, { kind, note, region }) {
    const { card, data } = this;
    if (!card || !this.who) return false;
    const before = this.own.get(card.key);
    if (before?.judged === WRONG) this.#takeBack(before); // what it corrected must not stay
    const defective = (data.label === "defective") !== (judged === WRONG);
    const one = queue.put({
      id: queue.fresh(), scope: data.scope, photo: card.key, judged, who: this.who, label: data.label, model: data.model,
      score: card.photos[0].score, kind: defective ? kind : "", note, also: card.photos.slice(1).map((other) => other.photo),
      second: data.blind, check: card.check, region,
    });
    this.own.set(card.key, one);
    this.last = { judged, kind: one.kind };
    this.done = [...this.done, { id: one.id, photo: one.photo, judged, scope: one.scope }].slice(-200);
    remember(DONE, this.done);
    this.seconds.push(Math.min(LONGEST_LOOK, (performance.now() - this.shown) / 1000));
    this.go(this.place + 1);
    return true;
  }

  #takeBack(one) {
    if (queue.has(one.id) && !this.told.has(one.id)) queue.drop(one.id);
    else queue.put({ id: queue.fresh(), scope: one.scope, photo: one.photo, undoes: one.id, who: this.who });
    this.done = this.done.filter((other) => other.id !== one.id);
    remember(DONE, this.done);
  }

  // Takes back what was judged last, and goes back to it; what that was, or nothing.
  undo() {
    const one = this.done.filter((other) => other.scope === this.data.scope).at(-1);
    if (!one || !this.who) return undefined;
    this.#takeBack(one);
    if (this.own.get(one.photo)?.id === one.id) this.own.delete(one.photo);
    const there = [...this.cards].find(([, card]) => card.key === one.photo);
    this.seconds.pop();
    this.go(there ? there[0] : this.place);
    return { ...one, there: Boolean(there) };
  }

  // Seconds that the cards left will take, by the middle of those so far; nothing where that is too early to say.
  get left() {
    if (this.seconds.length < 3) return undefined;
    const sorted = [...this.seconds].sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length / 2)] * (this.data.total - this.place);
  }
}

export const sitting = new Sitting();
