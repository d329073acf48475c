// Warns two minutes before the page closes. Without it the page says at its top how long it stays open.
"use strict";
const soon = document.getElementById("soon");
const words = soon.querySelector("p");
const WARN = 120;
let timer;

function wait(left) {
  clearTimeout(timer);
  timer = setTimeout(warn, Math.max(0, left - WARN) * 1000);
}

function warn() {
  words.textContent = words.dataset.text;
  soon.hidden = false;
}

soon.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(soon.action, { method: "POST", body: new URLSearchParams(new FormData(soon)) });
    if (!answer.ok) throw new Error();
    const left = Number(await answer.text());
    soon.hidden = true;
    words.textContent = "";
    if (left > WARN) wait(left);
  } catch {
    soon.submit();
  }
});

wait(Number(soon.dataset.left));
