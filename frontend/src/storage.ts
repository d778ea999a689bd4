/**
 * What this browser keeps of the page, by name. Where it keeps nothing (private windows, full,
 * switched off) the page works on without.
 */
const PREFIX = "drawn-digits.";

export function recall(name: string): string | undefined {
  return attempt((storage) => storage.getItem(PREFIX + name)) ?? undefined;
}

/** False where the browser does not keep it. */
export function remember(name: string, text: string): boolean {
  return (
    attempt((storage) => {
      storage.setItem(PREFIX + name, text);
      return true;
    }) ?? false
  );
}

export function forget(name: string): void {
  attempt((storage) => storage.removeItem(PREFIX + name));
}

/** The names of all that is kept. */
export function names(): string[] {
  const keys = attempt((storage) => Object.keys(storage)) ?? [];
  return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
}

function attempt<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
