import type { KeptDrawing, KeptDrawings } from "../ink/kept";
import { say, time } from "../language/language";
import { element, write } from "../view/page";
import { thumbnailButton } from "../view/thumbnail";
import { wireDialog } from "./dialogs";

export interface DrawingListener {
  open(drawing: KeptDrawing): void;
  replay(drawing: KeptDrawing): void;
}

/** The dialog with the drawings that this device keeps. */
export function wireMyDrawings(kept: KeptDrawings, side: number, listener: DrawingListener): void {
  const list = element("drawings-list", HTMLUListElement);
  const note = element("drawings-note", HTMLElement);
  const deleteAll = element("drawings-delete-all", HTMLButtonElement);
  const undo = element("drawings-undo", HTMLButtonElement);
  const dialog = wireDialog("drawings", fill);

  function fill(): void {
    const drawings = kept.list();
    write(note, say(drawings.length > 0 ? "drawings.kept" : "drawings.none"));
    deleteAll.hidden = drawings.length === 0;
    undo.hidden = !kept.canRestore;
    list.replaceChildren(...drawings.map(toItem));
  }

  function toItem(drawing: KeptDrawing): HTMLLIElement {
    const { digit, ink } = drawing;
    const when = time(new Date(drawing.begun));
    const label = labelOf(digit, when);
    const item = document.createElement("li");
    const read = document.createElement("span");
    read.className = "read";
    read.textContent = digit === "none" ? "?" : String(digit ?? "…");
    const day = document.createElement("span");
    day.textContent = when;
    item.append(
      thumbnailButton(ink, side, label, () => leave(() => listener.open(drawing))),
      read,
      day,
      iconButton("play-fill", say("drawings.replay"), () => leave(() => listener.replay(drawing))),
      iconButton("trash3", say("drawings.delete"), () => remove(drawing, item)),
    );
    return item;
  }

  function leave(act: () => void): void {
    dialog.close();
    act();
  }

  /** The next one's button has the focus then, or the one that brings it back. */
  function remove({ begun }: KeptDrawing, item: HTMLElement): void {
    const place = [...list.children].indexOf(item);
    kept.delete(begun);
    fill();
    const next = list.children[Math.min(place, list.children.length - 1)];
    (next?.querySelector<HTMLElement>("button:last-child") ?? undo).focus();
  }

  deleteAll.addEventListener("click", () => {
    kept.deleteAll();
    fill();
    undo.focus();
  });
  undo.addEventListener("click", () => {
    kept.restore();
    fill();
    dialog.querySelector<HTMLElement>(".close")?.focus();
  });
}

function labelOf(digit: KeptDrawing["digit"], time: string): string {
  if (digit === undefined) return say("drawings.open-unread", { time });
  if (digit === "none") return say("drawings.open-refused", { time });
  return say("drawings.open", { time, digit });
}

function iconButton(icon: string, label: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary tool";
  button.setAttribute("aria-label", label);
  button.title = label;
  const picture = document.createElement("span");
  picture.className = `icon icon-${icon}`;
  button.append(picture);
  button.addEventListener("click", onClick);
  return button;
}
