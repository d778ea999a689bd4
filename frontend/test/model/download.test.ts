import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { download, NotFetched } from "../../src/model/download";

let server: Server;

async function serving(files: Record<string, Uint8Array>): Promise<string> {
  server = createServer((request, response) => {
    const file = files[request.url ?? ""];
    if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => server.close());

it("fetches files whole and counts their bytes together", async () => {
  const [small, large] = [new Uint8Array(100).fill(1), new Uint8Array(300_000).fill(2)];
  const origin = await serving({ "/small": small, "/large": large });
  const shares: number[] = [];
  const files = await download(
    [
      { url: `${origin}/small`, bytes: small.length },
      { url: `${origin}/large`, bytes: large.length },
    ],
    (share) => shares.push(share),
  );
  expect(files).toEqual([small, large]);
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});

it("names the file that is not there", async () => {
  const origin = await serving({});
  await expect(download([{ url: `${origin}/model`, bytes: 1 }], () => {})).rejects.toThrow(
    `${origin}/model answered with status 404.`,
  );
});

it("tells a connection that is lost from what else may go wrong", async () => {
  server = createServer((_, response) => {
    response.writeHead(200, { "Content-Length": 100 }).write("part");
    setTimeout(() => response.destroy(), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`;
  await expect(download([{ url, bytes: 100 }], () => {})).rejects.toBeInstanceOf(NotFetched);
});
