import { wireDialog } from "../dialogs/dialogs";
import type { Photo } from "../ink/drawing";
import { BadPhoto, type PhotoLimits, toPhoto } from "../ink/photo";
import { say } from "../language/language";
import { element, write } from "../view/page";

/** Takes a picture with the device's camera. What the camera sees stays in the dialog. */
export function wireCamera(
  limits: PhotoLimits,
  staysOnDevice: () => boolean,
  onPhoto: (photo: Photo) => void,
): void {
  const video = element("camera-view", HTMLVideoElement);
  const hint = element("camera-hint", HTMLElement);
  const take = element("camera-take", HTMLButtonElement);
  const dialog = wireDialog("camera", () => void start(), stop);
  let newest = 0; // opening; permission for an older one may still be asked for

  async function start(): Promise<void> {
    const mine = ++newest;
    write(hint, `${say("camera.hint")} ${staysOnDevice() ? say("camera.private") : ""}`);
    take.disabled = true;
    try {
      const stream = await openCamera();
      if (mine !== newest) return end(stream);
      video.srcObject = stream;
      await video.play();
      take.disabled = false;
    } catch (error) {
      if (mine === newest) write(hint, say("camera.unavailable", { reason: String(error) }));
    }
  }

  function stop(): void {
    newest++;
    if (video.srcObject instanceof MediaStream) end(video.srcObject);
    video.srcObject = null;
  }

  take.addEventListener("click", () => {
    try {
      onPhoto(toPhoto(video, video.videoWidth, video.videoHeight, limits));
      dialog.close();
    } catch (error) {
      if (!(error instanceof BadPhoto)) throw error;
      write(hint, error.message);
    }
  });
}

/** The one at the back, where there are two. Browsers offer cameras over HTTPS only. */
function openCamera(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new Error("HTTPS");
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
