import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ink } from "../src/ink/compact";
import type { Point } from "../src/ink/drawing";
import { KeptDrawings } from "../src/ink/kept";
import { BadPhoto } from "../src/ink/photo";
import type { Picture } from "../src/ink/picture";
import type { Tool, Toolbar } from "../src/input/tools";
import { speak } from "../src/language/language";
import type { Reading } from "../src/model/prediction";
import { Session, type SessionParts } from "../src/session";
import type { Verdict } from "../src/view/verdict";
import { NoCanvas, SmallStorage } from "./fakes";

const SIDE = 280;
const LIMITS = { strokes: 3, points: 20 };
const READ = { digit: 3, confidence: 1, is_digit: true, probabilities: Array(10).fill(0.1) };

let shown: Verdict[];
let reads: number;
let widths: number[];
let tool: Tool;
let kept: KeptDrawings;
let session: Session;

function at(x: number, y = 50): Point {
  return { x, y, time: x, pressure: 0.5 };
}

function ink(x: number, lineWidth = 22): Ink {
  return { lineWidth, strokes: [[{ x, y: 1, time: 0, pressure: 0.5 }]] };
}

/** Draws one stroke and waits for its answer. */
async function draw(...xs: number[]): Promise<void> {
  const [first = 0, ...others] = xs;
  session.begin(at(first));
  session.extend(others.map((x) => at(x)));
  session.end();
  await answered();
}

