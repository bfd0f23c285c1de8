// What this browser remembers: theme, language, district, validity filter, company profile.
// The as-of date is not kept: a stale date would silently change answers.

const KEY = "policy-assistant";
const LISTS = ["industry", "qualifications", "events", "needs"];

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "{}");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

const state = { theme: "", lang: "zh", district: "", validity: "all", profile: {}, ...read() };
state.asOf = "";

// As 2026-01-31, in the time of the place.
export function day(date) {
  const part = (n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}

export const today = () => day(new Date());

export function get(name) {
  return state[name];
}

export function set(name, value) {
  state[name] = value;
  const { asOf, ...kept } = state;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch (error) {
    console.info("browser storage refused", error.name);
  }
}

// The profile as the API takes it; null when nothing is known about the company.
export function profile() {
  const known = {};
  for (const [name, value] of Object.entries(state.profile)) {
    if (LISTS.includes(name) ? value.length : value !== "" && value !== null) known[name] = value;
  }
  if (!Object.keys(known).length) return null;
  return state.district ? { ...known, district: state.district } : known;
}

export function filters() {
  return { district: state.district || null, as_of: state.asOf || today(), validity: state.validity };
}

export function split(text) {
  return text.split(/[、,，;；\s]+/).filter(Boolean);
}
