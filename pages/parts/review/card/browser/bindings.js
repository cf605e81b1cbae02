// Which key does what: as everybody finds it, or as a person has changed it. Kept in the browser, for each person.

const PREFIX = "casting keys ";
const PAGE = ["c", "r"]; // Streamlit's own, whatever is held down with them
export const USUAL = [
  ["1", "Judge: really missed, rightly rejected or passed"],
  ["2", "Judge: false alarm"],
  ["3", "Judge: label is wrong"],
  ["4", "Judge: cannot tell"],
  ["5", "Judge: look again"],
  ["a", "The same as the last one"],
  ["u", "Undo the last judgement"],
  ["k", "Kind of defect"],
  ["n", "Note"],
  ["m", "Mark a region"],
  ["b", "Blink against a sound casting"],
  ["h", "Heat map on or off"],
  ["+", "Zoom in"],
  ["-", "Zoom out"],
  ["0", "Whole photo"],
];
const KNOWN = new Set(USUAL.map(([usual]) => usual));

class Bindings {
  changed = new Map(); // by the usual key: the one that a person wants
  who = "";

  load(who) {
    if (who === this.who) return;
    this.who = who;
    this.changed = new Map();
    try {
      const told = JSON.parse(localStorage.getItem(PREFIX + who)) ?? {};
      for (const [usual, wanted] of Object.entries(told)) {
        if (KNOWN.has(usual) && typeof wanted === "string" && !this.objection(wanted)) this.changed.set(usual, wanted);
      }
      if (new Set(this.#all().values()).size < KNOWN.size) this.changed = new Map(); // two would mean one thing
    } catch { /* no storage, or what somebody has altered: as everybody finds it */ }
  }

  // Why a key cannot be used; nothing where it can.
  objection(key) {
    if (PAGE.includes(key.toLowerCase())) return "C and R belong to the page around the card.";
    if (key.length !== 1 || key === " " || key === "?") return "Take a letter, a digit or a sign.";
    return "";
  }

  // The key of an action, by its usual key.
  of(usual) { return this.changed.get(usual) ?? usual; }

  // The usual key of what a key does now; the key itself where nobody changes it, nothing where it does nothing now.
  usual(key) {
    const small = key.length === 1 ? key.toLowerCase() : key;
    for (const [usual, now] of this.#all()) if (now === small) return usual;
    return KNOWN.has(small) ? undefined : small;
  }

  // Gives an action another key; the action that had it gets the one that this had.
  change(usual, key) {
    const small = key.toLowerCase(), before = this.of(usual);
    for (const [other, now] of this.#all()) if (now === small) this.#set(other, before);
    this.#set(usual, small);
    this.#keep();
  }

  reset() {
    this.changed.clear();
    this.#keep();
  }

  #all() { return new Map(USUAL.map(([usual]) => [usual, this.of(usual)])); }

  #set(usual, key) {
    if (usual === key) this.changed.delete(usual);
    else this.changed.set(usual, key);
  }

  #keep() {
    try {
      localStorage.setItem(PREFIX + this.who, JSON.stringify(Object.fromEntries(this.changed)));
    } catch { /* until the page is left */ }
  }
}

export const bindings = new Bindings();
export const shown = (usual) => bindings.of(usual).toUpperCase().replace("-", "−");

// The dialog in which a person changes them; ``done`` is called after each change.
export function dialog(find, done) {
  const box = find("keys"), say = (words) => { find("keys-said").textContent = words; };
  const list = () => find("keys-list").replaceChildren(...USUAL.map(([usual, words]) => {
    const label = document.createElement("label"), field = document.createElement("input");
    label.append(words, field);
    field.value = shown(usual);
    field.readOnly = true;
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (["Tab", "Shift", "Escape"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const why = bindings.objection(event.key);
      if (why) return void say(why);
      bindings.change(usual, event.key);
      list();
      done();
      find("keys-list").children[USUAL.findIndex(([one]) => one === usual)].querySelector("input").focus();
      say(`${words}: ${shown(usual)}.`);
    });
    return label;
  }));
  return {
    listen() {
      find("keys-close").addEventListener("click", () => box.close());
      find("keys-reset").addEventListener("click", () => {
        bindings.reset();
        list();
        done();
        say("All keys are as everybody finds them.");
      });
      box.addEventListener("keydown", (event) => event.stopPropagation()); // the page has keys of its own
      box.addEventListener("close", () => find("card").focus({ preventScroll: true }));
    },
    open() {
      list();
      say("");
      box.showModal();
    },
  };
}
