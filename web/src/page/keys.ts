// What the page hears wherever the focus is: keys that stand for controls, and files that are dropped.

/** Acts on a key outside of all fields and dialogs; a key whose control is `away` does nothing. */
export function onKeys(keys: Readonly<Record<string, () => void>>, owners: Readonly<Record<string, string>>, away: () => readonly string[]): void {
  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (target.matches("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]") !== null) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    const owner = owners[event.key];
    if (act === undefined || (owner !== undefined && away().includes(owner))) return;
    event.preventDefault();
    act();
  });
}

/** Ctrl-Z and Ctrl-Shift-Z outside of fields that are typed in, which have an undoing of their own. */
export function onUndo(act: (again: boolean) => void): void {
  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (!isUndo(event) || event.defaultPrevented) return;
    if (target.matches("input:not([type=checkbox], [type=range]), textarea") || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    act(event.shiftKey);
  });
}

/** Whether these keys undo, or with Shift do again. */
export function isUndo(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
}

/** Takes a file or a text that is dropped anywhere on the page. */
export function onDrop(take: (body: File | string) => void): void {
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const [file] = event.dataTransfer?.files ?? [];
    take(file ?? event.dataTransfer?.getData("text") ?? "");
  });
}
