/** Numbers as printf(3) writes them. */

export interface Spec {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

export function formatInteger(type: string, spec: Spec, value: bigint): string {
  const signedType = type === 'd' || type === 'i';
  const n = signedType ? value : BigInt.asUintN(64, value);
  const negative = n < 0n;
  const base = type === 'o' ? 8 : type === 'x' || type === 'X' ? 16 : 10;
  let digits = (negative ? -n : n).toString(base);
  if (spec.precision !== undefined && spec.precision >= 0) {
    if (spec.precision === 0 && n === 0n) digits = '';
    digits = digits.padStart(spec.precision, '0');
  }
  if (type === 'o' && spec.flags.includes('#') && digits[0] !== '0') digits = `0${digits}`;
  const sign = negative ? '-' : signedType && spec.flags.includes('+') ? '+' : signedType && spec.flags.includes(' ') ? ' ' : '';
  const prefix = spec.flags.includes('#') && n !== 0n && base === 16 ? '0x' : '';
  const text = pad(sign + prefix, digits, spec, spec.precision === undefined);
  return type === 'X' ? text.toUpperCase() : text;
}

function pad(head: string, body: string, spec: Spec, zeros: boolean): string {
  const width = Math.abs(spec.width ?? 0);
  if (spec.flags.includes('-') || (spec.width ?? 0) < 0) return (head + body).padEnd(width);
  if (spec.flags.includes('0') && zeros) return head + body.padStart(width - head.length, '0');
  return (head + body).padStart(width);
}

export function formatFloat(type: string, spec: Spec, value: number): string {
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? '-' : spec.flags.includes('+') ? '+' : spec.flags.includes(' ') ? ' ' : '';
  const size = Math.abs(value);
  const finite = Number.isFinite(value);
  const body = finite ? floatBody(type.toLowerCase(), spec, size) : Number.isNaN(value) ? 'nan' : 'inf';
  const text = pad(sign, body, spec, finite);
  return /[A-Z]/.test(type) ? text.toUpperCase() : text;
}

function floatBody(type: string, spec: Spec, size: number): string {
  const precision = spec.precision === undefined || spec.precision < 0 ? 6 : spec.precision;
  if (type === 'f')
    return size < 1e21 ? fixed(size, precision) : BigInt(size).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  if (type === 'e') return exponent(size.toExponential(Math.min(precision, 100)));
  if (type === 'a') return hexFloat(size);
  return general(size, precision === 0 ? 1 : precision, spec.flags.includes('#'));
}

function fixed(size: number, precision: number): string {
  const scale = 10 ** precision;
  const scaled = size * scale;
  const tie = scaled % 1 === 0.5 && scaled / scale === size && Math.floor(scaled) % 2 === 0;
  return (tie ? Math.floor(scaled) / scale : size).toFixed(Math.min(precision, 100));
}

/** At least two digits in the exponent. */
function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function general(size: number, precision: number, keepZeros: boolean): string {
  if (size === 0) return '0';
  const x = Number(size.toExponential(precision - 1).split('e')[1]);
  const text = x < -4 || x >= precision ? size.toExponential(precision - 1) : size.toFixed(Math.max(0, precision - 1 - x));
  const trimmed = keepZeros || !text.includes('.') ? text : text.replace(/\.?0+(?=e|$)/, '');
  return exponent(trimmed);
}

/** Of a long double: the digit before the point has all its four bits. */
function hexFloat(size: number): string {
  if (size === 0) return '0x0p+0';
  let e = Math.floor(Math.log2(size)) - 3;
  let m = size / 2 ** e;
  if (m >= 16) {
    m /= 2;
    e++;
  }
  let digits = '';
  for (let rest = m % 1; rest > 0 && digits.length < 15; rest = (rest * 16) % 1) digits += Math.floor(rest * 16).toString(16);
  return `0x${Math.floor(m).toString(16)}${digits === '' ? '' : `.${digits}`}p${e < 0 ? '-' : '+'}${Math.abs(e)}`;
}
