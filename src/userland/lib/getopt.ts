/** Command-line options as GNU getopt_long(3) reads them: permutation, bundling, abbreviations, its messages. */

export type ArgumentKind = 'none' | 'required' | 'optional';

/** One option. `key` is the short letter if there is one, else the long name. */
export interface OptionSpec {
  readonly key: string;
  readonly short?: string;
  readonly long?: string;
  readonly argument: ArgumentKind;
}

export interface ParsedOption {
  readonly key: string;
  /** The argument, null if there was none. */
  readonly value: string | null;
}

export interface ParsedLine {
  readonly options: readonly ParsedOption[];
  readonly operands: readonly string[];
}

export interface GetoptOptions {
  /** False: stop at the first operand, as with a leading "+" in optstring. */
  readonly permute?: boolean;
  /** Takes `-NUM` and the like; true when it did. */
  readonly special?: (argument: string) => ParsedOption | readonly ParsedOption[] | null;
}

/** Answers the options and operands, or getopt's message without the program's name. */
export function getopt(args: readonly string[], specs: readonly OptionSpec[], how: GetoptOptions = {}): ParsedLine | string {
  const options: ParsedOption[] = [];
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      if (how.permute === false) {
        operands.push(...args.slice(i));
        break;
      }
      operands.push(arg);
      continue;
    }
    const special = how.special?.(arg);
    if (special) {
      options.push(...(Array.isArray(special) ? special : [special]));
      continue;
    }
    const taken = arg.startsWith('--') ? takeLong(arg, args[i + 1], specs) : takeShort(arg, args[i + 1], specs);
    if (typeof taken === 'string') return taken;
    options.push(...taken.options);
    if (taken.usedNext) i++;
  }
  return { options, operands };
}

interface Taken {
  readonly options: readonly ParsedOption[];
  readonly usedNext: boolean;
}

function takeShort(arg: string, next: string | undefined, specs: readonly OptionSpec[]): Taken | string {
  const options: ParsedOption[] = [];
  for (let i = 1; i < arg.length; i++) {
    const letter = arg[i] as string;
    const spec = specs.find((s) => s.short === letter);
    if (!spec) return `invalid option -- '${letter}'`;
    if (spec.argument === 'none') {
      options.push({ key: spec.key, value: null });
      continue;
    }
    const rest = arg.slice(i + 1);
    if (rest !== '' || spec.argument === 'optional') {
      options.push({ key: spec.key, value: rest === '' ? null : rest });
      return { options, usedNext: false };
    }
    if (next === undefined) return `option requires an argument -- '${letter}'`;
    options.push({ key: spec.key, value: next });
    return { options, usedNext: true };
  }
  return { options, usedNext: false };
}

function takeLong(arg: string, next: string | undefined, specs: readonly OptionSpec[]): Taken | string {
  const equals = arg.indexOf('=');
  const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  const value = equals < 0 ? null : arg.slice(equals + 1);
  const spec = findLong(name, arg, specs);
  if (typeof spec === 'string') return spec;
  if (spec.argument === 'none' && value !== null) return `option '--${spec.long}' doesn't allow an argument`;
  if (spec.argument !== 'required' || value !== null) return { options: [{ key: spec.key, value }], usedNext: false };
  if (next === undefined) return `option '--${spec.long}' requires an argument`;
  return { options: [{ key: spec.key, value: next }], usedNext: true };
}

function findLong(name: string, arg: string, specs: readonly OptionSpec[]): OptionSpec | string {
  const exact = specs.find((s) => s.long === name);
  if (exact) return exact;
  const matches = specs.filter((s) => s.long?.startsWith(name));
  const [first] = matches;
  if (!first) return `unrecognized option '${arg}'`;
  if (matches.every((s) => s.key === first.key)) return first;
  return `option '${arg}' is ambiguous; possibilities:${matches.map((s) => ` '--${s.long}'`).join('')}`;
}
