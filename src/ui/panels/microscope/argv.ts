/** argv before and after a rewrite, as chips: those that both have are the same chip. */
import type { ArgvChange, Chip } from './model.ts';

export function chips(before: readonly string[], after: readonly string[]): ArgvChange {
  return { before: marked(before, after), after: marked(after, before) };
}

/** A rewrite works at the front: what follows is common. In front, a string that the other side has, too, has not changed. */
function marked(these: readonly string[], those: readonly string[]): readonly Chip[] {
  const common = commonTail(these, those);
  const others = those.slice(0, those.length - common);
  return these.map((text, i) => {
    if (i >= these.length - common) return { text, changed: false };
    const known = others.indexOf(text);
    if (known >= 0) others.splice(known, 1);
    return { text, changed: known < 0 };
  });
}

function commonTail(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}
