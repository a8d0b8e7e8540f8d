/** Sizes for people, and numbers with a suffix from them. */

const POWERS = 'KMGTPEZY';

/** As `ls -h`: one decimal below ten, rounded up. */
export function humanSize(bytes: number, base: 1000 | 1024 = 1024): string {
  if (bytes < base) return String(bytes);
  let value = bytes;
  let power = -1;
  while (value >= base && power < POWERS.length - 1) {
    value /= base;
    power++;
  }
  const unit = (i: number): string => (base === 1000 && i === 0 ? 'k' : (POWERS[i] ?? ''));
  const tenths = Math.ceil(value * 10 - 1e-9);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)}${unit(power)}`;
  const whole = Math.ceil(value - 1e-9);
  return whole === base ? `1.0${unit(power + 1)}` : `${whole}${unit(power)}`;
}

/** "10", "1k", "2MB", "3KiB", "5b": what head -c and its kin take; null if it is not that. */
export function parseSize(text: string): number | null {
  const m = /^(\d+)(b|[kKMGTPEZY](?:B|iB)?)?$/.exec(text);
  if (!m) return null;
  const count = Number(m[1]);
  const suffix = m[2] ?? '';
  if (suffix === '') return count;
  if (suffix === 'b') return count * 512;
  const power = POWERS.indexOf((suffix[0] as string).toUpperCase()) + 1;
  return count * (suffix.endsWith('B') && !suffix.endsWith('iB') ? 1000 : 1024) ** power;
}
