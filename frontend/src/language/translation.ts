import { recall, remember } from "../storage";
import { element } from "../view/page";
import {
  bestLanguage,
  direction,
  isLanguage,
  type Key,
  LANGUAGES,
  type Language,
  say,
  speak,
} from "./language";

const CHOICE = "language";

/**
 * Puts the page into the visitor's language, and into another one when they choose it. The
 * template is English; its elements name the messages that they show.
 *
 * `onChange` is told when everything that TypeScript wrote has to be written anew. Resolves when
 * the page speaks the first one.
 */
export async function translatePage(onChange: () => void): Promise<void> {
  const choice = element("language", HTMLSelectElement);
  for (const [language, name] of Object.entries(LANGUAGES)) {
    const option = new Option(name, language);
    option.lang = language;
    choice.add(option);
  }
  const change = async (language: Language) => {
    choice.value = language;
    try {
      if (!(await speak(language))) return;
      write(language);
      onChange();
    } catch {
      choice.value = document.documentElement.lang; // no network, perhaps: it speaks on as before
    }
  };
  choice.addEventListener("change", () => {
    remember(CHOICE, choice.value);
    void change(choice.value as Language);
  });
  const kept = recall(CHOICE) ?? "";
  const first = isLanguage(kept) ? kept : bestLanguage(navigator.languages);
  if (first !== "en") await change(first);
}

function write(language: Language): void {
  document.documentElement.lang = language;
  document.documentElement.dir = direction(language);
  for (const part of document.querySelectorAll<HTMLElement>("[data-text]")) {
    part.textContent = say(part.dataset["text"] as Key);
  }
  for (const part of document.querySelectorAll<HTMLElement>("[data-label]")) {
    const label = say(part.dataset["label"] as Key);
    part.setAttribute("aria-label", label);
    if (part.title !== "") part.title = label;
  }
}
