// Scores by label, with the threshold as a line: dragged, typed, or moved by arrow keys. What follows from it stands in
// tables that came with the picture, so nothing waits for the server; it is told where the line was left.

const SVG = "http://www.w3.org/2000/svg";
const LEFT = 300; // milliseconds without a move after which the line is taken to be left there
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -50, PageUp: 50 };
const mounted = new WeakMap(); // by the root that Streamlit gives: what was made for it once
const presses = { number: 0 };

export default function ({ data, parentElement, setStateValue }) {
  const find = (id) => parentElement.getElementById?.(id) ?? parentElement.querySelector(`#${id}`);
  let drawn = mounted.get(parentElement);
  if (!drawn || drawn.root !== find("scores")) {
    drawn = new Drawn(find);
    mounted.set(parentElement, drawn);
  }
  drawn.receive(data, setStateValue);
}

const within = (value, low, high) => Math.max(low, Math.min(high, value));
const whole = (number) => number.toLocaleString("en-GB");
const several = (number, unit) => `${whole(number)} ${number === 1 ? unit.replace(/s$/, "") : unit}`;
const percent = (part) => (part > 0 && part < 0.001 ? "below 0.1 %" : `${(100 * part).toFixed(1)} %`);
const money = (amount) => amount.toLocaleString("en-GB", { maximumSignificantDigits: 3 });

class Drawn {
  constructor(find) {
    this.find = find;
    this.root = find("scores");
    for (const which of ["low", "high"]) {
      const line = find(which), field = find(`${which}-field`);
      line.addEventListener("pointerdown", (event) => this.#grab(event, which));
      line.addEventListener("pointermove", (event) => { if (this.held === which) this.#move(which, this.#at(event)); });
      for (const end of ["pointerup", "pointercancel"]) {
        line.addEventListener(end, () => {
          if (this.held) this.#tell();
          this.held = undefined;
        });
      }
      line.addEventListener("keydown", (event) => this.#key(event, which));
      field.addEventListener("keydown", (event) => event.stopPropagation()); // the page has keys of its own
      field.addEventListener("change", () => {
        const typed = Number.parseFloat(field.value.replace(",", "."));
        if (Number.isFinite(typed)) this.#move(which, Math.round(typed * this.data.steps));
        field.value = this.#says(this[which]); // what cannot be is put right
      });
    }
    find("two").addEventListener("change", (event) => {
      this.high = event.target.checked ? Math.max(this.low, this.data.steps) : null;
      this.#draw();
      this.#tell();
    });
    find("plot").addEventListener("pointerdown", (event) => { // beside the line: it comes there
      if (!this.data.movable || event.button || event.target.closest(".line")) return;
      const at = this.#at(event), high = this.high !== null && Math.abs(at - this.high) < Math.abs(at - this.low);
      this.#move(high ? "high" : "low", at);
      this.find(high ? "high" : "low").focus({ preventScroll: true });
    });
  }

  receive(data, setStateValue) {
    Object.assign(this, { data, setStateValue });
    const { find } = this;
    if (this.of !== data.of || !data.movable) { // another one is proposed; a line that is moved stays where it was left
      this.low = Math.round(data.low * data.steps);
      this.high = data.high === null ? null : Math.round(data.high * data.steps);
    }
    this.of = data.of;
    this.root.classList.toggle("movable", data.movable);
    find("fields").hidden = !data.movable;
    find("follows").hidden = !data.outcomes;
    const bars = JSON.stringify([data.bars, data.pressed]);
    if (this.bars !== bars) this.#bars();
    this.bars = bars;
    find("hint").textContent = data.hint;
    for (const which of ["low", "high"]) {
      const line = find(which);
      if (data.movable) Object.entries({ role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": "1" })
        .forEach(([name, value]) => line.setAttribute(name, value));
      else for (const name of ["role", "tabindex"]) line.removeAttribute(name);
      if (data.movable) line.setAttribute("aria-label", which === "low" ? "Threshold: a score below it passes" : "Rejects from this score on");
    }
    this.#draw();
  }

  #at(event) {
    const box = this.find("plot").getBoundingClientRect();
    return Math.round(within((event.clientX - box.left) / box.width, 0, 1) * this.data.steps);
  }

  #grab(event, which) {
    if (!this.data.movable || event.button) return;
    event.preventDefault();
    this.held = which;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus({ preventScroll: true });
  }

  #key(event, which) {
    const { steps } = this.data, ends = { Home: 0, End: steps };
    const to = event.key in ends ? ends[event.key] : event.key in KEYS ? this[which] + KEYS[event.key] * (event.shiftKey ? 10 : 1) : undefined;
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#move(which, to);
  }

  #move(which, to) {
    const { steps } = this.data;
    if (which === "low") this.low = within(to, 0, this.high ?? steps);
    else this.high = within(to, this.low, steps);
    this.#draw();
    clearTimeout(this.timer);
    if (!this.held) this.timer = setTimeout(() => this.#tell(), LEFT);
  }

  #tell() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { steps } = this.data;
    this.setStateValue("point", [this.low / steps, this.high === null ? null : this.high / steps]);
  }

  #bars() {
    const { data, find } = this, most = Math.max(1, ...data.bars.flatMap((one) => one.counts));
    const [ok, both] = [data.bars[0], data.bars.length > 1], middle = both ? 100 : 200;
    const made = [];
    for (const { label, word, colour, counts } of data.bars) {
      counts.forEach((number, at) => {
        if (!number) return;
        const height = Math.max(2, Math.sqrt(number / most) * (middle - 4)), bar = document.createElementNS(SVG, "rect");
        const low = at * data.bin;
        const place = { x: 1000 * low + 1, width: 1000 * data.bin - 2, y: label === ok.label ? middle - height : middle, height, fill: colour };
        for (const [name, value] of Object.entries(place)) bar.setAttribute(name, value);
        const title = document.createElementNS(SVG, "title");
        title.textContent = `${word}, ${several(number, data.unit)}: score from ${low.toFixed(3)} on`;
        bar.append(title);
        if (data.pressed) {
          bar.setAttribute("class", "pressable");
          bar.addEventListener("click", () => {
            this.setStateValue("bar", [label, Number(low.toFixed(6)), ++presses.number]);
          });
        }
        made.push(bar);
      });
    }
    const zero = document.createElementNS(SVG, "line");
    for (const [name, value] of Object.entries({ x1: 0, x2: 1000, y1: middle, y2: middle })) zero.setAttribute(name, value);
    find("bars").replaceChildren(...made, zero);
    find("bars").setAttribute("aria-label", data.alt);
    find("legend").replaceChildren(...data.bars.map(({ word, colour, counts }, at) => {
      const one = document.createElement("span"), square = document.createElement("i");
      square.style.background = colour;
      const total = counts.reduce((sum, number) => sum + number, 0);
      one.append(square, `${word}${both ? (at ? ", downwards" : ", upwards") : ""}: ${several(total, data.unit)}`);
      return one;
    }));
    find("axis").replaceChildren(...["0 ok", "0.25", "0.5", "0.75", "defective 1"].map((words) => {
      const one = document.createElement("span");
      one.textContent = words;
      return one;
    }));
  }

  #says(step) { return (step / this.data.steps).toFixed(3); }

  #draw() {
    const { data, find, low, high } = this, { steps } = data;
    this.#place("low", low);
    find("high").hidden = find("high-label").hidden = high === null;
    find("two").checked = high !== null;
    find("low-field").value = this.#says(low);
    find("between").hidden = high === null;
    if (high !== null) {
      this.#place("high", high);
      find("high-field").value = this.#says(high);
      Object.assign(find("between").style, { left: `${100 * low / steps}%`, width: `${100 * (high - low) / steps}%` });
    }
    [["now-low", data.now?.[0] ?? null, low], ["now-high", data.now?.[1] ?? null, high]].forEach(([id, at, step]) => {
      find(id).hidden = at === null || Math.round(at * steps) === step;
      if (at !== null) find(id).style.left = `${100 * at}%`;
    });
    const told = data.outcomes ? this.#follows() : "";
    for (const [which, step] of [["low", low], ["high", high ?? steps]]) {
      if (!data.movable) continue;
      find(which).setAttribute("aria-valuenow", this.#says(step));
      find(which).setAttribute("aria-valuetext", `${this.#says(step)}${told ? `: ${told}` : ""}`);
    }
  }

  #place(which, step) {
    const line = this.find(which), at = step / this.data.steps;
    line.style.left = `${100 * at}%`;
    line.dataset.at = this.#says(step);
    line.classList.toggle("low-end", at < 0.04);
    line.classList.toggle("high-end", at > 0.96);
  }

