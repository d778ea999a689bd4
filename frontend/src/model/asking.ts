import type { Picture } from "../ink/picture";
import { say } from "../language/language";
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
  /** Whether the server may be asked at all. */
  serverIsAllowed = true;

  readonly #picture: Picture;
  readonly #device: Device;
  readonly #server: Server;
  readonly #screen: Screen;
  readonly #newest = new Newest();
  #isOwed = false; // the picture as it is now has no answer yet
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
    this.#isOwed = true;
    this.#readSoon();
  }

  /** The pen is up, or somebody asks: an answer is owed. */
  ask(): void {
    this.#penIsUp = true;
    this.#isOwed = true;
    this.#screen.wait();
    this.#askWhoCan();
  }

  /** The drawing is gone; no answer to it is shown any more. */
  cancel(): void {
    this.#isOwed = false;
    this.#newest.cancel();
  }

  /** The model is ready, or will never be. */
  deviceChanged(): void {
    if (this.#isOwed && this.#penIsUp) this.#askWhoCan();
  }

  #askWhoCan(): void {
    if (this.#device.state === "ready") this.#readSoon();
    else if (this.serverIsAllowed) void this.#askServer();
    else if (this.#device.state === "failed")
      this.#screen.show(new NoAnswer(say("trouble.nobody")), true);
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
    this.#isOwed = false;
    this.#isReading = true;
    const isFinal = this.#penIsUp;
    const result = await this.#newest.run(() => attempt(this.#device.read(this.#picture)));
    this.#isReading = false;
    if (result instanceof NoAnswer) {
      this.#isOwed = true; // to the server, for the device has failed
      if (this.#penIsUp) this.#askWhoCan();
      return;
    }
    if (result !== undefined) this.#screen.show(result, isFinal && !this.#isOwed);
    this.#readSoon();
  }

  async #askServer(): Promise<void> {
    this.#isOwed = false;
    const result = await this.#newest.run((signal) => attempt(this.#server(this.#picture, signal)));
    if (result !== undefined) this.#screen.show(result, true);
    // The device may still become ready.
    if (result instanceof NoAnswer) this.#isOwed = true;
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
