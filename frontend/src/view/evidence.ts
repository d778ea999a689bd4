import { DIGITS, type Reasons } from "../model/prediction";

/** What each place says about one digit, -1..1, row by row; `places` to a row and rows to it. */
export interface EvidenceMap {
  readonly strength: readonly number[];
  readonly places: number;
}

/**
 * The evidence for a digit relative to the mean over all digits, as the command line paints it:
 * what speaks for all digits alike speaks for none. The strongest evidence for or against any
 * digit is 1, so that the maps of two digits can be compared.
 */
export function evidenceFor({ evidence }: Reasons, digit: number): EvidenceMap {
  const count = evidence.length / DIGITS;
  const relative = Array.from(evidence, (value, i) => value - meanAt(evidence, count, i % count));
  const strongest = Math.max(...relative.map(Math.abs)) || 1;
  const own = relative.slice(digit * count, (digit + 1) * count);
  return { strength: own.map((value) => value / strongest), places: Math.sqrt(count) };
}

function meanAt(evidence: Float32Array, count: number, place: number): number {
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) sum += evidence[digit * count + place] ?? 0;
  return sum / DIGITS;
}
