import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { say } from "../../src/language/language";
import { predict } from "../../src/model/server";

const PICTURE = new Blob([new Uint8Array([1, 2, 3])], { type: "image/png" });
const PREDICTION = {
  digit: 1,
  confidence: 0.91,
  is_digit: true,
  probabilities: [0.01, 0.91, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01],
};

const BUSY = "The server has too much to do just now.";

let servers: Server[] = [];
let received = "";
let requests = 0;

/** A server that gives every request this answer; null never answers. */
async function answering(status: number, body: string | null): Promise<string> {
  return serving((response) => body !== null && response.writeHead(status).end(body));
}

/** A server that is busy this often, and then answers. */
async function busyAtFirst(times: number, status: number, retryAfter: string): Promise<string> {
  return serving((response) => {
    if (requests > times) return response.end(JSON.stringify(PREDICTION));
    return response.writeHead(status, { "Retry-After": retryAfter }).end(`{"type": "busy"}`);
  });
}

async function serving(answer: (response: ServerResponse) => void): Promise<string> {
  requests = 0;
  const server = createServer(async (request, response) => {
    received = "";
    for await (const part of request) received += part;
    requests++;
    answer(response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function ask(url: string) {
  return predict(url, PICTURE, new AbortController().signal);
}

beforeEach(() => {
  vi.spyOn(console, "info").mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

describe("predict", () => {
  it("sends the picture and reads the prediction", async () => {
    const url = await answering(200, JSON.stringify({ ...PREDICTION, model: { name: "digits" } }));
    const { answer, reasons } = await ask(url);
    expect(answer).toMatchObject(PREDICTION);
    expect(reasons).toBeUndefined();
    expect(received).toBe("\u0001\u0002\u0003");
  });

  it.each([503, 429])("comes again when a server that is busy (%s) says", async (status) => {
    const { answer } = await ask(await busyAtFirst(2, status, "0"));
    expect(answer).toMatchObject(PREDICTION);
    expect(requests).toBe(3);
  });

  it("gives up on a server that stays busy, or for longer than a visitor waits", async () => {
    await expect(ask(await busyAtFirst(9, 503, "0"))).rejects.toThrow(BUSY);
    expect(requests).toBe(3);
    for (const long of ["60", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
      await expect(ask(await busyAtFirst(9, 503, long))).rejects.toThrow(BUSY);
      expect(requests).toBe(1);
    }
  });

  it("waits no longer for a busy server than it is asked to", async () => {
    const asking = new AbortController();
    const answer = predict(await busyAtFirst(1, 503, "3"), PICTURE, asking.signal);
    setTimeout(() => asking.abort(new Error("enough")), 50);
    await expect(answer).rejects.toThrow("enough");
    expect(requests).toBe(1);
  });

  it("reads the reasons that come with it", async () => {
    const reasons = {
      ink: Array(28).fill(Array(28).fill(0.5)),
      placement: [1, 2, 3, 4],
      evidence: Array.from({ length: 10 }, (_, digit) => Array(7).fill(Array(7).fill(digit))),
    };
    const read = await ask(await answering(200, JSON.stringify({ ...PREDICTION, ...reasons })));
    expect(read.reasons?.ink).toEqual(new Float32Array(784).fill(0.5));
    expect(read.reasons?.placement).toEqual(new Float32Array([1, 2, 3, 4]));
    expect(read.reasons?.evidence[3 * 49]).toBe(3);
  });

  it.each([
    { ink: [[1]], placement: [1, 2, 3, 4], evidence: [[[1]]] },
    { ink: Array(784).fill(0), placement: ["1", 2, 3, 4], evidence: Array(490).fill(0) },
    { ink: Array(784).fill(0), placement: [1, 2, 3, 4], evidence: Array(480).fill(0) },
  ])("takes the answer without reasons that cannot be shown", async (reasons) => {
    const read = await ask(await answering(200, JSON.stringify({ ...PREDICTION, ...reasons })));
    expect(read.reasons).toBeUndefined();
    expect(read.answer).toMatchObject(PREDICTION);
  });

  it.each(["nothing-drawn", "https://example.org/problems/nothing-drawn"])(
    "takes a problem of type %s as a blank drawing",
    async (type) => {
      const url = await answering(422, JSON.stringify({ type, detail: "Draw a digit first." }));
      expect((await ask(url)).answer).toBe("nothing-drawn");
    },
  );

  it.each([
    [503, "busy", BUSY],
    [429, "https://example.org/problems/rate-limited", BUSY],
    [503, "invalid-model", "The server could not answer (error 503)."],
    [413, "body-too-large", "The server could not answer (error 413)."],
  ])("says what status %s, problem %s means, and logs its detail", async (status, type, words) => {
    const url = await answering(status, JSON.stringify({ type, detail: "For programs." }));
    await expect(ask(url)).rejects.toThrow(words);
    expect(console.info).toHaveBeenCalledExactlyOnceWith(expect.any(String), "For programs.");
  });

  it("says the status of an error without a readable body", async () => {
    const url = await answering(502, "<h1>Bad gateway</h1>");
    await expect(ask(url)).rejects.toThrow(say("trouble.failed", { status: 502 }));
  });

  it.each([
    "no JSON",
    "null",
    JSON.stringify({ ...PREDICTION, probabilities: [1] }),
    JSON.stringify({ ...PREDICTION, digit: "1" }),
  ])("refuses the answer %s", async (body) => {
    const url = await answering(200, body);
    await expect(ask(url)).rejects.toThrow(say("trouble.unreadable"));
  });

  it("says so when nobody listens", async () => {
    const url = await answering(200, "");
    await new Promise((resolve) => servers[0]?.close(resolve));
    await expect(ask(url)).rejects.toThrow(say("trouble.unreachable"));
  });

  it("fails with the caller's own reason when the caller gives up", async () => {
    const url = await answering(200, null);
    const caller = new AbortController();
    const answer = predict(url, PICTURE, caller.signal);
    setTimeout(() => caller.abort(new Error("newer drawing")), 20);
    await expect(answer).rejects.toThrow("newer drawing");
  });
});
