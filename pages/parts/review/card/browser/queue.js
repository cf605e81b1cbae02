// Judgements that the server has not acknowledged yet, in the order in which they were said.
// Each is kept in the browser's storage under a name of its own, so that two tabs never write over each other.

const PREFIX = "casting judgement ";
const kept = new Map(); // by id; counts where storage is full or forbidden
let last = 0;

function stored() {
  const found = [];
  try {
    for (let at = 0; at < localStorage.length; at++) {
      const name = localStorage.key(at);
      if (name.startsWith(PREFIX)) found.push(localStorage.getItem(name));
    }
  } catch { /* no storage: what is kept in this tab counts */ }
  return found;
}

export function load() {
  for (const text of stored()) {
    try {
      const one = JSON.parse(text);
      if (one && typeof one.id === "string" && Number.isFinite(one.order)) kept.set(one.id, one);
    } catch { /* what somebody has altered is none of ours */ }
  }
  last = Math.max(last, 0, ...[...kept.values()].map((one) => one.order));
}

export function put(one) {
  last = Math.max(last + 1, Date.now()); // a clock that is put back puts nothing before what was said already
  const whole = { ...one, order: last };
  kept.set(one.id, whole);
  try {
    localStorage.setItem(PREFIX + one.id, JSON.stringify(whole));
  } catch { /* it is sent all the same */ }
  return whole;
}

export function drop(id) {
  kept.delete(id);
  try {
    localStorage.removeItem(PREFIX + id);
  } catch { /* nothing was kept there */ }
}

export const has = (id) => kept.has(id);
export const all = () => [...kept.values()].sort((one, other) => one.order - other.order);
export const of = (scope) => all().filter((one) => one.scope === scope);

// 128 random bits; crypto.randomUUID is there only where the page came by HTTPS.
export function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}
