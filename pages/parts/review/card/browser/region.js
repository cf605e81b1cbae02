// The region that a person marks on the photo: drawn by dragging, or moved and sized by arrow keys.
// On the card it is told in parts of the square that the photo lies in; with a judgement, in pixels of the photo.

const STEP = 0.01, LEAST = 0.01, USUAL = 0.2; // parts of the square
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
export const HOW = "Drag over the photo, or move the frame by arrows and size it by Shift and arrows. Enter keeps it, Escape takes it away.";

const within = (value, low, high) => Math.max(low, Math.min(high, value));

// Where a photo lies in its square: how many of its pixels a side of the square has, and how far in it begins.
function lies([width, height]) {
  const side = Math.max(width, height, 1);
  return { side, left: (side - width) / 2, top: (side - height) / 2 };
}

export function toPixels({ x, y, w, h }, [width, height]) {
  const { side, left, top } = lies([width, height]);
  const from = [within(Math.round(x * side - left), 0, width - 1), within(Math.round(y * side - top), 0, height - 1)];
  const to = [Math.round((x + w) * side - left), Math.round((y + h) * side - top)];
  return {
    left: from[0], top: from[1],
    width: within(to[0] - from[0], 1, width - from[0]), height: within(to[1] - from[1], 1, height - from[1]),
  };
}

export function toParts(box, size) {
  const { side, left, top } = lies(size);
  return { x: (box.left + left) / side, y: (box.top + top) / side, w: box.width / side, h: box.height / side };
}

export function lay(element, { x, y, w, h }) {
  Object.assign(element.style, { left: `${100 * x}%`, top: `${100 * y}%`, width: `${100 * w}%`, height: `${100 * h}%` });
}

export class Region {
  box = null; // what is marked on the photo that is shown
  marking = false;

  constructor(find, stage) {
    Object.assign(this, { find, stage });
    const area = find("stage");
    area.addEventListener("pointerdown", (event) => {
      if (!this.marking || event.button) return;
      area.setPointerCapture(event.pointerId);
      this.from = stage.place(event);
    });
    area.addEventListener("pointermove", (event) => { if (this.from) this.#drag(stage.place(event)); });
    for (const end of ["pointerup", "pointercancel"]) area.addEventListener(end, () => { this.from = null; });
  }

  #drag([x, y]) {
    const [fromX, fromY] = this.from, [left, right] = [Math.min(x, fromX), Math.max(x, fromX)];
    const [top, bottom] = [Math.min(y, fromY), Math.max(y, fromY)];
    this.#set({ x: left, y: top, w: right - left, h: bottom - top });
  }

  #set({ x, y, w, h }) {
    const left = within(x, 0, 1 - LEAST), top = within(y, 0, 1 - LEAST);
    this.box = { x: left, y: top, w: within(w, LEAST, 1 - left), h: within(h, LEAST, 1 - top) };
    this.draw();
  }

  // Begins or ends marking; who begins by a key finds a frame at the place that decided.
  toggle(peak) {
    this.marking = !this.marking;
    if (this.marking && !this.box) {
      const [x, y] = peak ?? [0.5, 0.5];
      this.#set({ x: x - USUAL / 2, y: y - USUAL / 2, w: USUAL, h: USUAL });
    }
    this.draw();
    return this.marking ? HOW : this.box ? "The region goes with the judgement." : "No region is marked.";
  }

  clear() {
    this.box = null;
    this.marking = false;
    this.from = null;
    this.draw();
  }

  // What a key does while a region is being marked, in words for whoever does not see it; nothing where it does nothing.
  key(event) {
    if (!this.marking) return undefined;
    const move = MOVES[event.key];
    if (move) {
      const { x, y, w, h } = this.box, [right, down] = move;
      this.#set(event.shiftKey
        ? { x, y, w: w + right * STEP, h: h + down * STEP }
        : { x: within(x + right * STEP, 0, 1 - w), y: within(y + down * STEP, 0, 1 - h), w, h });
      return "";
    }
    if (event.key === "Enter") return this.toggle();
    if (event.key !== "Escape") return undefined;
    this.clear();
    return "The region is taken away.";
  }

  draw() {
    const frame = this.find("region");
    frame.hidden = !this.box;
    if (this.box) lay(frame, this.box);
    this.stage.still = this.marking;
    this.find("stage").classList.toggle("marks", this.marking);
    this.find("mark").setAttribute("aria-pressed", String(this.marking));
  }
}
