/** Runs one task after another; only the newest one's result counts. */
export class Newest {
  #running = new AbortController();

  /** The task's result, or undefined where a newer task or `cancel` came in between. */
  async run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.cancel();
    const { signal } = this.#running;
    try {
      const result = await task(signal);
      return signal.aborted ? undefined : result;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  cancel(): void {
    this.#running.abort();
    this.#running = new AbortController();
  }
}
