// What pages do beyond their forms and links: each of them works without this file.
"use strict";

// After htmx has put something in place, whoever works by keyboard or screen reader is led there.
document.addEventListener("htmx:afterSettle", (event) => {
  const found = event.target.querySelector("[data-focus]") || (event.target.matches("[data-focus]") ? event.target : null);
  if (found) {
    if (!found.hasAttribute("tabindex")) found.setAttribute("tabindex", "-1");
    found.focus();
  }
});

// A form that came back with errors: begin with what is wrong.
const wrong = document.querySelector(".notice.bad[data-focus]");
if (wrong) wrong.focus();

// A list that keeps itself up to date: what arrives is read from the page again, as it would be by reloading.
for (const live of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(live.dataset.live);
  const renew = () => htmx.ajax("GET", live.dataset.from, { target: live, swap: "innerHTML" });
  source.addEventListener("message", renew);
  source.addEventListener("read", renew);
  window.addEventListener("pagehide", () => source.close());
}

// Being there by position: the browser is asked when the button is pressed, and never before.
for (const form of document.querySelectorAll("form[data-here]")) {
  if (!navigator.geolocation) continue;
  const said = form.querySelector("[data-nowhere]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    said.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const name of ["latitude", "longitude", "accuracy"]) form.elements[name].value = coords[name].toFixed(name === "accuracy" ? 0 : 7);
        form.submit();
      },
      () => { said.textContent = said.dataset.nowhere; },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
}