async function answered(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

/** Where each kept drawing begins, the newest first. */
function keptPlaces(): number[] {
  return kept.list().map(({ ink }) => ink.strokes[0]?.[0]?.x ?? -1);
}

beforeEach(() => {
  vi.stubGlobal("OffscreenCanvas", NoCanvas);
  vi.stubGlobal("localStorage", new SmallStorage());
  vi.stubGlobal("requestAnimationFrame", (task: () => void) => queueMicrotask(task));
  vi.useFakeTimers({ toFake: ["Date"] });
  shown = [];
  reads = 0;
  widths = [];
  tool = "pen";
  kept = new KeptDrawings(SIDE, LIMITS);
  const read = async (_: Picture): Promise<Reading> => {
    reads++;
    return { answer: READ, source: "device", milliseconds: 1 };
  };
  const parts = {
    view: { paint() {}, paintFrom() {}, onResize() {} },
    answer: { wait() {}, show: (verdict: Verdict) => shown.push(verdict) },
    why: { show() {} },
    device: { state: "ready", read },
    server: () => Promise.reject(new Error("Nobody asks the server.")),
    kept,
    showLineWidth: (width: number) => widths.push(width),
  } as unknown as SessionParts;
  session = new Session(SIDE, LIMITS, 22, parts);
  const toolbar = { update() {} };
  Object.defineProperty(toolbar, "tool", { get: () => tool });
  session.useToolbar(toolbar as unknown as Toolbar);
});

function nextMinute(): void {
  vi.setSystemTime(Date.now() + 60_000);
}

describe("what is kept", () => {
  it("is each drawing of the visitor's, as it is now", async () => {
    await draw(10);
    await draw(11);
    session.clear();
    nextMinute();
    await draw(100);
    expect(keptPlaces()).toEqual([100, 10]);
    expect(kept.list()[1]?.ink.strokes).toHaveLength(2);
  });

  it("stays when undo goes back over clear", async () => {
    await draw(10);
    session.clear();
    nextMinute();
    await draw(100);
    session.undo();
    session.undo();
    await answered();
    expect(keptPlaces()).toEqual([100, 10]);
  });

  it("stays when undo goes back over a drawing that was opened", async () => {
    await draw(10);
    const [first] = kept.list();
    session.clear();
    nextMinute();
    await draw(100);
    session.open(first?.ink ?? ink(0), first?.begun);
    await answered();
    session.undo();
    await answered();
    expect(keptPlaces()).toEqual([100, 10]);
  });

  it("is there before anybody has read it, and where nobody does", () => {
    session.begin(at(10));
    session.end();
    expect(kept.list()).toMatchObject([{ ink: { lineWidth: 22 }, digit: undefined }]);
    session.clear();
    expect(keptPlaces()).toEqual([10]);
  });

  it("is no example, no link and no picture, until the visitor draws on it", async () => {
    session.open(ink(5));
    await answered();
    session.bring({ width: 9, height: 9, image: new NoCanvas(9, 9) as unknown as OffscreenCanvas });
    await answered();
    session.undo();
    await answered();
    expect(keptPlaces()).toEqual([]);
    await draw(60);
    expect(kept.list()[0]?.ink.strokes).toHaveLength(2);
  });
});

describe("a picture that is read", () => {
  const photo = { width: 9, height: 9, image: new NoCanvas(9, 9) as unknown as OffscreenCanvas };

  it("is laid when it is there, or why it cannot be is said", async () => {
    await session.bringWhenRead(async () => photo);
    expect([session.isEmpty, session.ink]).toEqual([false, undefined]);
    await session.bringWhenRead(() => Promise.reject(new BadPhoto(() => "No picture.")));
    expect(shown.at(-1)?.headline).toBe("No picture.");
  });

  it.each([
    ["a stroke begins", () => session.begin(at(10))],
    ["another drawing is opened", () => session.open(ink(5))],
  ])("comes too late when %s", async (_, change) => {
    const [read, bad] = [Promise.withResolvers<typeof photo>(), Promise.withResolvers<never>()];
    const late = session.bringWhenRead(() => read.promise);
    change();
    read.resolve(photo);
    await late;
    const refused = session.bringWhenRead(() => bad.promise);
    change();
    bad.reject(new BadPhoto(() => "No picture."));
    await refused;
    expect(session.ink?.strokes[0]).toHaveLength(1);
    expect(shown.map(({ headline }) => headline)).not.toContain("No picture.");
  });
});

describe("a drawing that is sent", () => {
  it("is opened when it is unpacked, or why it cannot be is said", async () => {
    await session.openWhenRead(async () => ink(5));
    expect(session.ink?.strokes[0]?.[0]?.x).toBe(5);
    await session.openWhenRead(() => Promise.reject(new Error("cut off")));
    expect(shown.at(-1)?.state).toBe("error");
    expect(session.isEmpty).toBe(false);
  });

  it("takes no place of a stroke that began meanwhile", async () => {
    const { promise, resolve } = Promise.withResolvers<Ink>();
    const late = session.openWhenRead(() => promise);
    session.begin(at(10));
    resolve(ink(5));
    await late;
    session.extend([at(11)]);
    expect(session.ink?.strokes).toMatchObject([[{ x: 10 }, { x: 11 }]]);
  });
});

describe("the line width", () => {
  it("is that of a drawing that is opened, and undo brings the old one back", () => {
    session.open(ink(5, 15));
    session.undo();
    expect(widths).toEqual([15, 22]);
  });

  it("may be changed without a step of undo", async () => {
    await draw(10);
    session.setLineWidth(25);
    expect(session.ink?.lineWidth).toBe(25);
    session.undo();
    expect(session.isEmpty).toBe(true);
  });
});

describe("a refusal", () => {
  it("says that the drawing is full, with each tool", async () => {
    for (const x of [10, 20, 30]) await draw(x);
    for (const each of ["pen", "points"] as const) {
      tool = each;
      expect(session.begin(at(40))).toBe(false);
      await answered();
      expect(shown.at(-1)?.headline).toContain("full");
    }
    expect(kept.list()[0]?.ink.strokes).toHaveLength(3);
  });

  it("is said again in another language, until something else is shown", async () => {
    session.refuse(() => "No.");
    session.speakAgain();
    expect(shown.map(({ headline }) => headline)).toEqual(["No.", "No."]);
    await draw(10);
    session.speakAgain();
    await answered();
    expect(shown.at(-1)?.state).toBe("answer");
  });
});

describe("another language", () => {
  afterEach(() => speak("en"));

  it("says the same answer, for which nobody is asked again", async () => {
    await draw(10);
    const before = reads;
    await speak("de");
    session.speakAgain();
    await answered();
    expect(shown.at(-1)?.headline).toBe("3, oder eine 0.");
    expect(reads).toBe(before);
  });

  it("keeps no drawing whose stroke is still being drawn", async () => {
    session.begin(at(10));
    session.speakAgain();
    await answered();
    expect(keptPlaces()).toEqual([]);
  });

  it("says the invitation where nothing is drawn any more", async () => {
    await draw(10);
    session.clear();
    session.speakAgain();
    expect(shown.at(-1)?.state).toBe("empty");
  });
});

describe("an answer that comes after a refusal", () => {
  it("is kept and does not take its place", async () => {
    session.begin(at(10));
    session.end();
    session.refuse(() => "No.");
    await answered();
    expect(shown.at(-1)?.headline).toBe("No.");
    expect(keptPlaces()).toEqual([10]);
  });

  it("is shown once the pen moves again", async () => {
    await draw(10);
    session.refuse(() => "No.");
    session.begin(at(20));
    await answered();
    expect(shown.at(-1)?.state).toBe("answer");
  });
});

describe("points", () => {
  it("join until the last one is tapped again", () => {
    tool = "points";
    for (const x of [10, 60, 120]) session.begin(at(x));
    expect(session.isPenDown).toBe(true);
    session.begin(at(121));
    expect(session.isPenDown).toBe(false);
    session.begin(at(200));
    expect(session.ink?.strokes.map((stroke) => stroke.map(({ x }) => x))).toEqual([
      [10, 60, 120],
      [200],
    ]);
  });
});
