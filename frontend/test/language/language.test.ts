import { IntlMessageFormat } from "intl-messageformat";
import { afterEach, describe, expect, it } from "vitest";
import {
  bestLanguage,
  LANGUAGES,
  type Language,
  percent,
  progress,
  say,
  speak,
} from "../../src/language/language";

const FILES = import.meta.glob<Record<string, string>>("../../src/language/messages/*.json", {
  import: "default",
  eager: true,
});
const OTHERS = Object.keys(LANGUAGES).filter((language) => language !== "en");

/** What a message has to be given, however deep it lies. */
function argumentsOf(message: string): string[] {
  const parts: unknown[] = [new IntlMessageFormat(message, "en").getAst()];
  const found = new Set<string>();
  for (const part of parts) {
    if (typeof part !== "object" || part === null) continue;
    const { type, value } = part as { type?: number; value?: unknown };
    if (type !== undefined && type >= 1 && type <= 6) found.add(String(value));
    parts.push(...Object.values(part));
  }
  return [...found].sort();
}

afterEach(() => speak("en"));

describe("the message files", () => {
  it("are one for each language", () => {
    const named = Object.keys(FILES).map((path) => path.replace(/.*\/|\.json/g, ""));
    expect(named.sort()).toEqual(Object.keys(LANGUAGES).sort());
  });

  it.each(OTHERS)("in %s say everything, with the same arguments", (language) => {
    const english = FILES["../../src/language/messages/en.json"] ?? {};
    const other = FILES[`../../src/language/messages/${language}.json`] ?? {};
    expect(Object.keys(other)).toEqual(Object.keys(english));
    for (const [key, message] of Object.entries(english)) {
      expect([key, argumentsOf(other[key] ?? "")]).toEqual([key, argumentsOf(message)]);
    }
  });

  it("are in their language, not English again", () => {
    const english = Object.values(FILES["../../src/language/messages/en.json"] ?? {});
    for (const language of OTHERS) {
      const other = Object.values(FILES[`../../src/language/messages/${language}.json`] ?? {});
      const same = other.filter((text, i) => text === english[i]);
      expect([language, same.length]).toEqual([language, expect.toSatisfy((n) => n <= 3)]);
    }
  });
});

it.each([
  [["de-CH", "en"], "de"],
  [["pt-BR", "fr-CA", "en"], "fr"],
  [["zh-Hans-CN"], "zh"],
  [["AR"], "ar"],
  [["pt", "ru"], "en"],
  [[], "en"],
  [["constructor"], "en"],
] as const)("of the wanted languages %s the page speaks %s", (wanted, language) => {
  expect(bestLanguage(wanted)).toBe(language);
});

it.each([
  [0, "0.0%"],
  [0.0004, "<\u00a00.1%"],
  [0.5, "50.0%"],
  [0.9996, ">\u00a099.9%"],
  [1, "100.0%"],
])("writes a share of %f as %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

it("never says that more has come than has", () => {
  expect([0, 0.499, 0.9999, 1].map(progress)).toEqual(["0%", "49%", "99%", "100%"]);
});

it.each([
  ["de", "98,4\u00a0%"],
  ["fr", "98,4\u00a0%"],
  ["zh", "98.4%"],
  ["ar", "98.4"], // in the figures that the model reads, with marks that keep the order
] as const)("in %s writes numbers as people there do", async (language, text) => {
  await speak(language as Language);
  expect(percent(0.984)).toContain(text);
});

it("speaks the language that was chosen last", async () => {
  await speak("de");
  expect(say("answer.digit", { digit: 8 })).toBe("Das ist eine 8.");
  await speak("en");
  expect(say("answer.digit", { digit: 8 })).toBe("This is an 8.");
});
