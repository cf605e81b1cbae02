// What can be done on the card, and by which key. A key means one thing in every cell.

import { bindings, shown } from "./bindings.js";
import { sitting } from "./sitting.js";

const KEYS = () => [
  [["1", "2", "3", "4", "5"].map(shown).join(" "), "judge, as the buttons say"],
  [shown("a"), "the same as the last one"],
  ["← →", "go on or back without judging"],
  [shown("u"), "undo the last judgement"],
  [shown("k"), "kind of defect"],
  [shown("n"), "note"],
  [["+", "-", "0"].map(shown).join(" "), "zoom in, out, whole photo"],
  ["Shift and arrows", "move the photo"],
  [shown("m"), "mark a region on the photo"],
  [shown("b"), "blink against a sound casting"],
  [shown("h"), "heat map on or off"],
  ["Esc", "from a field back to the card"],
  ["?", "these keys"],
];
const MOVES = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

export function actions(drawn) {
  const { find, stage } = drawn;
  const act = {
    judge(judged) {
      if (!sitting.who) {
        find("who").focus();
        return drawn.say("Say who judges: an auditor will ask.");
      }
      const word = sitting.data.buttons.find((one) => one.judged === judged).word;
      const kind = find("kind").value.trim(), note = find("note").value.trim();
      if (judged === "look again" && !note) {
        find("note").focus();
        return drawn.say("Say in the note why it is to be looked at again.");
      }
      if (!sitting.judge(judged, { kind, note, region: drawn.marked() })) {
        return drawn.say(sitting.place < sitting.data.total ? "This card is still on its way." : where());
      }
      return drawn.say(`${word}${kind ? `, ${kind}` : ""}. ${where()}`);
    },
    again() {
      if (!sitting.last) return drawn.say("Nothing was judged before.");
      if (!find("kind").value) find("kind").value = sitting.last.kind;
      return act.judge(sitting.last.judged);
    },
    undo() {
      const one = sitting.undo();
      if (!one) return drawn.say("There is nothing to undo.");
      return drawn.say(`Taken back: ${one.judged}.${one.there ? "" : " Its card is not in this cell any more."}`);
    },
    previous() { sitting.go(sitting.place - 1); drawn.say(where()); },
    next() { sitting.go(sitting.place + 1); drawn.say(where()); },
    smaller() { stage.zoomBy(0.8); },
    larger() { stage.zoomBy(1.25); },
    whole() { stage.whole(); },
    blink() { drawn.say(stage.blink()); },
    heat() {
      find("opacity").value = find("opacity").value > 0 ? 0 : 100;
      find("opacity").dispatchEvent(new Event("input"));
    },
    help() {
      const help = find("help"), line = ([keys, words]) => {
        const made = document.createElement("div"), key = document.createElement("kbd");
        key.textContent = keys;
        made.append(key, ` ${words}`);
        return made;
      };
      const change = document.createElement("button");
      change.type = "button";
      change.textContent = "Change keys";
      change.addEventListener("click", act.keys);
      help.replaceChildren(...KEYS().map(line), change);
      help.hidden = !help.hidden;
      find("help-open").setAttribute("aria-expanded", String(!help.hidden));
    },
    keys() { drawn.keys.open(); },
    mark() { drawn.say(drawn.region.toggle(drawn.peak)); },
    refresh() { sitting.speak.setTriggerValue("refresh", true); },
    key(event) { handle(event, act, drawn); },
  };
  return act;
}

function where() {
  return sitting.place < sitting.data.total ? `Now ${sitting.place + 1} of ${sitting.data.total}.` : "That was the last one.";
}

function handle(event, act, { find, stage, region }) {
  const from = event.composedPath()[0];
  if (from.matches("input")) {
    event.stopPropagation(); // Streamlit has keys of its own, and does not see that this is a field
    const text = from.type !== "range";
    if (event.key === "Escape" || (text && event.key === "Enter")) {
      event.preventDefault();
      from.blur();
      find("card").focus({ preventScroll: true });
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const marked = from.matches("button") && event.key === "Enter" ? undefined : region.key(event);
  if (marked !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    if (marked) find("live").textContent = marked;
    return;
  }
  const done = event.shiftKey && MOVES[event.key] ? () => stage.panBy(...MOVES[event.key]) : wanted(event, act, find);
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
  done();
}

function wanted(event, act, find) {
  const key = bindings.usual(event.key);
  if (/^[1-5]$/.test(key)) {
    const button = sitting.data.buttons.find((one) => one.key === key);
    if (event.repeat) return () => {}; // who holds a key down judges once
    return button ? () => act.judge(button.judged) : () => find("live").replaceChildren(`Key ${event.key} has no meaning in this cell.`);
  }
  if (key === undefined || (event.repeat && !key.startsWith("Arrow") && !"+-=".includes(key))) return undefined;
  return {
    ArrowLeft: act.previous, ArrowRight: act.next, a: act.again, u: act.undo, b: act.blink, h: act.heat, m: act.mark, "?": act.help,
    "+": act.larger, "=": act.larger, "-": act.smaller, 0: act.whole,
    k: () => find("kind").focus(), n: () => find("note").focus(),
  }[key];
}
