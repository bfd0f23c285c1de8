// Filters and company profile: the controls on the page, kept equal to what the browser remembers.

import { $, $$, text } from "./dom.js";
import * as store from "./store.js";

const LISTS = ["industry", "qualifications", "events"];
const SINGLE = ["area", "size", "headcount", "founded"];

let changed = () => {};

export function start(onChange) {
  changed = onChange;
  $("#filter-district").addEventListener("change", (event) => setDistrict(event.target.value));
  $("#filter-as-of").addEventListener("change", (event) => {
    store.set("asOf", event.target.value === store.today() ? "" : event.target.value);
    show();
    changed();
  });
  $("#filter-validity").addEventListener("change", (event) => {
    store.set("validity", event.target.value);
    show();
    changed();
  });
  $("#profile-form").addEventListener("change", keep);
  $("#profile-form").addEventListener("input", keep);
  fill();
  show();
}

export function reset() {
  store.set("district", "");
  store.set("validity", "all");
  store.set("asOf", "");
  show();
  changed();
}

export function clear() {
  store.set("profile", {});
  fill();
  setDistrict("");
}

// Controls show what is remembered; the chip sums the profile up.
export function show() {
  $("#filter-district").value = store.get("district");
  $("#filter-validity").value = store.get("validity");
  $("#filter-as-of").value = store.get("asOf") || store.today();
  $("#filter-as-of").classList.toggle("changed", Boolean(store.get("asOf")));
  $("#filter-district").classList.toggle("changed", Boolean(store.get("district")));
  $("#filter-validity").classList.toggle("changed", store.get("validity") !== "all");
  $("#reset-filters").hidden =
    !store.get("asOf") && !store.get("district") && store.get("validity") === "all";
  const district = $("#profile-form [name=district]");
  if (district) district.value = store.get("district");
  const { industry = [], size = "", qualifications = [], events = [] } = store.get("profile");
  const parts = [...industry.slice(0, 2), size, ...qualifications.slice(0, 2), ...events.slice(0, 1)];
  const summary = parts.filter(Boolean).join(" · ");
  $("#profile-chip").textContent = summary
    ? text("企业画像：", "Company: ") + summary
    : text("企业画像：未填写", "Company profile: empty");
  $(".profile-chip").classList.toggle("filled", Boolean(summary));
}

function setDistrict(value) {
  const before = store.get("district");
  store.set("district", value);
  show();
  if (value !== before) changed();
}

function keep() {
  const form = $("#profile-form");
  const profile = {};
  for (const name of LISTS) {
    const ticked = $$(`input[name="${name}"]:checked`, form).map((box) => box.value);
    profile[name] = [...new Set([...ticked, ...store.split($(`[name="${name}_more"]`, form).value)])];
  }
  profile.needs = store.split($("[name=needs]", form).value);
  profile.size = $("[name=size]", form).value || null;
  profile.founded = $("[name=founded]", form).value || null;
  const headcount = $("[name=headcount]", form).value;
  profile.headcount = headcount === "" ? null : Math.max(0, Math.trunc(Number(headcount)));
  store.set("profile", profile);
  setDistrict($("[name=district]", form).value);
}

function fill() {
  const form = $("#profile-form");
  const profile = store.get("profile");
  for (const name of LISTS) {
    const values = profile[name] || [];
    const offered = $$(`input[name="${name}"]`, form);
    for (const box of offered) {
      box.checked = values.includes(box.value);
      if (box.checked && box.closest("details")) box.closest("details").open = true;
    }
    const known = new Set(offered.map((box) => box.value));
    $(`[name="${name}_more"]`, form).value = values.filter((v) => !known.has(v)).join("、");
  }
  for (const name of SINGLE) {
    const control = $(`[name=${name}]`, form);
    const value = profile[name] ?? "";
    control.value = value;
    if (control.value !== String(value)) {
      control.append(new Option(value, value)); // remembered from an earlier list of choices
      control.value = value;
    }
  }
  $("[name=needs]", form).value = (profile.needs || []).join("、");
}
