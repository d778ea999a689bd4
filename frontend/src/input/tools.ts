import type { Drawing } from "../ink/drawing";
import { element, isDialogOpen } from "../view/page";

export type Tool = "pen" | "points" | "eraser";

/** What may be done with the drawing; each comes from a button and from the keyboard. */
export interface Actions {
  undo(): void;
  redo(): void;
  clear(): void;
}

/** The row of buttons at the canvas. */
export class Toolbar {
  #tool: Tool = "pen";
  readonly #tools: Readonly<Record<Tool, HTMLButtonElement>> = {
    pen: element("pen", HTMLButtonElement),
    points: element("points", HTMLButtonElement),
    eraser: element("eraser", HTMLButtonElement),
  };
  readonly #undo = element("undo", HTMLButtonElement);
  readonly #redo = element("redo", HTMLButtonElement);
  readonly #clear = element("clear", HTMLButtonElement);

  constructor(actions: Actions) {
    for (const [tool, button] of Object.entries(this.#tools)) {
      button.addEventListener("click", () => this.#take(tool as Tool));
    }
    this.#undo.addEventListener("click", () => actions.undo());
    this.#redo.addEventListener("click", () => actions.redo());
    this.#clear.addEventListener("click", () => actions.clear());
    document.addEventListener("keydown", (event) => {
      const action = shortcut(event);
      if (action === undefined || isDialogOpen()) return;
      event.preventDefault();
      actions[action]();
    });
  }

  /** What the pointer does on the canvas. */
  get tool(): Tool {
    return this.#tool;
  }

  /** Offers what can be done with the drawing as it is now. */
  update(drawing: Drawing): void {
    this.#offer(this.#undo, drawing.canUndo);
    this.#offer(this.#redo, drawing.canRedo);
    this.#offer(this.#clear, !drawing.isEmpty);
  }

  #take(tool: Tool): void {
    this.#tool = tool;
    for (const [name, button] of Object.entries(this.#tools)) {
      button.setAttribute("aria-pressed", String(name === tool));
    }
  }

  /** Not `disabled`, which would take the focus away from who pressed the button just now. */
  #offer(button: HTMLButtonElement, isOffered: boolean): void {
    button.setAttribute("aria-disabled", String(!isOffered));
  }
}

export function shortcut(event: KeyboardEvent): keyof Actions | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const letter = letterOf(event);
  if (letter === "z") return event.shiftKey ? "redo" : "undo";
  return letter === "y" ? "redo" : undefined;
}

/** Layouts without Latin letters, as Arabic, have them at the same keys all the same. */
function letterOf({ key, code }: KeyboardEvent): string {
  const letter = /^\p{ASCII}+$/u.test(key) ? key : code.replace("Key", "");
  return letter.toLowerCase();
}
