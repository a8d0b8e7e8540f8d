/** test, [ and the operators that `[[` shares with them. */
import { IS_ERR } from '../../uapi/errno.ts';
import { R_OK, W_OK, X_OK } from '../../uapi/fcntl.ts';
import { S_ISBLK, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISGID, S_ISLNK, S_ISREG, S_ISSOCK, S_ISUID, S_ISVTX, type Stat } from '../../uapi/stat.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { elementValue, splitReference, subscriptKey } from '../assign.ts';
import { SET_OPTIONS } from '../options.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { arrayValues, scalarValue } from '../vars.ts';

const FILE_TESTS: Readonly<Record<string, (st: Stat, sh: Shell) => boolean>> = {
  '-a': () => true,
  '-e': () => true,
  '-f': (st) => S_ISREG(st.st_mode),
  '-d': (st) => S_ISDIR(st.st_mode),
  '-b': (st) => S_ISBLK(st.st_mode),
  '-c': (st) => S_ISCHR(st.st_mode),
  '-p': (st) => S_ISFIFO(st.st_mode),
  '-S': (st) => S_ISSOCK(st.st_mode),
  '-s': (st) => st.st_size > 0,
  '-u': (st) => (st.st_mode & S_ISUID) !== 0,
  '-g': (st) => (st.st_mode & S_ISGID) !== 0,
  '-k': (st) => (st.st_mode & S_ISVTX) !== 0,
  '-O': (st, sh) => st.st_uid === sh.sys.geteuid(),
  '-G': (st, sh) => st.st_gid === sh.sys.getegid(),
  '-N': (st) => st.st_mtime > st.st_atime,
};

export const UNARY = new Set([...Object.keys(FILE_TESTS), '-h', '-L', '-r', '-w', '-x', '-t', '-z', '-n', '-v', '-R', '-o']);
export const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);

export async function unaryTest(sh: Shell, op: string, operand: string): Promise<boolean> {
  switch (op) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-t':
      return /^\s*\d+\s*$/.test(operand) && !IS_ERR(sh.sys.ioctl(Number(operand), 'TCGETS'));
    case '-o':
      return SET_OPTIONS.some(([n]) => n === operand) && sh.options.get(operand);
    case '-v':
      return isVariableSet(sh, operand);
    case '-R':
      return sh.vars.findRaw(operand)?.nameref === true && sh.vars.findRaw(operand)?.value !== undefined;
    case '-r':
      return sh.sys.eaccess(operand, R_OK) === 0;
    case '-w':
      return sh.sys.eaccess(operand, W_OK) === 0;
    case '-x':
      return sh.sys.eaccess(operand, X_OK) === 0;
    case '-h':
    case '-L': {
      const st = sh.sys.lstat(operand);
      return !IS_ERR(st) && S_ISLNK(st.st_mode);
    }
  }
  if (operand === '') return false;
  const fd = /^\/dev\/fd\/(\d+)$/.exec(operand);
  const st = fd ? sh.sys.fstat(Number(fd[1])) : sh.sys.stat(operand);
  return !IS_ERR(st) && (FILE_TESTS[op]?.(st, sh) ?? false);
}

async function isVariableSet(sh: Shell, text: string): Promise<boolean> {
  const r = splitReference(text);
  if (!r) return /^\d+$/.test(text) && (text === '0' || sh.positional[Number(text) - 1] !== undefined);
  const v = sh.vars.find(r.name);
  if (r.index === undefined) return v ? scalarValue(v) !== undefined : sh.get(r.name) !== undefined;
  if (!v) return false;
  if ((r.index === '@' || r.index === '*') && !v.assoc?.has(r.index)) return arrayValues(v).length > 0;
  return elementValue(sh, r.name, await subscriptKey(sh, r.name, r.index)) !== undefined;
}

/** Strings and files; numbers are compared by the callers, whose errors differ. */
export function binaryTest(sh: Shell, op: string, left: string, right: string): boolean {
  switch (op) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    default:
      return compareFiles(sh, op, left, right);
  }
}

function compareFiles(sh: Shell, op: string, left: string, right: string): boolean {
  const a = sh.sys.stat(left);
  const b = sh.sys.stat(right);
  if (op === '-ef') return !IS_ERR(a) && !IS_ERR(b) && a.st_ino === b.st_ino && a.st_dev === b.st_dev;
  if (op === '-nt') return !IS_ERR(a) && (IS_ERR(b) || a.st_mtime > b.st_mtime);
  return !IS_ERR(b) && (IS_ERR(a) || a.st_mtime < b.st_mtime);
}

class TestError {
  constructor(readonly message: string) {}
}

export async function test(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  return run(sh, args[0] as string, args.slice(1));
}

export async function bracket(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (args[args.length - 1] !== ']') {
    await builtinError(sh, '[', sh.posixSh ? 'missing ]' : "missing `]'");
    return 2;
  }
  return run(sh, '[', args.slice(1, -1));
}

