/** What changed between two lists of lines, as diff(1) tells it: the library's edits, slid as far down as they go. */
import { diffArrays } from 'diff';

/** Lines from..to (without `to`) of each side that are not in the other. */
export interface Change {
  readonly a: readonly [from: number, to: number];
  readonly b: readonly [from: number, to: number];
}

export function changes(a: readonly string[], b: readonly string[]): Change[] {
  const [inA, inB] = [new Array<boolean>(a.length).fill(false), new Array<boolean>(b.length).fill(false)];
  let [i, j] = [0, 0];
  for (const part of diffArrays([...a], [...b])) {
    const n = part.value.length;
    if (part.removed) inA.fill(true, i, i + n);
    if (part.added) inB.fill(true, j, j + n);
    if (!part.added) i += n;
    if (!part.removed) j += n;
  }
  slide(a, inA, inB);
  slide(b, inB, inA);
  return collect(inA, inB);
}

/** A run of changed lines may as well begin one line later if its first line is the same as the one after it. */
function slide(lines: readonly string[], changed: boolean[], other: readonly boolean[]): void {
  let j = 0;
  for (let i = 0; i < lines.length; ) {
    if (!changed[i]) {
      while (other[j]) j++;
      i++;
      j++;
      continue;
    }
    let [start, end] = [i, i];
    while (changed[end]) end++;
    while (start > 0 && !changed[start - 1] && lines[start - 1] === lines[end - 1] && !other[j - 1])
      [start, end, j] = shift(changed, start, end, j, -1);
    let joined = other[j] ? end : -1;
    while (end < lines.length && !changed[end] && lines[start] === lines[end]) {
      while (other[j]) j++;
      [start, end, j] = shift(changed, start, end, j, 1);
      while (changed[end]) end++;
      if (other[j]) joined = end;
    }
    // Where the other side changes too is the better place.
    while (joined >= 0 && joined < end) [start, end, j] = shift(changed, start, end, j, -1);
    while (other[j]) j++;
    i = end;
  }
}

function shift(changed: boolean[], start: number, end: number, j: number, by: 1 | -1): [number, number, number] {
  if (by > 0) {
    changed[start] = false;
    changed[end] = true;
  } else {
    changed[start - 1] = true;
    changed[end - 1] = false;
  }
  return [start + by, end + by, j + by];
}

function collect(inA: readonly boolean[], inB: readonly boolean[]): Change[] {
  const out: Change[] = [];
  for (let [i, j] = [0, 0]; i < inA.length || j < inB.length; i++, j++) {
    if (!inA[i] && !inB[j]) continue;
    const [from, fromB] = [i, j];
    while (inA[i]) i++;
    while (inB[j]) j++;
    out.push({ a: [from, i], b: [fromB, j] });
  }
  return out;
}
