import type { DeviceState } from "./device";
import { messages } from "./messages";
import { element } from "./page";

/** Shows how far the model is on its way to this device. */
export function showProgress(state: DeviceState, share: number): void {
  const bar = element("model-progress", HTMLProgressElement);
  bar.value = share;
  bar.hidden = state !== "loading";
  element("model-state", HTMLElement).textContent = messages.device[state](share);
}
