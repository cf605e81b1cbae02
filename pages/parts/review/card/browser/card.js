// The card: draws the sitting, and turns keys and buttons into what is done there.

import { bindings, dialog, shown } from "./bindings.js";
import { Region, lay, toParts, toPixels } from "./region.js";
import { sitting } from "./sitting.js";
import { Stage } from "./stage.js";
import { actions } from "./keys.js";

const mounted = new WeakMap(); // by the root that Streamlit gives: what was made for it once

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  let drawn = mounted.get(parentElement);
  const find = (id) => parentElement.getElementById?.(id) ?? parentElement.querySelector(`#${id}`);
  if (!drawn?.find("card").isConnected || drawn.find("card") !== find("card")) {
    drawn = new Drawn(find);
    mounted.set(parentElement, drawn);
  }
  sitting.changed = () => drawn.draw();
  sitting.receive(data, { setStateValue, setTriggerValue });
  if (sitting.focused && !drawn.find("card").matches(":focus-within")) {
    drawn.find("card").focus({ preventScroll: true }); // it was taken away and made anew under a person's hands
  }
}

const BUTTONS = {
  before: "previous", after: "next", undo: "undo", again: "again", smaller: "smaller", larger: "larger", whole: "whole",
  blink: "blink", mark: "mark", "help-open": "help", refresh: "refresh", back: "previous",
};

class Drawn {
  constructor(find) {
    this.find = find;
    this.stage = new Stage(find);
    this.region = new Region(find, this.stage);
    this.keys = dialog(find, () => this.#bind());
    this.keys.listen();
    this.act = actions(this);
    const card = find("card");
    card.addEventListener("keydown", (event) => this.act.key(event));
    for (const kind of ["keydown", "pointerdown"]) {
      card.addEventListener(kind, () => { sitting.touched = performance.now(); }, true);
    }
    card.addEventListener("focusin", () => { sitting.focused = true; });
    card.addEventListener("focusout", (event) => {
      // Where the card itself has gone the focus was taken from it, not given up.
      if (!card.contains(event.relatedTarget)) setTimeout(() => { if (card.isConnected) sitting.focused = card.matches(":focus-within"); });
    });
    card.addEventListener("pointerdown", (event) => {
      if (!event.composedPath()[0].closest("button, input, label, dialog")) card.focus({ preventScroll: true });
    });
    for (const [id, name] of Object.entries(BUTTONS)) find(id).addEventListener("click", () => this.act[name]());
    for (const one of card.querySelectorAll("[data-pan]")) {
      one.addEventListener("click", () => this.stage.panBy(...one.dataset.pan.split(",").map(Number)));
    }
    find("opacity").addEventListener("input", () => { this.shaded = true; this.#shade(); });
    find("who").addEventListener("change", (event) => { sitting.sign(event.target.value); this.draw(); });
  }

  say(words) {
    this.find("live").textContent = words;
  }

  // What is marked on the photo that is shown, in its pixels; nothing where nothing is.
  marked() {
    const { box } = this.region, { photo, size } = this.photo ?? {};
    return box && photo ? { photo, ...toPixels(box, size) } : null;
  }

  get peak() { return sitting.details.get(this.photo?.photo)?.peak; }

  // The keys as they are now, beside what they do.
  #bind() {
    for (const one of this.find("card").querySelectorAll("kbd[data-key]")) {
      const key = shown(one.dataset.key);
      one.textContent = key;
      one.closest("[aria-keyshortcuts]")?.setAttribute("aria-keyshortcuts", key);
      one.closest("label")?.querySelector("input[aria-keyshortcuts]")?.setAttribute("aria-keyshortcuts", key);
    }
    if (!this.find("help").hidden) {
      this.find("help").hidden = true;
      this.act.help();
    }
    this.framed = "";
    this.draw();
  }

  draw() {
    const { data, card, place } = sitting, { find } = this;
    const over = place >= data.total;
    find("body").hidden = over;
    find("end").hidden = !over;
    find("where").textContent = `${Math.min(place + 1, data.total)} of ${data.total}`;
    find("left").textContent = over ? "" : time(sitting.left);
    const unsent = sitting.unsent ? `unsent ${sitting.unsent}` : "all recorded";
    find("unsent").hidden = !sitting.unsent && !sitting.told.size;
    find("unsent").textContent = unsent;
    this.#trouble();
    const last = data.total ? `That was the last of ${data.total}.` : "Nothing is left to judge here.";
    find("end-words").textContent = `${last} ${sitting.unsent ? "Some are still on their way to the server." : "All that was judged is recorded."}`;
    find("answered").textContent = data.answered;
    this.#frame();
    if (card && !over) this.#card(card);
  }

  #trouble() {
    const told = [];
    const { data, refused, elsewhere } = sitting;
    if (data.trouble) told.push(`Nothing could be recorded: ${data.trouble}. It is tried again; leave the page open.`);
    if (refused.length) told.push(`${refused.length} could not be recorded: ${refused.at(-1)}.`);
    if (elsewhere) told.push(`${elsewhere} of another dataset are not sent yet: choose that dataset here.`);
    this.find("trouble").hidden = !told.length;
    this.find("trouble").textContent = told.join(" ");
  }

  // What is the same on every card of the cell.
  #frame() {
    const { data, find } = { data: sitting.data, find: this.find };
    const field = find("who");
    if (find("card").getRootNode().activeElement !== field) field.value = sitting.who;
    find("by").classList.toggle("wanted", !sitting.who);
    if (this.bound !== sitting.who) {
      this.bound = sitting.who;
      bindings.load(sitting.who);
      return this.#bind();
    }
    find("undo").disabled = !sitting.done.length;
    find("again").disabled = !sitting.last;
    find("before").disabled = sitting.place === 0;
    const told = JSON.stringify([data.buttons, data.label]);
    if (this.framed === told) return undefined;
    this.framed = told;
    field.maxLength = data.longest.name;
    find("kind").maxLength = data.longest.name;
    find("note").maxLength = data.longest.note;
    find("judge").replaceChildren(...data.buttons.map(({ judged, key, word }) => {
      const made = document.createElement("button");
      made.type = "button";
      made.setAttribute("aria-keyshortcuts", shown(key));
      made.append(part("kbd", shown(key)), part("span", word));
      if (judged === "label is wrong") made.append(part("small", `correct it to ${data.other}`));
      if (judged === "look again") made.append(part("small", "say why in the note first"));
      if (judged === "label is right") made.append(part("small", `the label ${data.label} is right`));
      made.addEventListener("click", () => this.act.judge(judged));
      return made;
    }));
    return undefined;
  }

