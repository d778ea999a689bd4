import type { Picture } from "../ink/picture";
import { type Key, say } from "../language/language";
import type { Device } from "./device";
import { Newest } from "./newest";
import { NoAnswer, type Reading } from "./prediction";

export interface Screen {
  /** An answer is on its way; the last one stays until then. */
  wait(): void;
  /** `isFinal`: the pen is up and this is the whole drawing. */
  show(result: Reading | NoAnswer, isFinal: boolean): void;
}

/** Asks the server for the picture; `Asking` says when that may be. */
export type Server = (picture: Picture, signal: AbortSignal) => Promise<Reading>;

/**
 * Asks for answers: the device, as soon as the model is there, once a frame at most and while the
 * pen moves; until then, or where that fails, the server, when the pen goes up.
 */
export class Asking {
  readonly #picture: Picture;
  readonly #device: Device;
  readonly #server: Server;
  readonly #screen: Screen;
  readonly #newest = new Newest();
  #serverIsAllowed = true;
  // The picture's states are counted.
  #now = 0;
  #answered = 0; // the last one with a reading
  #sent = 0; // the last one that the server was asked about
  #penIsUp = true;
  #isReading = false;
  #hasReadInFrame = false;

  constructor(picture: Picture, device: Device, server: Server, screen: Screen) {
    this.#picture = picture;
    this.#device = device;
    this.#server = server;
    this.#screen = screen;
  }

  /** The pen moves. Only the device follows it. */
  follow(): void {
    this.#penIsUp = false;
    this.#now++;
    this.#readSoon();
  }

  /** The pen is up, or somebody asks: an answer is owed. */
  ask(): void {
    this.#penIsUp = true;
    this.#now++;
    this.#screen.wait();
    this.#askWhoCan();
  }

  /** The drawing is gone; no answer to it is shown any more. */
  cancel(): void {
    this.#answered = this.#now;
    this.#newest.cancel();
  }

  /** Whether the server may be asked. Where it may no longer, its answer is the device's to give. */
  allowServer(isAllowed: boolean): void {
    this.#serverIsAllowed = isAllowed;
    if (!isAllowed) this.#takeBack();
    this.deviceChanged();
  }

  /** The model is ready, and goes before a server that is still asked; or will never be. */
  deviceChanged(): void {
    const isSent = this.#sent === this.#now;
    if (this.#device.state === "ready") this.#readSoon();
    else if (this.#isOwed && this.#penIsUp && !isSent) this.#askWhoCan();
  }

  /** The picture as it is now has no answer yet. */
  get #isOwed(): boolean {
    return this.#answered !== this.#now;
  }

  #askWhoCan(): void {
    if (this.#device.state === "ready") this.#readSoon();
    else if (this.#serverIsAllowed) void this.#askServer();
    else if (this.#device.state === "failed") this.#refuse("trouble.nobody");
    else if (this.#device.state === "unfetched") this.#refuse("model.unfetched");
  }

  #refuse(reason: Key): void {
    this.#screen.show(new NoAnswer(() => say(reason)), true);
  }

  /** At once, for a frame is a long time, or in the next frame if this one had its answer. */
  #readSoon(): void {
    const isFree = this.#device.state === "ready" && !this.#isReading && !this.#hasReadInFrame;
    if (!this.#isOwed || !isFree) return;
    this.#hasReadInFrame = true;
    requestAnimationFrame(() => {
      this.#hasReadInFrame = false;
      this.#readSoon();
    });
    void this.#read();
  }

  async #read(): Promise<void> {
    const state = this.#now;
    this.#isReading = true;
    const result = await this.#newest.run(() => attempt(this.#device.read(this.#picture)));
    this.#isReading = false;
    if (result instanceof NoAnswer) {
      if (this.#penIsUp) this.#askWhoCan(); // the device has failed
      return;
    }
    if (result !== undefined) this.#show(result, state);
    this.#readSoon();
  }

  async #askServer(): Promise<void> {
    const state = this.#now;
    this.#sent = state;
    const result = await this.#newest.run((signal) => attempt(this.#server(this.#picture, signal)));
    if (result !== undefined) this.#show(result, state);
  }

  /** Stops asking the server. */
  #takeBack(): void {
    this.#sent = 0;
    this.#newest.cancel(); // a reading of the device's begins anew
  }

  /** What came of the picture in that state. Without a reading, one is still owed. */
  #show(result: Reading | NoAnswer, state: number): void {
    const isNewest = state === this.#now;
    if (isNewest && !(result instanceof NoAnswer)) this.#answered = state;
    this.#screen.show(result, isNewest && this.#penIsUp);
  }
}

async function attempt(reading: Promise<Reading>): Promise<Reading | NoAnswer> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NoAnswer) return error;
    throw error;
  }
}
