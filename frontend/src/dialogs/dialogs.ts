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
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close(); // beside it: its content fills it
  });
  dialog.addEventListener("close", onClose);
  return dialog;
}