  #card(card) {
    const { data } = sitting, { find } = this;
    const first = card.photos[0], looked = card.photos.find((one) => one.photo === sitting.wish) ?? first;
    const told = sitting.details.get(looked.photo);
    const name = looked.path.split("/").at(-1) || "its name is hidden";
    this.photo = looked;
    if (this.at !== card.key) this.#fresh(card);
    if (this.seen !== looked.photo) this.region.clear(); // what was marked lies on another photo
    this.seen = looked.photo;
    this.stage.show({
      picture: sitting.pictures.get(looked.photo), tile: card.tile, told,
      sound: told?.sound ? sitting.pictures.get(told.sound) : undefined,
      name: `${data.label} casting, ${name}`,
    });
    const own = sitting.own.get(card.key), other = sitting.taken.get(card.key);
    find("taken").textContent = other === undefined ? "" : `${other || "Somebody"} has this casting open, too.`;
    this.#regions([...(own?.region ? [own.region] : []), ...card.regions].filter((one) => one.photo === looked.photo));
    const many = card.photos.length, photos = many > 1 ? `${many} photos in this cell, judged as one` : "1 photo in this cell";
    find("casting").textContent = card.casting === null ? "" : `Casting ${card.casting} · ${photos}`;
    find("name").textContent = looked.path || "Names of files are hidden while known castings are mixed in.";
    if (!this.shaded && told) find("opacity").value = 100 * told.weight; // until somebody wants it otherwise
    this.#shade();
    find("verdict").textContent = `Labelled ${data.label}; ${data.model} says ${data.predicted}: score ${looked.score.toFixed(3)}, ${data.as_if ? "as if the operating point were" : "operating point"} ${points(data)}`;
    find("scale").setAttribute("aria-label", `Score ${looked.score.toFixed(3)} on a scale from 0, ok, to 1, defective; the operating point is ${points(data)}`);
    find("dot").style.left = `${100 * looked.score}%`;
    find("limit").style.left = `${100 * data.point}%`;
    find("upper").hidden = data.upper === null;
    find("upper").style.left = `${100 * data.upper}%`;
    find("blink").disabled = !told?.sound;
    if (this.stripped !== sitting.strips.get(card.key)) this.#strip(card);
    const lines = [...(own ? [`In this sitting: ${own.judged}${own.kind ? ` · ${own.kind}` : ""}`] : []), ...card.earlier];
    find("earlier").replaceChildren(...lines.map((line) => part("p", line)));
  }

  // What was marked on the photo before, by this person or by others.
  #regions(boxes) {
    this.find("regions").replaceChildren(...boxes.map((box) => {
      const made = document.createElement("div");
      lay(made, toParts(box, this.photo.size));
      return made;
    }));
  }

  // A card that was not shown a moment ago: its own strip, kinds, and empty fields.
  #fresh(card) {
    const { find } = this;
    this.at = card.key;
    this.stage.whole();
    this.stage.stop();
    this.region.clear();
    find("kind").value = "";
    find("note").value = "";
    find("kinds").replaceChildren(...[...new Set([...card.kinds, ...sitting.data.kinds])].map((kind) => {
      const option = document.createElement("option");
      option.value = kind;
      return option;
    }));
    this.#strip(card);
  }

  #strip(card) {
    this.stripped = sitting.strips.get(card.key);
    const tiles = this.stripped ?? [];
    const strip = tiles.map((tile, at) => {
      const made = document.createElement("button"), picture = new Image(), one = card.photos[at];
      made.type = "button";
      picture.src = tile;
      picture.alt = "";
      made.append(picture);
      made.setAttribute("aria-label", `Photo ${at + 1} of ${card.photos.length}, score ${one.score.toFixed(3)}`);
      made.setAttribute("aria-pressed", String(one.photo === (sitting.wish || card.key)));
      made.addEventListener("click", () => this.#wish(one, made));
      return made;
    });
    const more = card.photos.length - tiles.length;
    this.find("strip").replaceChildren(...strip, ...(tiles.length && more ? [part("span", `and ${more} more`)] : []));
    this.find("strip").hidden = !tiles.length;
  }

  #shade() {
    this.find("heat").style.opacity = this.find("opacity").value / 100;
  }

  #wish(one, made) {
    sitting.wish = one.photo;
    for (const other of this.find("strip").querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === made));
    this.draw();
    sitting.tell();
  }
}

// One threshold, or the two between which a person looks.
function points({ point, upper }) {
  const short = (one) => one.toFixed(3).replace(/\.?0+$/, "");
  return upper === null ? short(point) : `${short(point)} to ${short(upper)}`;
}

function part(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function time(seconds) {
  if (seconds === undefined) return "";
  if (seconds < 90) return `about ${Math.max(5, 5 * Math.round(seconds / 5))} seconds left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.round(minutes / 60)} hours left`;
}
