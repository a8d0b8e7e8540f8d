/** printf(3)'s conversions of numbers. */

export interface Conversion {
  readonly flags: string;
  readonly width: number;
  /** -1 for none. */
  readonly precision: number;
  /** d i o u x X f F e E g G a A. */
  readonly letter: string;
}

export function formatInteger(value: bigint, how: Conversion): string {
  const unsigned = how.letter === 'd' || how.letter === 'i' ? value : BigInt.asUintN(64, value);
  const base = { o: 8, x: 16, X: 16 }[how.letter] ?? 10;
  let digits = (unsigned < 0n ? -unsigned : unsigned).toString(base);
  if (how.letter === 'X') digits = digits.toUpperCase();
  if (how.precision >= 0) digits = how.precision === 0 && value === 0n ? '' : digits.padStart(how.precision, '0');
  let prefix = unsigned < 0n ? '-' : signOf(how);
  if (how.flags.includes('#') && value !== 0n) {
    if (how.letter === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
    if (base === 16) prefix = `0${how.letter}`;
  }
  return pad(prefix, digits, how, how.precision < 0);
}

export function formatFloat(value: number, how: Conversion): string {
  const negative = value < 0 || Object.is(value, -0);
  const prefix = negative ? '-' : signOf(how);
  const size = Math.abs(value);
  const upper = how.letter !== how.letter.toLowerCase();
  const special = Number.isNaN(size) ? 'nan' : size === Number.POSITIVE_INFINITY ? 'inf' : null;
  const body = special ?? floatBody(size, how.letter.toLowerCase(), how.precision < 0 ? 6 : how.precision, how.flags.includes('#'));
  return pad(prefix, upper ? body.toUpperCase() : body, how, special === null);
}

function signOf(how: Conversion): string {
  if (!/[difFeEgGaA]/.test(how.letter)) return '';
  return how.flags.includes('+') ? '+' : how.flags.includes(' ') ? ' ' : '';
}

function pad(prefix: string, body: string, how: Conversion, zeros: boolean): string {
  const room = how.width - prefix.length - body.length;
  if (room <= 0) return prefix + body;
  if (how.flags.includes('-')) return prefix + body + ' '.repeat(room);
  if (zeros && how.flags.includes('0')) return prefix + '0'.repeat(room) + body;
  return ' '.repeat(room) + prefix + body;
}

function floatBody(value: number, letter: string, precision: number, keepPoint: boolean): string {
  if (letter === 'f') return fixed(value, precision) + (keepPoint && precision === 0 ? '.' : '');
  if (letter === 'e') return exponential(value, precision);
  if (letter === 'a') return hexadecimal(value);
  return general(value, precision || 1, keepPoint);
}

/** toFixed beyond its limits (1e21, 100 digits), by exact integers. */
function fixed(value: number, precision: number): string {
  if (value < 1e21 && precision <= 100) return value.toFixed(precision);
  if (value >= 1e21) return `${BigInt(value)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;
  return value.toFixed(100).padEnd(value.toFixed(100).length + precision - 100, '0');
}

function exponential(value: number, precision: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(Math.min(precision, 100)).split('e');
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

function general(value: number, precision: number, keepZeros: boolean): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(precision - 1, 100)).split('e')[1]);
  const useExponent = exponent < -4 || exponent >= precision;
  const text = useExponent ? exponential(value, precision - 1) : fixed(value, precision - 1 - exponent);
  if (keepZeros || !text.includes('.')) return text;
  return text.replace(/\.?0+(e|$)/, '$1');
}

function hexadecimal(value: number): string {
  if (value === 0) return '0x0p+0';
  const exponent = Math.floor(Math.log2(value));
  let mantissa = BigInt(Math.round((value / 2 ** exponent) * 2 ** 52)).toString(16);
  mantissa = `${mantissa[0]}.${mantissa.slice(1)}`.replace(/\.?0+$/, '');
  return `0x${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}
