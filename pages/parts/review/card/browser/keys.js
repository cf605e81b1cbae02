// What can be done on the card, and by which key. A key means one thing in every cell.

import { sitting } from "./sitting.js";

const KEYS = [
  ["1 2 3 4 5", "judge, as the buttons say"],
  ["A", "the same as the last one"],
  ["← →", "go on or back without judging"],
  ["U", "undo the last judgement"],
  ["K", "kind of defect"],
  ["N", "note"],
  ["+ − 0", "zoom in, out, whole photo"],
  ["Shift and arrows", "move the photo"],
  ["B", "blink against a sound casting"],
  ["H", "heat map on or off"],
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
      if (!sitting.judge(judged, { kind, note })) {
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
      help.replaceChildren(...KEYS.map(line));
      help.hidden = !help.hidden;
      find("help-open").setAttribute("aria-expanded", String(!help.hidden));
    },
    refresh() { sitting.speak.setTriggerValue("refresh", true); },
    key(event) { handle(event, act, drawn); },
  };
  return act;
}

function where() {
  return sitting.place < sitting.data.total ? `Now ${sitting.place + 1} of ${sitting.data.total}.` : "That was the last one.";
}

function handle(event, act, { find, stage }) {
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
  const done = event.shiftKey && MOVES[event.key] ? () => stage.panBy(...MOVES[event.key]) : wanted(event, act, find);
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
  done();
}

function wanted(event, act, find) {
  if (/^[1-4]$/.test(event.key)) {
    const button = sitting.data.buttons.find((one) => one.key === event.key);
    if (event.repeat) return () => {}; // who holds a key down judges once
    return button ? () => act.judge(button.judged) : () => find("live").replaceChildren(`Key ${event.key} has no meaning in this cell.`);
  }
  if (event.repeat && !event.key.startsWith("Arrow") && !"+-=".includes(event.key)) return undefined;
  return {
    ArrowLeft: act.previous, ArrowRight: act.next, a: act.again, u: act.undo, b: act.blink, h: act.heat, "?": act.help,
    "+": act.larger, "=": act.larger, "-": act.smaller, 0: act.whole,
    k: () => find("kind").focus(), n: () => find("note").focus(),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}
