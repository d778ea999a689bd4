import type { Ink } from "../ink/compact";
import { save, toJson, toSvg } from "../ink/files";
import { toFragment } from "../ink/link";
import { say } from "../language/language";
import { element, write } from "../view/page";
import { wireDialog } from "./dialogs";

/** What can be shared: the ink, where strokes lie on the paper, and the picture that is read. */
export interface Shareable {
  readonly ink: Ink | undefined;
  readonly isEmpty: boolean;
  png(): Blob;
}

/** The dialog that copies or sends a link to the drawing, and saves it as a file. */
export function wireSharing(drawing: Shareable, side: number): void {
  const link = element("share-link", HTMLInputElement);
  const hint = element("share-hint", HTMLElement);
  const button = (name: string) => element(`share-${name}`, HTMLButtonElement);
  const withInk = [button("copy"), button("send"), button("svg"), button("json")];
  wireDialog("share", () => void fill());
  button("send").hidden = navigator.share === undefined;

  async function fill(): Promise<void> {
    const { ink } = drawing;
    write(hint, say(ink === undefined ? "share.needs-strokes" : "share.hint"));
    for (const each of withInk) each.disabled = ink === undefined;
    button("png").disabled = drawing.isEmpty;
    for (const format of ["PNG", "SVG", "JSON"]) {
      button(format.toLowerCase()).setAttribute("aria-label", say("share.save-as", { format }));
    }
    link.value = ink === undefined ? "" : await linkTo(ink);
  }

  button("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      write(hint, say("share.copied"));
    } catch {
      link.select();
      write(hint, say("share.not-copied"));
    }
  });
  button("send").addEventListener("click", () => {
    navigator.share({ url: link.value }).catch(() => {}); // the visitor thought better of it
  });
  button("png").addEventListener("click", () => save(drawing.png(), "digit.png"));
  button("svg").addEventListener("click", () => saveText(toSvg, "image/svg+xml", "digit.svg"));
  button("json").addEventListener("click", () =>
    saveText(toJson, "application/json", "digit.json"),
  );

  function saveText(write: typeof toSvg, type: string, name: string): void {
    if (drawing.ink !== undefined) save(new Blob([write(drawing.ink, side)], { type }), name);
  }
}

async function linkTo(ink: Ink): Promise<string> {
  const address = new URL(location.href);
  address.hash = await toFragment(ink);
  return address.href;
}
