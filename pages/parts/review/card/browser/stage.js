// The photo: zoomed and moved, with heat and ring over it, and against a sound casting. None of it asks the server.

const MOST = 12; // times
const SWAP = 450; // milliseconds between the two photos: about one flash a second, well below the three that can harm
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Stage {
  zoom = 1; x = 0; y = 0; // of the world's corner, in parts of the stage
  timer = 0; sound = false; pointers = new Map();
  still = false; // while a region is marked dragging moves nothing

  constructor(find) {
    this.find = find;
    const stage = find("stage");
    stage.addEventListener("wheel", (event) => {
      if (!find("card").matches(":focus-within")) return; // else the page could not be scrolled past it
      event.preventDefault();
      this.zoomBy(event.deltaY < 0 ? 1.25 : 0.8, this.#at(event));
    }, { passive: false });
    stage.addEventListener("dblclick", (event) => !this.still && this.zoomBy(this.zoom > 1 ? 0 : 3, this.#at(event)));
    stage.addEventListener("pointerdown", (event) => {
      if (this.still) return;
      this.pointers.set(event.pointerId, event);
      if (this.zoom > 1) stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => this.#moved(event));
    stage.addEventListener("dragstart", (event) => event.preventDefault()); // a browser would drag the picture away
    for (const end of ["pointerup", "pointercancel"]) {
      stage.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    }
  }

  #at({ clientX, clientY }) {
    const box = this.find("stage").getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  }

  // Where in the square of the photo an event is, in parts of it.
  place(event) {
    const [x, y] = this.#at(event);
    return [(x - this.x) / this.zoom, (y - this.y) / this.zoom];
  }

  #moved(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const others = [...this.pointers.values()].filter((one) => one.pointerId !== event.pointerId);
    const [wasX, wasY] = this.#at(before), [x, y] = this.#at(event);
    this.pointers.set(event.pointerId, event);
    if (others.length) {
      const [otherX, otherY] = this.#at(others[0]);
      const was = Math.hypot(wasX - otherX, wasY - otherY), now = Math.hypot(x - otherX, y - otherY);
      if (was > 0.02) this.zoomBy(now / was, [otherX, otherY]);
    } else this.panBy(x - wasX, y - wasY);
  }

  zoomBy(times, [x, y] = [0.5, 0.5]) {
    const zoom = Math.max(1, Math.min(MOST, this.zoom * times));
    this.x = x - (x - this.x) * zoom / this.zoom;
    this.y = y - (y - this.y) * zoom / this.zoom;
    this.zoom = zoom;
    this.#lay();
  }

  panBy(x, y) {
    this.x += x;
    this.y += y;
    this.#lay();
  }

  whole() {
    Object.assign(this, { zoom: 1, x: 0, y: 0 });
    this.#lay();
  }

  #lay() {
    this.x = Math.min(0, Math.max(1 - this.zoom, this.x));
    this.y = Math.min(0, Math.max(1 - this.zoom, this.y));
    this.find("world").style.transform = `translate(${100 * this.x}%, ${100 * this.y}%) scale(${this.zoom})`;
    this.find("world").style.setProperty("--zoom", this.zoom);
    this.find("stage").classList.toggle("near", this.zoom > 1);
  }

  // Shows a photo: a decoded one, or a small one until it is there; ``told`` is what is known of it.
  show({ picture, tile, name, told, sound }) {
    const shown = picture ?? this.small ?? new Image();
    if (!picture) {
      this.small ??= shown;
      shown.src = tile;
    }
    shown.alt = name;
    if (this.find("photo").firstChild !== shown) this.find("photo").replaceChildren(shown);
    this.find("stage").classList.toggle("waits", !picture);
    const heat = this.find("heat"), ring = this.find("ring");
    heat.hidden = !told?.heat;
    if (told?.heat && heat.src !== told.heat) heat.src = told.heat;
    ring.hidden = !told?.peak;
    if (told?.peak) [ring.style.left, ring.style.top] = told.peak.map((part) => `${100 * part}%`);
    this.told = told;
    this.other = sound;
    if (!sound) return this.stop();
    if (this.find("sound").src !== sound.src) this.find("sound").src = sound.src;
    const [a, b, x, c, d, y] = told.onto;
    this.find("sound").style.transform = `translate(${100 * x}%, ${100 * y}%) matrix(${a}, ${c}, ${b}, ${d}, 0, 0)`;
    return undefined;
  }

  // Starts or stops blinking; where motion is not wanted, each call swaps the photos once. What is seen, in words.
  blink() {
    if (!this.other) return "No sound casting is known to lay over it.";
    if (still.matches) {
      this.#swap();
      return this.sound ? "The sound casting." : "The casting to judge.";
    }
    if (this.timer) return this.stop();
    this.#swap();
    this.timer = setInterval(() => this.#swap(), SWAP);
    this.find("blink").setAttribute("aria-pressed", "true");
    return "Blinking. B stops it.";
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.sound = true;
    this.#swap();
    this.find("blink").setAttribute("aria-pressed", "false");
    return "The casting to judge.";
  }

  #swap() {
    this.sound = !this.sound;
    this.find("sound").hidden = !this.sound;
    for (const part of ["heat", "ring", "region", "regions"]) this.find(part).style.visibility = this.sound ? "hidden" : "";
    const over = this.find("over");
    over.hidden = !this.sound;
    if (this.sound) {
      over.textContent = `Sound: ${this.told.sound_path.split("/").at(-1)}${this.told.laid ? "" : " (not aligned)"}`;
    }
  }
}
