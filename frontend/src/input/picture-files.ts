import type { Photo } from "../ink/drawing";
import { BadPhoto, type PhotoLimits, readPhoto } from "../ink/photo";
import { Newest } from "../model/newest";
import { element, isDialogOpen } from "../view/page";

/** Who gets what came of a picture file. */
export interface PhotoListener {
  bring(photo: Photo): void;
  refuse(reason: () => string): void;
}

/** Takes picture files that are chosen, pasted, or dropped anywhere on the page. */
export function wirePictureFiles(limits: PhotoLimits, listener: PhotoListener): void {
  const chooser = element("picture-file", HTMLInputElement);
  const paper = element("paper", HTMLCanvasElement).parentElement;
  const newest = new Newest();
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    const result = await newest.run(() => attempt(file, limits));
    if (result instanceof BadPhoto) listener.refuse(result.inWords);
    else if (result !== undefined) listener.bring(result);
  };

  element("picture", HTMLButtonElement).addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    void read(chooser.files?.[0]);
    chooser.value = ""; // the same file may be chosen again
  });
  document.addEventListener("paste", ({ clipboardData }) => {
    if (!isDialogOpen()) void read(clipboardData?.files[0]);
  });
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files") || isDialogOpen()) return;
    event.preventDefault(); // says that it may be dropped
    paper?.classList.add("dropping");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) paper?.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // the browser would go to the file
    paper?.classList.remove("dropping");
    if (!isDialogOpen()) void read(event.dataTransfer?.files[0]);
  });
}

async function attempt(file: File, limits: PhotoLimits): Promise<Photo | BadPhoto> {
  try {
    return await readPhoto(file, file.name, limits);
  } catch (error) {
    if (error instanceof BadPhoto) return error;
    throw error;
  }
}
