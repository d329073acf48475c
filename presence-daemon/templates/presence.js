// Puts the parts of the page that changed in their places. Everything is rendered by the server: without this, reload.
"use strict";
(() => {
  const page = document.querySelector("[data-live]");
  const silent = document.getElementById("p-silent");
  if (!page || !window.EventSource) return;
  const source = new EventSource(page.dataset.live);
  const swap = (place, html) => {
    const open = [...place.querySelectorAll("details")].map((details) => details.open);
    const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    place.innerHTML = html;
    [...place.querySelectorAll("details")].forEach((details, n) => { details.open = open[n] || false; });
    if (focused) [...place.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  };
  source.addEventListener("part", (event) => {
    const { id, html } = JSON.parse(event.data);
    const place = document.getElementById(id);
    if (place) swap(place, html);
    document.documentElement.dataset.heard = String(Date.now());
  });
  source.addEventListener("open", () => { if (silent) silent.hidden = true; });
  source.addEventListener("error", () => {
    if (silent) silent.hidden = false;
    // signed out, or gone for good: a fresh page says which
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10000);
  });
})();
