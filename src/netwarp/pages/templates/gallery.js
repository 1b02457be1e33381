// A link to a picture opens it, and so does the address of one.
"use strict";
function openNamed() {
  const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (found instanceof HTMLDetailsElement) {
    found.open = true;
    found.querySelector("summary").focus({ preventScroll: true });
    found.scrollIntoView({ block: "nearest" });
  }
}
addEventListener("hashchange", openNamed);
openNamed();
