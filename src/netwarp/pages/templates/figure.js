// Copy buttons. Without this script the texts can still be selected by hand.
"use strict";
const said = document.getElementById("said");

function byHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function copy(button) {
  const text = button.parentElement.querySelector("pre").textContent;
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    done = byHand(text);
    button.focus();
  }
  const word = button.textContent;
  button.textContent = done ? "Copied" : "Select it";
  said.textContent = done ? "Copied to the clipboard" : "Could not copy: select the text by hand";
  setTimeout(() => { button.textContent = word; said.textContent = ""; }, 1600);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => { if (said.textContent === "") copy(button); });
}
