/** What browsers have and Node has not, for modules that only call it. */

/** A canvas that paints nothing. */
export class NoCanvas {
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  getContext(): unknown {
    const pixels = new Uint8ClampedArray(4 * this.width * this.height);
    return new Proxy({}, { get: () => () => ({ data: pixels }), set: () => true });
  }
}

/** A browser's storage, which holds so many characters at most, as browsers count: names and texts. */
export class SmallStorage {
  readonly [name: string]: unknown;
  readonly #most: number;

  constructor(most = 100_000) {
    this.#most = most;
  }

  getItem(name: string): string | null {
    return Object.hasOwn(this, name) ? String(this[name]) : null;
  }

  setItem(name: string, text: string): void {
    const others = Object.entries(this).filter(([other]) => other !== name);
    if ([...others, [name, text]].flat().join("").length > this.#most) {
      throw new DOMException("Full.", "QuotaExceededError");
    }
    Object.defineProperty(this, name, { value: text, configurable: true, enumerable: true });
  }

  removeItem(name: string): void {
    delete (this as Record<string, unknown>)[name];
  }
}
