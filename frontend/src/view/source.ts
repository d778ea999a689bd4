import { progress, say } from "../language/language";
import type { DeviceState } from "../model/device";
import { element } from "./page";

/** Shows how far the model is on its way to this device. */
export function showProgress(state: DeviceState, share: number): void {
  const bar = element("model-progress", HTMLProgressElement);
  bar.value = share;
  bar.hidden = state !== "loading";
  const text = element("model-state", HTMLElement);
  text.dataset["state"] = state;
  text.textContent = say(`model.${state}`, {
    share: progress(share),
  });
}
