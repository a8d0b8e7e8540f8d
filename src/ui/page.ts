/** The page at /: its one element starts by itself; what is left to do here waits until it has. */
import './main.ts';

/** Milliseconds after the machine has booted: by then the prompt stands, and what comes after it has come. */
const LATER = 3000;

document.querySelector('.note')?.remove();
void document.querySelector('binfmt-lab')?.ready.then(() => setTimeout(keep, LATER));

async function keep(): Promise<void> {
  const { keepOffline } = await import('./offline.ts');
  await keepOffline();
}
