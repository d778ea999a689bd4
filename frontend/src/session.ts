import type { Ink } from "./ink/compact";
import { Drawing, type DrawingLimits, type Photo, type Point, type Sheet } from "./ink/drawing";
import type { KeptDrawing, KeptDrawings } from "./ink/kept";
import { BadPhoto } from "./ink/photo";
import { SheetPicture } from "./ink/picture";
import { Replay } from "./ink/replay";
import type { StrokeListener } from "./input/pointer";
import type { Actions, Toolbar } from "./input/tools";
import { say } from "./language/language";
import { Asking, type Server } from "./model/asking";
import type { Device } from "./model/device";
import { Newest } from "./model/newest";
import { type Answer, NoAnswer, type Reading } from "./model/prediction";
import type { AnswerView } from "./view/answer";
import type { CanvasView } from "./view/canvas";
import { failure, invite, toVerdict } from "./view/verdict";
import type { WhyView } from "./view/why";

/** Canvas units around the pointer; a finger is no needle. */
const ERASER_RADIUS = 6;
/** A tap within this distance of the last point lifts the pen. */
const SAME_PLACE = 8;

export interface SessionParts {
  readonly view: CanvasView;
  readonly answer: AnswerView;
  readonly why: WhyView;
  readonly device: Device;
  readonly server: Server;
  readonly kept: KeptDrawings;
  /** Shows the width that lines have now. */
  showLineWidth(lineWidth: number): void;
}

/** One visitor at one sheet of paper: what they do changes it, and the answer follows. */
export class Session implements StrokeListener, Actions {
  readonly asking: Asking;
  readonly #parts: SessionParts;
  readonly #drawing: Drawing;
  readonly #picture: SheetPicture;
  readonly #replay = new Replay();
  readonly #awaited = new Newest(); // picture or drawing
  #toolbar: Toolbar | undefined;
  #result: Reading | NoAnswer | undefined; // the last one
  #isFinal = true; // whether that answers what was asked last
  #refusal: (() => string) | undefined; // what the answer panel says in place of an answer