async function run(sh: Shell, name: string, words: readonly string[]): Promise<ExitCode> {
  try {
    return (await new TestParser(sh, words).run()) ? 0 : 1;
  } catch (e) {
    if (!(e instanceof TestError)) throw e;
    await builtinError(sh, name, sh.posixSh ? dashTest(e.message, words) : e.message);
    return 2;
  }
}

/** dash's words for the same. */
function dashTest(message: string, words: readonly string[]): string {
  const number = /^(.*): integer expression expected$/s.exec(message);
  if (number) return `Illegal number: ${number[1]}`;
  const [first = '', operator = ''] = words;
  return words.length === 2 && BINARY.has(operator) ? `${operator}: argument expected` : `${first}: unexpected operator`;
}

/** POSIX decides by the number of arguments; beyond four a grammar with -a, -o, ! and parentheses. Follows test.c. */
class TestParser {
  private i = 0;
  constructor(
    private readonly sh: Shell,
    private readonly w: readonly string[],
  ) {}

  async run(): Promise<boolean> {
    switch (this.w.length) {
      case 0:
        return false;
      case 1:
        return this.w[0] !== '';
      case 2:
        return this.two(this.w[0] as string, this.w[1] as string);
      case 3:
        return this.three();
      case 4:
        if (this.w[0] === '!') return !(await new TestParser(this.sh, this.w.slice(1)).run());
        if (this.w[0] === '(' && this.w[3] === ')') return new TestParser(this.sh, this.w.slice(1, 3)).run();
    }
    const value = await this.or();
    if (this.i < this.w.length)
      throw new TestError(
        this.i + 1 === this.w.length && /^-/.test(this.w[this.i] as string)
          ? `syntax error: \`${this.w[this.i]}' unexpected`
          : 'too many arguments',
      );
    return value;
  }

  private async two(a: string, b: string): Promise<boolean> {
    if (a === '!') return b === '';
    if (UNARY.has(a)) return this.unary(a, b);
    throw new TestError(`${a}: unary operator expected`);
  }

  private async three(): Promise<boolean> {
    const [a, op, b] = this.w as [string, string, string];
    if (BINARY.has(op) && !(op === '==' && this.sh.posixSh)) return this.binary(a, op, b);
    if (op === '-a') return a !== '' && b !== '';
    if (op === '-o') return a !== '' || b !== '';
    if (a === '!') return !(await this.two(op, b));
    if (a === '(' && b === ')') return op !== '';
    throw new TestError(`${op}: binary operator expected`);
  }

  private unary(op: string, operand: string): Promise<boolean> {
    if (op === '-t' && !/^\s*\d+\s*$/.test(operand)) throw new TestError(`${operand}: integer expression expected`);
    return unaryTest(this.sh, op, operand);
  }

  private binary(a: string, op: string, b: string): boolean {
    if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(op)) return binaryTest(this.sh, op, a, b);
    const [x, y] = [integer(a), integer(b)];
    switch (op) {
      case '-eq':
        return x === y;
      case '-ne':
        return x !== y;
      case '-lt':
        return x < y;
      case '-le':
        return x <= y;
      case '-gt':
        return x > y;
      default:
        return x >= y;
    }
  }

  private async or(): Promise<boolean> {
    let v = await this.and();
    while (this.w[this.i] === '-o') {
      this.i++;
      const right = await this.and();
      v = v || right;
    }
    return v;
  }

  private async and(): Promise<boolean> {
    let v = await this.term();
    while (this.w[this.i] === '-a') {
      this.i++;
      const right = await this.term();
      v = v && right;
    }
    return v;
  }

  private async term(): Promise<boolean> {
    const word = this.w[this.i];
    if (word === undefined) throw new TestError('argument expected');
    if (word === '!') {
      this.i++;
      return !(await this.term());
    }
    const op = this.w[this.i + 1];
    if (op !== undefined && BINARY.has(op) && this.i + 2 < this.w.length) {
      const right = this.w[this.i + 2] as string;
      this.i += 3;
      return this.binary(word, op, right);
    }
    if (word === '(') return this.group();
    if (UNARY.has(word) && this.i + 1 < this.w.length) {
      this.i += 2;
      return this.unary(word, this.w[this.i - 1] as string);
    }
    this.i++;
    return word !== '';
  }

  private async group(): Promise<boolean> {
    this.i++;
    const v = await this.or();
    if (this.w[this.i] !== ')')
      throw new TestError(this.w[this.i] === undefined ? "`)' expected" : `\`)' expected, found ${this.w[this.i]}`);
    this.i++;
    return v;
  }
}

function integer(text: string): bigint {
  const m = /^\s*([-+]?)(\d+)\s*$/.exec(text);
  if (!m) throw new TestError(`${text}: integer expression expected`);
  return BigInt(`${m[1] === '-' ? '-' : ''}${m[2]}`);
}
