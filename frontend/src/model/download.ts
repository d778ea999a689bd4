export interface RemoteFile {
  readonly url: string;
  /** Its size when unpacked: what the network carries may be compressed. */
  readonly bytes: number;
}

/** A file did not come. Another time it may. */
export class NotFetched extends Error {}

/**
 * Fetches files side by side and says after each piece which share of all bytes is here.
 *
 * Throws NotFetched where one cannot be fetched.
 */
export async function download(
  files: readonly RemoteFile[],
  onProgress: (share: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let here = 0;
  const count = (bytes: number) => {
    here += bytes;
    onProgress(Math.min(1, here / total));
  };
  try {
    return await Promise.all(files.map((file) => fetchFile(file.url, count)));
  } catch (error) {
    throw new NotFetched(String(error));
  }
}

async function fetchFile(
  url: string,
  count: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new Error(`${url} answered with status ${response.status}.`);
  }
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      count(piece.length);
      controller.enqueue(piece);
    },
  });
  const counted = new Response(response.body.pipeThrough(counting));
  return new Uint8Array(await counted.arrayBuffer());
}