  constructor(side: number, limits: DrawingLimits, lineWidth: number, parts: SessionParts) {
    this.#parts = parts;
    this.#drawing = new Drawing(limits, lineWidth);
    this.#picture = new SheetPicture(side);
    this.asking = new Asking(this.#picture, parts.device, parts.server, {
      wait: () => this.#wait(),
      show: (result, isFinal) => this.#show(result, isFinal),
    });
    parts.view.onResize(() => this.repaint());
  }

  /** The buttons that act on this session; they show what can be done. */
  useToolbar(toolbar: Toolbar): void {
    this.#toolbar = toolbar;
    toolbar.update(this.#drawing);
  }

  get isEmpty(): boolean {
    return this.#drawing.isEmpty;
  }

  /** The strokes on the paper; none where it is empty or holds a picture. */
  get ink(): Ink | undefined {
    const { strokes, lineWidth } = this.#drawing.sheet;
    return strokes.length === 0 ? undefined : { strokes, lineWidth };
  }

  /** Whether a stroke was begun and not ended. */
  get isPenDown(): boolean {
    return this.#drawing.isPenDown;
  }

  /** The picture that is read, as a file. */
  png(): Blob {
    return this.#picture.png();
  }

  begin(point: Point): boolean {
    this.#stopReplay();
    this.#awaited.cancel();
    if (this.#toolbar?.tool === "eraser") return this.#erase([point]);
    if (this.#toolbar?.tool === "points") return this.#place(point);
    return this.#beginStroke(point);
  }

  extend(points: readonly Point[]): void {
    if (this.#toolbar?.tool === "eraser") this.#erase(points);
    else this.#extendStroke(points);
  }

  end(): void {
    this.#drawing.end();
    this.ask();
  }

  undo(): void {
    this.#drawing.undo();
    this.#changed();
  }

  redo(): void {
    this.#drawing.redo();
    this.#changed();
  }

  clear(): void {
    this.#drawing.clear();
    this.#changed();
  }

  /** A drawing that was made before; `begun` where it is one of the visitor's own. */
  open({ strokes, lineWidth }: Ink, begun?: number): void {
    this.#lay({ strokes, lineWidth, begun });
  }

  /** The same, drawn again before the visitor's eyes. */
  replay(ink: Ink, begun?: number): void {
    this.open(ink, begun);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const paint = (strokes: Sheet["strokes"]) => {
      this.#paint({ ...this.#drawing.sheet, strokes });
      this.#follow();
    };
    this.#replay.start(ink.strokes, paint, () => this.ask());
  }

  /** A drawing that is still read; it does not come where the sheet changes before it does. */
  async openWhenRead(ink: () => Promise<Ink>): Promise<void> {
    try {
      const read = await this.#awaited.run(ink);
      if (read !== undefined) this.open(read);
    } catch {
      this.refuse(() => say("share.bad-link"));
    }
  }

  bring(photo: Photo): void {
    this.#lay({ strokes: [], lineWidth: this.#drawing.sheet.lineWidth, photo });
  }

  /** A picture that is still read; it does not come where the sheet changes before it does. */
  async bringWhenRead(photo: () => Promise<Photo>): Promise<void> {
    try {
      const read = await this.#awaited.run(photo);
      if (read !== undefined) this.bring(read);
    } catch (error) {
      if (!(error instanceof BadPhoto)) throw error;
      this.refuse(error.inWords);
    }
  }

  /**
   * Says why something was not done; the paper stays, and an answer that is on its way does not
   * take the words' place. `reason` is asked in each language.
   */
  refuse(reason: () => string): void {
    this.#refusal = reason;
    this.#parts.answer.show(failure(reason(), ""));
  }

  /** What the answer panel says, in the language that the page speaks now. Nobody is asked. */
  speakAgain(): void {
    if (this.#refusal !== undefined) this.refuse(this.#refusal);
    else if (this.#result !== undefined) this.#say(this.#result);
    else this.#parts.answer.show(invite(), this.isEmpty); // an answer may be on its way
  }

  /** An answer to the paper as it is. */
  ask(): void {
    this.#refusal = undefined;
    this.#toolbar?.update(this.#drawing);
    if (!this.#drawing.isEmpty) {
      this.#keep(); // the answer may be long in coming
      this.asking.ask();
    } else {
      this.asking.cancel();
      this.#result = undefined;
      this.#parts.answer.show(invite());
      this.#parts.why.show(undefined);
    }
  }

  setLineWidth(lineWidth: number): void {
    this.#drawing.setLineWidth(lineWidth);
    this.repaint();
    if (!this.#drawing.isEmpty) this.#follow();
  }

  repaint(): void {
    this.#paint(this.#drawing.sheet);
  }

  #beginStroke(point: Point): boolean {
    const wasPhoto = this.#drawing.sheet.photo !== undefined;
    if (!this.#drawing.begin(point)) {
      this.refuse(() => say("trouble.full"));
      return false;
    }
    if (wasPhoto) this.repaint();
    else this.#paintNewest(0);
    this.#follow();
    return true;
  }

  #extendStroke(points: readonly Point[]): void {
    const painted = this.#drawing.strokes.at(-1)?.length ?? 0;
    const areTaken = points.map((point) => this.#drawing.extend(point));
    this.#paintNewest(painted);
    this.#follow();
    if (areTaken.includes(false)) this.refuse(() => say("trouble.full"));
  }

  /** Always false: no stroke follows the pointer. */
  #place(point: Point): false {
    const last = this.#drawing.strokes.at(-1)?.at(-1);
    const isLast =
      this.#drawing.isPenDown &&
      last !== undefined &&
      Math.hypot(last.x - point.x, last.y - point.y) < SAME_PLACE;
    if (!this.#drawing.isPenDown && !this.#beginStroke(point)) return false;
    if (isLast) this.#drawing.end();
    else this.#extendStroke([point]); // where it begins already, this adds nothing
    this.ask();
    return false;
  }

  /** Always true: the eraser may go on from where nothing is. */
  #erase(points: readonly Point[]): true {
    const reach = this.#drawing.sheet.lineWidth / 2 + ERASER_RADIUS;
    const erased = points.filter((point) => this.#drawing.erase(point, reach));
    if (erased.length > 0) this.#changed();
    return true;
  }

  #lay(sheet: Sheet): void {
    this.#drawing.lay(sheet);
    this.#changed();
  }

  #changed(): void {
    this.#replay.stop();
    this.#awaited.cancel();
    this.#parts.showLineWidth(this.#drawing.sheet.lineWidth);
    this.repaint();
    this.ask();
  }

  #stopReplay(): void {
    if (this.#replay.stop()) this.repaint();
  }

  #paint(sheet: Sheet): void {
    this.#parts.view.paint(sheet);
    this.#picture.paint(sheet);
  }

  #paintNewest(first: number): void {
    const { strokes, lineWidth } = this.#drawing.sheet;
    const newest = strokes.at(-1) ?? [];
    this.#parts.view.paintFrom(newest, first, lineWidth);
    this.#picture.paintFrom(newest, first, lineWidth);
  }

  #follow(): void {
    this.#refusal = undefined;
    this.asking.follow();
  }

  #wait(): void {
    this.#isFinal = false;
    this.#parts.answer.wait();
  }

  #show(result: Reading | NoAnswer, isFinal: boolean): void {
    this.#result = result;
    this.#isFinal = isFinal;
    if (this.#refusal === undefined) this.#say(result);
    if (isFinal && !(result instanceof NoAnswer)) this.#keep(digitIn(result.answer));
  }

  #say(result: Reading | NoAnswer): void {
    this.#parts.answer.show(toVerdict(result), this.#isFinal);
    this.#parts.why.show(result instanceof NoAnswer ? undefined : result);
  }

  /** The visitor's own strokes, with what was read in them once it was. */
  #keep(digit?: KeptDrawing["digit"]): void {
    const { ink } = this;
    const { begun } = this.#drawing.sheet;
    if (ink !== undefined && begun !== undefined) this.#parts.kept.keep({ begun, ink, digit });
  }
}

function digitIn(answer: Answer): KeptDrawing["digit"] {
  if (answer === "nothing-drawn") return undefined;
  return answer.is_digit ? answer.digit : "none";
}
