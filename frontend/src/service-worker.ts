/**
 * Keeps the page for use without a network. It is installed once the model runs on the device, so
 * what it fetches then lies in the browser's cache already.
 */

// Filled in when the page is built (vite.config.ts): everything that lies beside this file.
const FILES: readonly string[] = JSON.parse("__FILES__");
const VERSION = "__VERSION__";

const CACHE = `drawn-digits-${VERSION}`;
const PAGE = "./";

interface Lifetime extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lifetime {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = globalThis as unknown as {
  addEventListener(kind: "install" | "activate", listener: (event: Lifetime) => void): void;
  addEventListener(kind: "fetch", listener: (event: Fetching) => void): void;
  readonly registration: { readonly scope: string };
};

scope.addEventListener("install", (event) => event.waitUntil(keepAll()));
scope.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.url.replace(scope.registration.scope, "");
  if (request.method !== "GET" || path.startsWith("api/")) return;
  event.respondWith(request.mode === "navigate" ? freshPage(request) : keptFile(request));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  const page = await fetch(PAGE);
  if (!page.ok) throw new Error(`The page answered with status ${page.status}.`);
  const [, model] = /data-model="([^"]+)"/.exec(await page.clone().text()) ?? [];
  await cache.put(PAGE, page);
  await cache.addAll(model === undefined ? FILES : [...FILES, model]);
}

async function dropOthers(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** The newest page where there is a network: it names the newest files. */
async function freshPage(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(PAGE, response.clone());
    return response;
  } catch {
    return (await cache.match(PAGE)) ?? Response.error();
  }
}

/** Names hold hashes, so what is kept is never old. */
async function keptFile(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
