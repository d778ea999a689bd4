import type { Photo } from "../ink/drawing";
import { BadPhoto, type PhotoLimits, readPhoto } from "../ink/photo";
import { element } from "../view/page";

/** Who gets what came of a picture file. */
export interface PhotoListener {
  bring(photo: Photo): void;
  refuse(reason: string): void;
}

/** Takes picture files that are chosen, pasted, or dropped anywhere on the page. */
export function wirePictureFiles(limits: PhotoLimits, listener: PhotoListener): void {
  const chooser = element("picture-file", HTMLInputElement);
  const paper = element("paper", HTMLCanvasElement).parentElement;
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      listener.bring(await readPhoto(file, file.name, limits));
    } catch (error) {
      if (!(error instanceof BadPhoto)) throw error;
      listener.refuse(error.message);
    }
  };

  element("picture", HTMLButtonElement).addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    void read(chooser.files?.[0]);
    chooser.value = ""; // the same file may be chosen again
  });
  document.addEventListener("paste", ({ clipboardData }) => {
    void read(clipboardData?.files[0]);
  });
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // says that it may be dropped
    paper?.classList.add("dropping");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) paper?.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // the browser would go to the file
    paper?.classList.remove("dropping");
    void read(event.dataTransfer?.files[0]);
  });
}
