import { element } from "../view/page";

/**
 * A dialog of the template, opened by the button that names it. `fill` writes what it shows, each
 * time before it opens; `onClose` is told however it was closed.
 */
export function wireDialog(
  id: string,
  fill: () => void,
  onClose: () => void = () => {},
): HTMLDialogElement {
  const dialog = element(id, HTMLDialogElement);
  element(`open-${id}`, HTMLButtonElement).addEventListener("click", () => {
    fill();
    dialog.showModal();
  });
  dialog.querySelector(".close")?.addEventListener("click", () => dialog.close());
  // Beside it, for its content fills it; and not where text was selected beyond its edge.
  let pressed: EventTarget | null = null;
  dialog.addEventListener("pointerdown", ({ target }) => {
    pressed = target;
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog && pressed === dialog) dialog.close();
  });
  dialog.addEventListener("close", onClose);
  return dialog;
}
