import type { Photo } from "../ink/drawing";
import { type PhotoLimits, readPhoto } from "../ink/photo";
import { element, isDialogOpen } from "../view/page";

/** Who gets the picture of a file, once that is read. */
export interface PhotoListener {
  bringWhenRead(photo: () => Promise<Photo>): Promise<void>;
}

/** Takes picture files that are chosen, pasted, or dropped anywhere on the page. */
export function wirePictureFiles(limits: PhotoLimits, listener: PhotoListener): void {
  const chooser = element("picture-file", HTMLInputElement);
  const paper = element("paper", HTMLCanvasElement).parentElement;
  const read = (file: File | undefined) => {
    if (file !== undefined) void listener.bringWhenRead(() => readPhoto(file, file.name, limits));
  };

  element("picture", HTMLButtonElement).addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    read(chooser.files?.[0]);
    chooser.value = ""; // the same file may be chosen again
  });
  document.addEventListener("paste", ({ clipboardData }) => {
    if (!isDialogOpen()) read(clipboardData?.files[0]);
  });
  document.addEventListener("dragover", (event) => {
    const { dataTransfer } = event;
    if (!dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // the browser would take a drop itself, and go to the file
    if (isDialogOpen()) dataTransfer.dropEffect = "none";
    else paper?.classList.add("dropping");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) paper?.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // the browser would go to the file
    paper?.classList.remove("dropping");
    if (!isDialogOpen()) read(event.dataTransfer?.files[0]);
  });
}
