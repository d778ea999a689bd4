import { IntlMessageFormat, type PrimitiveType } from "intl-messageformat";
import english from "./messages/en.json";

/** Names what can be said; the texts are ICU messages in `messages/`, one file a language. */
export type Key = keyof typeof english;
type Texts = Readonly<Record<Key, string>>;

/** The languages of the page, each in its own name. */
export const LANGUAGES = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  zh: "中文",
  ar: "العربية",
} as const;
export type Language = keyof typeof LANGUAGES;

/** A text in one language, with the numbers in that language's form. */
class Speech {
  readonly #locale: string;
  readonly #texts: Texts;
  readonly #messages = new Map<Key, IntlMessageFormat>();
  readonly #percents: readonly Intl.NumberFormat[];
  readonly #time: Intl.DateTimeFormat;

  constructor(language: Language, texts: Texts) {
    this.#locale = `${language}-u-nu-latn`; // the figures that the model reads
    this.#texts = texts;
    this.#percents = [0, 1].map(
      (digits) =>
        new Intl.NumberFormat(this.#locale, { style: "percent", minimumFractionDigits: digits }),
    );
    this.#time = new Intl.DateTimeFormat(this.#locale, { dateStyle: "medium", timeStyle: "short" });
  }

  say(key: Key, values: Readonly<Record<string, PrimitiveType>>): string {
    let message = this.#messages.get(key);
    if (message === undefined) {
      message = new IntlMessageFormat(this.#texts[key], this.#locale);
      this.#messages.set(key, message);
    }
    return String(message.format(values));
  }

  percent(share: number, digits: 0 | 1): string {
    return this.#percents[digits]?.format(share) ?? "";
  }

  time(time: Date): string {
    return this.#time.format(time);
  }
}

const LOADERS = import.meta.glob<Texts>(["./messages/*.json", "!./messages/en.json"], {
  import: "default",
});

let speech = new Speech("en", english);
let newest = 0; // wish for a language

/**
 * From now on everything is said in this language, unless another one was asked for meanwhile.
 *
 * Whether it is. Throws where its texts cannot be fetched.
 */
export async function speak(language: Language): Promise<boolean> {
  const mine = ++newest;
  const texts = await LOADERS[`./messages/${language}.json`]?.();
  if (mine !== newest) return false;
  speech = new Speech(language, texts ?? english);
  return true;
}

export function say(key: Key, values: Readonly<Record<string, PrimitiveType>> = {}): string {
  return speech.say(key, values);
}

/** A share of 0..1 in per cent. Only what is exact says 0 or 100. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return say("answer.below", { share: speech.percent(0.001, 1) });
  if (share > 0.999 && share < 1) return say("answer.above", { share: speech.percent(0.999, 1) });
  return speech.percent(share, 1);
}

/** The same without decimals, never more than is there: how far something has come. */
export function progress(share: number): string {
  return speech.percent(Math.floor(share * 100) / 100, 0);
}

/** Day and time of day. */
export function time(when: Date): string {
  return speech.time(when);
}

/** The first language that the visitor wants and the page has; else English. */
export function bestLanguage(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "").find(isLanguage);
  return known ?? "en";
}

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text);
}

/** Which way the language's lines run. */
export function direction(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}
