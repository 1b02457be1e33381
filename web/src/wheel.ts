// Whose the wheel is: on a page of its own the picture's at once. Within another page, as in a notebook or a frame, it
// scrolls that page until the picture is clicked; with Ctrl, as a trackpad's pinch comes, it is always the picture's.

/** Says of a turn of the wheel over `element` whether the picture takes it. `within` another page: by default, in a frame. */
export function taker(element: HTMLElement, signal?: AbortSignal, within = framed() || element.closest("[data-within]") !== null): (event: WheelEvent) => boolean {
  if (!within) return () => true;
  let clicked = false;
  const until = signal === undefined ? {} : { signal };
  element.addEventListener("pointerdown", () => { clicked = true; }, until);
  element.addEventListener("pointerleave", () => { clicked = false; }, until);
  return (event) => clicked || event.ctrlKey;
}

function framed(): boolean {
  return window.parent !== window;
}
