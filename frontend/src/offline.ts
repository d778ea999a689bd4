/**
 * Keeps the page for use without a network, where the browser can (over HTTPS, or on this machine).
 * Nothing depends on it, so a failure is only noted.
 */
export function keepForOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("service-worker.js").catch((error: unknown) => {
    console.info(`The page is not kept for use without a network: ${String(error)}`);
  });
}
