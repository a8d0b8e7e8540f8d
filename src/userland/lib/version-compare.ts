/** Ordering of names by the numbers in them. Follows gnulib's filevercmp (sort -V, ls -v). */

export function versionCompare(a: string, b: string): number {
  if (a === b) return 0;
  const special = compareSpecial(a, b);
  if (special !== null) return special;
  const [aStem, bStem] = [stem(a), stem(b)];
  const byStem = aStem === bStem ? 0 : compareRuns(aStem, bStem);
  return byStem || compareRuns(a, b) || (a < b ? -1 : 1);
}

/** Empty, "." and ".." come first in that order; then names with a leading dot. */
function compareSpecial(a: string, b: string): number | null {
  for (const first of ['', '.', '..']) {
    if (a === first) return -1;
    if (b === first) return 1;
  }
  const aHidden = a.startsWith('.');
  return aHidden === b.startsWith('.') ? null : aHidden ? -1 : 1;
}

/** Without the suffix: `(\.[A-Za-z~][A-Za-z0-9~]*)*$`. */
function stem(name: string): string {
  const hidden = name.startsWith('.') ? 1 : 0;
  return name.slice(0, hidden) + name.slice(hidden).replace(/(\.[A-Za-z~][A-Za-z0-9~]*)*$/, '');
}

/** Runs of non-digits and of digits in turn. */
function compareRuns(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const difference = weight(a, i) - weight(b, j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    const [x, y] = [digits(a, i), digits(b, j)];
    const byNumber = compareDigits(x, y);
    if (byNumber !== 0) return byNumber;
    i += x.length;
    j += y.length;
  }
  return 0;
}

function isDigit(text: string, i: number): boolean {
  return /^[0-9]$/.test(text[i] ?? '');
}

/** "~" before the end, then digits and the end, then letters, then the rest. */
function weight(text: string, i: number): number {
  const c = text[i];
  if (c === undefined) return -1;
  if (/[0-9]/.test(c)) return 0;
  if (/[A-Za-z]/.test(c)) return c.charCodeAt(0);
  return c === '~' ? -2 : c.charCodeAt(0) + 256;
}

function digits(text: string, i: number): string {
  return /^[0-9]*/.exec(text.slice(i))?.[0] ?? '';
}

function compareDigits(x: string, y: string): number {
  const [a, b] = [x.replace(/^0+/, ''), y.replace(/^0+/, '')];
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
