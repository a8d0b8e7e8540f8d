/** Evaluates a test(1) expression. Few arguments are read by their number, as POSIX says; more by precedence. */
import { IS_ERR } from '../../uapi/errno.ts';
import { R_OK, W_OK, X_OK } from '../../uapi/fcntl.ts';
import {
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISGID,
  S_ISLNK,
  S_ISUID,
  S_ISVTX,
  type Stat,
} from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { isatty } from './stdio.ts';

export class TestError extends Error {}

const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);

export class Expression {
  private position = 0;

  constructor(
    private readonly sys: Syscalls,
    private readonly args: readonly string[],
    /** How messages quote words. */
    private readonly quote: (word: string) => string,
  ) {}

  evaluate(): boolean {
    if (this.args.length === 0) return false;
    const value = this.byCount(this.args.length);
    if (this.position < this.args.length) throw new TestError(`extra argument ${this.quoted(this.position)}`);
    return value;
  }

  private quoted(at: number): string {
    return this.quote(this.args[at] ?? '');
  }
  private at(offset: number): string {
    return this.args[this.position + offset] ?? '';
  }

  /** With one to four arguments their number decides. */
  private byCount(count: number): boolean {
    switch (count) {
      case 1:
        return this.string();
      case 2:
        return this.two();
      case 3:
        return this.three();
      case 4:
        return this.four();
      default:
        return this.or();
    }
  }

  private string(): boolean {
    return this.args[this.position++] !== '';
  }

  private two(): boolean {
    if (this.at(0) === '!') {
      this.position++;
      return !this.string();
    }
    if (isUnary(this.at(0))) return this.unary();
    throw new TestError(`missing argument after ${this.quoted(this.position + 1)}`);
  }

  private three(): boolean {
    if (BINARY.has(this.at(1))) return this.binary();
    if (this.at(0) === '!') {
      this.position++;
      return !this.two();
    }
    if (this.at(0) === '(' && this.at(2) === ')') {
      this.position++;
      const value = this.string();
      this.position++;
      return value;
    }
    if (this.at(1) === '-a' || this.at(1) === '-o') return this.or();
    throw new TestError(`${this.quoted(this.position + 1)}: binary operator expected`);
  }

  private four(): boolean {
    if (this.at(0) === '!') {
      this.position++;
      return !this.three();
    }
    if (this.at(0) === '(' && this.at(3) === ')') {
      this.position++;
      const value = this.two();
      this.position++;
      return value;
    }
    return this.or();
  }

  private or(): boolean {
    let value = this.and();
    while (this.at(0) === '-o') {
      this.position++;
      value = this.and() || value;
    }
    return value;
  }

  private and(): boolean {
    let value = this.term();
    while (this.at(0) === '-a') {
      this.position++;
      value = this.term() && value;
    }
    return value;
  }

  private term(): boolean {
    const left = this.args.length - this.position;
    if (left <= 0) throw new TestError(`missing argument after ${this.quoted(this.args.length - 1)}`);
    if (this.at(0) === '!') {
      this.position++;
      return !this.term();
    }
    if (left >= 3 && BINARY.has(this.at(1))) return this.binary();
    if (this.at(0) === '(') return this.parenthesized();
    if (left >= 2 && isUnary(this.at(0))) return this.unary();
    return this.string();
  }

  private parenthesized(): boolean {
    this.position++;
    const value = this.or();
    if (this.position >= this.args.length) throw new TestError("')' expected");
    if (this.at(0) !== ')') throw new TestError(`')' expected, found ${this.at(0)}`);
    this.position++;
    return value;
  }

  private unary(): boolean {
    const [operator, operand] = [this.at(0), this.at(1)];
    this.position += 2;
    switch (operator) {
      case '-n':
        return operand !== '';
      case '-z':
        return operand === '';
      case '-t':
        return isatty(this.sys, Number(this.integer(operand)));
      case '-r':
        return this.sys.eaccess(operand, R_OK) === 0;
      case '-w':
        return this.sys.eaccess(operand, W_OK) === 0;
      case '-x':
        return this.sys.eaccess(operand, X_OK) === 0;
      default:
        return this.fileTest(operator, operand);
    }
  }

  private fileTest(operator: string, operand: string): boolean {
    const st = operator === '-h' || operator === '-L' ? this.sys.lstat(operand) : this.sys.stat(operand);
    return !IS_ERR(st) && holds(operator, st, this.sys);
  }

  private binary(): boolean {
    const [left, operator, right] = [this.at(0), this.at(1), this.at(2)];
    this.position += 3;
    switch (operator) {
      case '=':
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      case '-nt':
      case '-ot':
      case '-ef':
        return this.compareFiles(left, operator, right);
      default:
        return compareIntegers(operator, this.integer(left), this.integer(right));
    }
  }

  private integer(text: string): bigint {
    const trimmed = text.trim();
    if (!/^[-+]?\d+$/.test(trimmed)) throw new TestError(`invalid integer ${this.quote(text)}`);
    return BigInt(trimmed.replace(/^\+/, ''));
  }

  private compareFiles(left: string, operator: string, right: string): boolean {
    const [a, b] = [this.sys.stat(left), this.sys.stat(right)];
    if (operator === '-ef') return !IS_ERR(a) && !IS_ERR(b) && a.st_ino === b.st_ino && a.st_dev === b.st_dev;
    const time = (st: typeof a): number => (IS_ERR(st) ? Number.NEGATIVE_INFINITY : st.st_mtime);
    return operator === '-nt' ? time(a) > time(b) : time(a) < time(b);
  }
}

function isUnary(word: string): boolean {
  return /^-[bcdefgGhkLnNOprsStuwxz]$/.test(word);
}

function compareIntegers(operator: string, a: bigint, b: bigint): boolean {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}

const TYPES: Readonly<Record<string, number>> = {
  '-b': S_IFBLK,
  '-c': S_IFCHR,
  '-d': S_IFDIR,
  '-f': S_IFREG,
  '-p': S_IFIFO,
  '-S': S_IFSOCK,
};

function holds(operator: string, st: Stat, sys: Syscalls): boolean {
  const type = TYPES[operator];
  if (type !== undefined) return (st.st_mode & S_IFMT) === type;
  switch (operator) {
    case '-h':
    case '-L':
      return S_ISLNK(st.st_mode);
    case '-g':
      return (st.st_mode & S_ISGID) !== 0;
    case '-u':
      return (st.st_mode & S_ISUID) !== 0;
    case '-k':
      return (st.st_mode & S_ISVTX) !== 0;
    case '-s':
      return st.st_size > 0;
    case '-G':
      return st.st_gid === sys.getegid();
    case '-O':
      return st.st_uid === sys.geteuid();
    case '-N':
      return st.st_mtime > st.st_atime;
    default:
      return true; // -e
  }
}
