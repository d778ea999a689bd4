/**
 * Keeps the page for use without a network. It is installed once the model runs on the device, so
 * what it fetches then lies in the browser's cache already.
 */

// Filled in when the page is built (vite.config.ts): everything that lies beside this file.
const FILES: readonly string[] = JSON.parse("__FILES__");
const VERSION = "__VERSION__";

const PAGE = "./";
const PATIENCE_MILLISECONDS = 3_000;

interface Lifetime extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lifetime {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = globalThis as unknown as {
  addEventListener(kind: "install" | "activate", listener: (event: Lifetime) => void): void;
  addEventListener(kind: "fetch", listener: (event: Fetching) => void): void;
  readonly registration: { readonly scope: string };
};

const { scope } = worker.registration;
// Other applications of this origin, and this one at other paths, have caches here too.
const OUR_CACHES = `drawn-digits ${scope} `;
const CACHE = `${OUR_CACHES}${VERSION}`;

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const path = url.replace(scope, "").replace(/[?#].*/, "");
  if (method !== "GET") return;
  if (mode !== "navigate") {
    if (isKept(path)) event.respondWith(keptFile(event));
  } else if (path === "" || path === "index.html") event.respondWith(freshPage(event));
});

/** What else lies below the scope is another application's, or has to be fresh. */
function isKept(path: string): boolean {
  return FILES.includes(path) || path.startsWith("models/");
}

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await keepPage(await fetch(PAGE, { cache: "no-cache" }));
}

/** The page last, after all that it names: a release may be halfway here. */
async function keepPage(page: Response): Promise<void> {
  if (!page.ok) throw new Error(`The page answered with status ${page.status}.`);
  const html = await page.clone().text();
  const assets = html.match(/static\/assets\/[^"]+/g) ?? [];
  const stranger = assets.find((name) => !FILES.includes(name));
  if (stranger !== undefined) throw new Error(`${stranger} is another release's, which keeps it.`);
  const cache = await caches.open(CACHE);
  const [, model] = /data-model="([^"]+)"/.exec(html) ?? []; // servers may have one of their own
  if (model !== undefined && !(await cache.match(model))) await cache.add(model);
  await cache.put(PAGE, page);
}

async function dropOthers(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(OUR_CACHES));
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** The newest page where there is a network that answers: it names the newest files. */
async function freshPage(event: Fetching): Promise<Response> {
  const fresh = fetch(event.request);
  const keep = (response: Response) => keepPage(response.clone());
  event.waitUntil(fresh.then(keep, () => undefined)); // it may come when nobody waits any more
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  if (kept === undefined) return fresh;
  return Promise.race([fresh, afterPatience(kept)]).catch(() => kept);
}

function afterPatience<T>(value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS, value));
}

/** Names hold hashes or the release has them all, so what is kept is never old. */
async function keptFile(event: Fetching): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  const isFull = () => undefined; // what cannot be kept is used all the same
  if (response.ok) event.waitUntil(cache.put(request, response.clone()).catch(isFull));
  return response;
}