  // The matrix, rates with bounds, costs and workload at this point; the rates in a sentence.
  #follows() {
    const { data, find, low } = this, high = this.high ?? low, { defective, ok } = data.outcomes;
    const escaped = defective.wrong[low], stopped = ok.wrong[low];
    const cells = {
      "bad-pass": escaped, "bad-look": defective.wrong[high] - escaped, "bad-reject": defective.castings - defective.wrong[high],
      "good-pass": ok.castings - stopped, "good-look": stopped - ok.wrong[high], "good-reject": ok.wrong[high],
    };
    for (const [id, number] of Object.entries(cells)) find(id).textContent = whole(number);
    find("bad-pass").className = escaped ? "wrong" : "";
    find("good-reject").className = cells["good-reject"] ? "wrong" : "";
    for (const id of ["looked", "bad-look", "good-look"]) find(id).hidden = this.high === null;
    const rate = ({ castings, upper }, wrong, what) => castings
      ? `${whole(wrong)} of ${whole(castings)} ${what} (${percent(wrong / castings)}, at most ${percent(upper[wrong])} with 95 % confidence)`
      : `no ${what.split(" ")[0]} casting is here`;
    const lines = [
      rate(defective, escaped, "defective castings escape"), rate(ok, stopped, "ok castings do not pass"),
      ...this.#plant(cells),
    ];
    find("rates").replaceChildren(...lines.map((words) => {
      const one = document.createElement("li");
      one.textContent = words;
      return one;
    }));
    return `${whole(escaped)} of ${whole(defective.castings)} defective castings escape, ${whole(stopped)} of ${whole(ok.castings)} ok castings do not pass`;
  }

  // What it costs and how much is to be looked at, at the plant's own defect rate.
  #plant(cells) {
    const { costs, shift, outcomes, rate } = this.data, found = [];
    const bad = Math.max(1, outcomes.defective.castings), good = Math.max(1, outcomes.ok.castings);
    if (!rate) return [];
    const looked = rate * cells["bad-look"] / bad + (1 - rate) * cells["good-look"] / good;
    const rejected = rate * cells["bad-reject"] / bad + (1 - rate) * cells["good-reject"] / good;
    if (costs && (costs.look || !looked)) {
      const cost = rate * costs.escape * cells["bad-pass"] / bad + (1 - rate) * costs.alarm * cells["good-reject"] / good + (costs.look ?? 0) * looked;
      found.push(`1,000 castings cost ${money(1000 * cost)} on average`);
    }
    if (shift) found.push(`of ${whole(shift)} castings of a shift about ${money(shift * looked)} to look at, ${money(shift * rejected)} rejected`);
    return found;
  }
}
