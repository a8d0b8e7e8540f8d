/** Keeps the page for times without a network: registers the service worker that the build makes. */
import { base } from './base.ts';

/** Milliseconds until what comes after the prompt has come: the whole page is fetched once more, for the store. */
const LATER = 3000;

const look = `.update{position:fixed;right:1rem;bottom:2.6rem;z-index:2;display:flex;flex-wrap:wrap;gap:.5rem .8rem;align-items:center;max-width:calc(100vw - 2rem);box-sizing:border-box;padding:.6rem .8rem;border:1px solid light-dark(#d6d3cc,#2b343b);border-radius:10px;background:light-dark(#fff,#161b1f);color:light-dark(#1d2327,#e3e8ea);font:14px/1.4 system-ui,sans-serif;box-shadow:0 4px 16px rgb(0 0 0/.18)}
.update button{font:600 13px system-ui,sans-serif;min-height:2rem;padding:.3rem .8rem;border-radius:7px;border:1px solid light-dark(#d6d3cc,#2b343b);background:transparent;color:inherit;cursor:pointer}
.update button:first-of-type{background:light-dark(#0b6560,#4fc7bd);border-color:transparent;color:light-dark(#fff,#0b1716)}
.update :focus-visible{outline:2px solid light-dark(#0b6560,#4fc7bd);outline-offset:2px}`;

/** Does nothing where the browser has no service workers, or keeps nothing for this page: a sandbox, a private window. */
export async function keepOffline(): Promise<void> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  await new Promise((resolve) => setTimeout(resolve, LATER));
  const registration = await navigator.serviceWorker.register(`${base}sw.js`).catch(() => null);
  if (!registration) return;
  if (registration.waiting !== null) offer(registration.waiting);
  registration.addEventListener('updatefound', () => watch(registration));
}

/** A first version waits for nobody; a later one waits for the visitor. */
function watch({ installing }: ServiceWorkerRegistration): void {
  installing?.addEventListener('statechange', () => {
    if (installing.state === 'installed' && navigator.serviceWorker.controller !== null) offer(installing);
  });
}

function offer(next: ServiceWorker): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  document.adoptedStyleSheets.push(sheet);
  const box = Object.assign(document.createElement('div'), { className: 'update', role: 'status' });
  box.append(
    'There is a newer version of this page.',
    button('Load it', () => take(next)),
    button('Later', () => box.remove()),
  );
  document.body.append(box);
}

function take(next: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  next.postMessage('take over');
}

function button(textContent: string, onclick: () => void): HTMLButtonElement {
  return Object.assign(document.createElement('button'), { type: 'button', textContent, onclick });
}
