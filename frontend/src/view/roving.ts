/** How far each key goes from one control to the next; `Home` and `End` go all the way. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
/** The same where text, and so the controls, run from right to left. */
const MIRRORED_STEPS: typeof STEPS = { ...STEPS, ArrowLeft: 1, ArrowRight: -1 };

/**
 * Makes the controls one tab stop, the one that had the focus last; arrows, Home and End go among
 * them. (WAI-ARIA Authoring Practices, "roving tabindex".)
 */
export function rove(controls: readonly HTMLElement[]): void {
  const stopAt = (stop: HTMLElement | undefined) => {
    for (const control of controls) control.tabIndex = control === stop ? 0 : -1;
  };
  stopAt(controls[0]);
  controls.forEach((control, i) => {
    control.addEventListener("focus", () => stopAt(control));
    control.addEventListener("keydown", (event) => {
      const isMirrored = getComputedStyle(control).direction === "rtl";
      const step = (isMirrored ? MIRRORED_STEPS : STEPS)[event.key];
      if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault(); // the page would scroll
      controls[Math.min(Math.max(i + step, 0), controls.length - 1)]?.focus();
    });
  });
}
