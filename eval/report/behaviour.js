"use strict";
(() => {
  const form = document.getElementById("filters");
  const entries = [...document.querySelectorAll("details.question")];
  const apply = () => {
    const { ok, set, changed, text } = form.elements;
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const entry of entries) {
      const d = entry.dataset;
      const keep =
        (!ok.value || d.ok === ok.value) &&
        (!set.value || d.set === set.value) &&
        (!changed.checked || d.changed === "1") &&
        (!wanted || d.text.includes(wanted));
      entry.hidden = !keep;
      shown += keep;
    }
    document.getElementById("shown").textContent = `${shown} 题`;
  };
  const reveal = () => {
    const entry = location.hash.startsWith("#q-") && document.getElementById(location.hash.slice(1));
    if (!entry) return;
    entry.hidden = false;
    entry.open = true;
    entry.scrollIntoView();
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", reveal);
  apply();
  reveal();
})();
