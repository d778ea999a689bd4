import { fromBase64 } from "./base64";
import { BadInk, fromCompact, type Ink, toCompact } from "./compact";
import type { DrawingLimits } from "./drawing";

/** Tells drawings from other fragments, and this form from later ones. */
const MARK = "d1.";
const MOST_BYTES = 1_000_000; // 20,000 points take 400 KB; a bomb ends here

/**
 * A drawing as the fragment of a link, which browsers never send to a server: the compact form,
 * deflated, in base64url.
 */
export async function toFragment(ink: Ink): Promise<string> {
  const packed = through(new Blob([toCompact(ink)]), new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  return MARK + toBase64Url(bytes);
}

/** Whether the fragment says that it holds a drawing. */
export function holdsDrawing(fragment: string): boolean {
  return fragment.startsWith(MARK);
}

/**
 * Reads a fragment that anybody may have written.
 *
 * Throws BadInk where it holds no drawing within the limits.
 */
export async function fromFragment(
  fragment: string,
  side: number,
  limits: DrawingLimits,
): Promise<Ink> {
  const packed = new Blob([fromBase64Url(fragment.slice(MARK.length))]);
  const text = await readText(through(packed, new DecompressionStream("deflate-raw")));
  return fromCompact(text, side, limits);
}

/** Stops at `MOST_BYTES`, before the rest is unpacked. Safari's streams are not iterable. */
async function readText(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      bytes += piece.value.length;
      if (bytes > MOST_BYTES) throw new BadInk("It is too large.");
      pieces.push(piece.value);
    }
  } catch (error) {
    reader.cancel().catch(() => {}); // the stream may have failed by itself
    throw error instanceof BadInk ? error : new BadInk("It cannot be unpacked.");
  }
  return new Blob(pieces).text();
}

function through(
  blob: Blob,
  transform: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return blob.stream().pipeThrough(transform);
}

function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw new BadInk("It is no base64.");
  }
}
