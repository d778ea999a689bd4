import { beforeEach, expect, it, vi } from "vitest";

const SCOPE = "https://digits.example/draw/";
const FILES = ["icon-192.png", "static/assets/main-1.js"];

const parse = JSON.parse;

type Listener = (event: unknown) => void;

/** Answers by address below the scope; nothing is there while the network is down. */
let network: Map<string, string> | undefined;
let isFull: boolean;
let stores: Map<string, Map<string, string>>;
let listeners: Map<string, Listener>;

function pathOf(target: string | { url: string }): string {
  const address = typeof target === "string" ? target : target.url;
  return new URL(address, SCOPE).href.replace(SCOPE, "");
}

async function fetched(target: string | { url: string }): Promise<Response> {
  if (network === undefined) throw new TypeError("Failed to fetch");
  const text = network.get(pathOf(target).replace(/[?#].*/, ""));
  return new Response(text ?? "", { status: text === undefined ? 404 : 200 });
}

function cacheOf(store: Map<string, string>) {
  const put = async (target: string, response: Response) => {
    if (isFull) throw new DOMException("No room", "QuotaExceededError");
    store.set(pathOf(target), await response.text());
  };
  const add = async (target: string) => {
    const response = await fetched(target);
    if (!response.ok) throw new TypeError("Request failed");
    await put(target, response);
  };
  const match = async (target: string) => {
    const text = store.get(pathOf(target));
    return text === undefined ? undefined : new Response(text);
  };
  return { put, add, match, addAll: (targets: string[]) => Promise.all(targets.map(add)) };
}

function html(script: string, model: string): string {
  return `<script src="static/assets/${script}"></script><canvas data-model="${model}"></canvas>`;
}

/** Runs a listener; what it waits for, and what it responds, once that is done. */
async function dispatch(kind: string, request?: object) {
  const work: Promise<unknown>[] = [];
  let answer: Promise<Response> | undefined;
  listeners.get(kind)?.({
    request,
    waitUntil: (promise: Promise<unknown>) => work.push(promise),
    respondWith: (promise: Promise<Response>) => {
      answer = promise;
    },
  });
  const response = await answer;
  const done = await Promise.allSettled(work);
  return { text: await response?.text(), failed: done.some(({ status }) => status === "rejected") };
}

function navigate(path: string) {
  return dispatch("fetch", { method: "GET", mode: "navigate", url: SCOPE + path });
}

function get(path: string) {
  return dispatch("fetch", { method: "GET", mode: "cors", url: SCOPE + path });
}

function offline<T>(task: () => Promise<T>): Promise<T> {
  network = undefined;
  return task();
}

beforeEach(async () => {
  network = new Map([
    ["", html("main-1.js", "models/a.onnx")],
    ["healthz", '{"status":"ok"}'],
    ["models/a.onnx", "a"],
    ...FILES.map((name): [string, string] => [name, name]),
  ]);
  isFull = false;
  stores = new Map();
  listeners = new Map();
  const caches = {
    open: async (name: string) => {
      if (!stores.has(name)) stores.set(name, new Map());
      return cacheOf(stores.get(name) ?? new Map());
    },
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
  };
  vi.spyOn(JSON, "parse").mockImplementation((text, revive) =>
    text === "__FILES__" ? FILES : parse(text, revive),
  );
  vi.stubGlobal("registration", { scope: SCOPE });
  vi.stubGlobal("caches", caches);
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("addEventListener", (kind: string, listener: Listener) =>
    listeners.set(kind, listener),
  );
  vi.resetModules();
  await import("../src/service-worker" as string); // a script, which TypeScript takes for no module
});

it("shows the page without a network once it is installed", async () => {
  expect(await dispatch("install")).toMatchObject({ failed: false });
  expect(await offline(() => navigate("?from=home#d1.AAAA"))).toEqual({
    text: html("main-1.js", "models/a.onnx"),
    failed: false,
  });
});

it("shows the kept page where the network is silent, and keeps what comes later", async () => {
  await dispatch("install");
  vi.useFakeTimers();
  const late = Promise.withResolvers<Response>();
  vi.stubGlobal("fetch", () => late.promise);
  const page = navigate("");
  await vi.advanceTimersByTimeAsync(3_000);
  network?.set("models/b.onnx", "b");
  late.resolve(new Response(html("main-1.js", "models/b.onnx")));
  expect(await page).toEqual({ text: html("main-1.js", "models/a.onnx"), failed: false });
  vi.useRealTimers();
  const [store] = stores.values();
  expect(store?.get("")).toContain("b.onnx");
});

it("keeps no other address in the place of the page", async () => {
  await dispatch("install");
  expect(await navigate("healthz")).toEqual({ text: undefined, failed: false });
  expect((await offline(() => navigate("index.html"))).text).toContain("main-1.js");
});

it("answers without a network what belongs to the page and to no other application", async () => {
  await dispatch("install");
  for (const path of ["static/assets/main-1.js", "models/a.onnx"]) {
    expect((await offline(() => get(path))).text).toBe(path === "models/a.onnx" ? "a" : path);
  }
  for (const path of ["healthz", "maps/data.json", "api/v1/model"]) {
    expect(await get(path)).toEqual({ text: undefined, failed: false });
  }
});

it("hands on a model that it has no room to keep", async () => {
  await dispatch("install");
  network?.set("models/b.onnx", "b");
  isFull = true;
  expect(await get("models/b.onnx")).toEqual({ text: "b", failed: false });
});

it("deletes its own older caches and nobody else's", async () => {
  await dispatch("install");
  const [mine = ""] = stores.keys();
  const others = ["maps-v1", mine.replace("/draw/", "/"), mine.replace("/draw/", "/draw/too/")];
  for (const name of [...others, `${mine}-older`]) stores.set(name, new Map());
  await dispatch("activate");
  expect([...stores.keys()]).toEqual([mine, ...others]);
});

it("keeps its page when another release arrives", async () => {
  await dispatch("install");
  network?.set("", html("main-2.js", "models/a.onnx"));
  expect((await navigate("")).text).toContain("main-2.js");
  expect((await offline(() => navigate(""))).text).toContain("main-1.js");
});

it("is not installed with the page of another release", async () => {
  network?.set("", html("main-2.js", "models/a.onnx"));
  expect(await dispatch("install")).toMatchObject({ failed: true });
});

it("keeps the page with another model once that is there", async () => {
  await dispatch("install");
  network?.set("", html("main-1.js", "models/b.onnx"));
  await navigate("");
  network?.set("models/b.onnx", "b");
  const [store] = stores.values();
  expect(store?.get("")).toContain("a.onnx");
  await navigate("");
  expect([store?.get(""), store?.get("models/b.onnx")]).toEqual([
    expect.stringContaining("b.onnx"),
    "b",
  ]);
});
