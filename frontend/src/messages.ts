/** Every text that TypeScript writes into the page. */
export const messages = {
  invitation: "Draw a digit, anywhere and at any size.",
  nothingDrawn: "Nothing is drawn yet. Draw a digit, then ask again.",
  digit: (digit: number) => `This is ${article(digit)} ${digit}.`,
  closeCall: (digit: number, runnerUp: number) => `${digit}, or ${article(runnerUp)} ${runnerUp}.`,
  notADigit: "This does not look like a digit.",
  closest: (digit: number, confidence: string) => `The closest is ${digit}, at ${confidence}.`,
  confidence: (words: string, confidence: string) => `${words}, ${confidence}.`,
  certain: "Certain",
  confident: "Confident",
  fairlySure: "Fairly sure",
  unsure: "Unsure",
  nobodyAnswers: "The model does not run on this device, and no server may be asked.",
  device: {
    loading: (share: number) => `Fetching the model, ${Math.floor(share * 100)}\u00a0%`,
    ready: () => "The model is on this device. Nothing that you draw leaves it.",
    failed: () => "The model does not run on this device.",
  },
  origin: {
    device: (milliseconds: number) => `On this device, in ${milliseconds.toFixed(1)}\u00a0ms`,
    server: (milliseconds: number) => `By the server, in ${milliseconds.toFixed(0)}\u00a0ms`,
  },
  why: {
    evidence: (digit: number) =>
      `Blue and + speak for ${article(digit)} ${digit}, orange and \u2212 against it.`,
    needsDevice: "The reasons come with the model, when it is on this device.",
    needsDrawing: "Draw a digit first.",
  },
  tryAgain: "Your drawing is kept.",
  full: "This drawing is full. Clear it to go on.",
  serverUnreachable: "The server cannot be reached just now.",
  serverSlow: "The server takes too long to answer.",
  serverFailed: (status: number) => `The server could not answer (error ${status}).`,
  answerUnreadable: "The server's answer could not be read.",
  /** A share of 0..1. Only what is exact says 0 % or 100 %. */
  percent: (share: number): string => {
    if (share > 0 && share < 0.001) return "<\u00a00.1\u00a0%";
    if (share > 0.999 && share < 1) return ">\u00a099.9\u00a0%";
    return `${(share * 100).toFixed(1)}\u00a0%`;
  },
} as const;

function article(digit: number): string {
  return digit === 8 ? "an" : "a";
}
