/** Numbers as C prints them. */

/** printf's %.PRECISIONg. */
export function formatG(n: number, precision: number): string {
  if (Number.isNaN(n)) return isNegativeNaN(n) ? '-nan' : 'nan';
  if (!Number.isFinite(n)) return n > 0 ? 'inf' : '-inf';
  if (n === 0) return Object.is(n, -0) ? '-0' : '0';
  const [mantissa = '', exponent = '0'] = n.toExponential(precision - 1).split('e');
  const e = Number(exponent);
  if (e >= -4 && e < precision) return trimZeros(n.toFixed(Math.max(0, precision - 1 - e)));
  return `${trimZeros(mantissa)}e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`;
}

const trimZeros = (digits: string): string => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);

function isNegativeNaN(n: number): boolean {
  return (new Uint8Array(Float64Array.of(n).buffer)[7] as number) >= 0x80;
}
