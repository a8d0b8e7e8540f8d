/** Text onto the visitor's clipboard. */

/** Answers in a sentence what came of it; `what` begins it: "The link". */
export async function toClipboard(text: string, what: string): Promise<string> {
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  const done = copied || copiedAsOfOld(text);
  return done ? `${what} is on the clipboard.` : 'The browser does not let this page copy: select the text and copy it with the keyboard.';
}

/** What a frame that was not granted the clipboard, and a page without TLS, may still do while a click is handled. */
function copiedAsOfOld(text: string): boolean {
  let taken = false;
  const give = (e: ClipboardEvent): void => {
    e.clipboardData?.setData('text/plain', text);
    e.preventDefault();
    e.stopImmediatePropagation();
    taken = true;
  };
  document.addEventListener('copy', give, { capture: true, once: true });
  document.execCommand('copy');
  document.removeEventListener('copy', give, { capture: true });
  return taken;
}
