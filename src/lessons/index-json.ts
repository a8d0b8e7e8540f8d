/** index.json as Killercoda has it, with our own fields beside theirs; each fault with its line. */
import { HOSTS, type HostArch } from '../uapi/host.ts';
import { jsonDepth, jsonLines, lineAt } from './json-lines.ts';
import type { LessonError, LessonErrorCode } from './lesson.ts';

/** The text and scripts that a part of a lesson names: paths inside the folder, or null for the usual one. */
export interface PartIndex {
  readonly title: string | null;
  readonly text: string | null;
  readonly background: string | null;
  readonly verify: string | null;
  readonly solution: string | null;
  readonly hints: string | null;
  readonly broken: string | null;
  readonly corner: string | null;
  readonly clickThrough: boolean;
  readonly line: number;
}

export interface LessonIndex {
  readonly title: string;
  readonly description: string;
  readonly minutes: number | null;
  readonly host: HostArch | null;
  readonly kernel: string | null;
  readonly real: boolean;
  readonly intro: PartIndex;
  readonly steps: readonly PartIndex[];
  readonly finish: PartIndex;
}

export const INDEX = 'index.json';
const MAX_STEPS = 50;
const MAX_DEPTH = 16;

const LESSON_FIELDS = [
  'title',
  'description',
  'minutes',
  'host',
  'kernel',
  'real',
  'details',
  'backend',
  'interface',
  'time',
  'difficulty',
];
const DETAILS_FIELDS = ['intro', 'steps', 'finish', 'assets'];
const PART_FIELDS = ['title', 'text', 'background', 'verify', 'solution', 'hints', 'broken', 'corner', 'clickThrough'];

/** The index; what is wrong with it is added to `errors`. */
export function parseIndex(text: string, errors: LessonError[]): LessonIndex | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (e) {
    errors.push({ code: 'bad-json', file: INDEX, line: syntaxLine(text, String(e)), message: `no JSON: ${(e as Error).message}` });
    return null;
  }
  if (jsonDepth(text) > MAX_DEPTH) {
    errors.push({ code: 'bad-json', file: INDEX, line: 1, message: `nested deeper than ${MAX_DEPTH} levels` });
    return null;
  }
  const before = errors.length;
  const index = readLesson(new Reader(data, '', jsonLines(text), errors));
  return errors.length === before ? index : null;
}

function readLesson(top: Reader): LessonIndex {
  top.knows(LESSON_FIELDS);
  const details = top.object('details');
  details.knows(DETAILS_FIELDS);
  const host = top.string('host');
  if (host !== null && !isHost(host)) top.wrong('host', `no machine of ours: one of ${HOSTS.join(', ')}`);
  return {
    title: top.needed('title'),
    description: top.needed('description'),
    minutes: top.number('minutes'),
    host: host !== null && isHost(host) ? host : null,
    kernel: top.string('kernel'),
    real: top.flag('real'),
    intro: readPart(details.object('intro', true)),
    steps: details.array('steps', MAX_STEPS).map(readPart),
    finish: readPart(details.object('finish', true)),
  };
}

function readPart(part: Reader): PartIndex {
  part.knows(PART_FIELDS);
  return {
    title: part.string('title'),
    text: part.string('text'),
    background: part.string('background'),
    verify: part.string('verify'),
    solution: part.string('solution'),
    hints: part.string('hints'),
    broken: part.string('broken'),
    corner: part.string('corner'),
    clickThrough: part.flag('clickThrough'),
    line: part.line(),
  };
}

const isHost = (name: string): name is HostArch => (HOSTS as readonly string[]).includes(name);

/** One object of the file: fields by kind, faults by line. */
class Reader {
  private readonly fields: Readonly<Record<string, unknown>>;
  private readonly path: string;
  private readonly lines: ReadonlyMap<string, number>;
  private readonly errors: LessonError[];

  constructor(data: unknown, path: string, lines: ReadonlyMap<string, number>, errors: LessonError[]) {
    const good = typeof data === 'object' && data !== null && !Array.isArray(data);
    this.fields = good ? (data as Readonly<Record<string, unknown>>) : {};
    this.path = path;
    this.lines = lines;
    this.errors = errors;
    if (!good) this.report('bad-field', path, `${path === '' ? 'the file' : path} has to be an object`);
  }

  line(name = ''): number {
    return this.lines.get(this.at(name)) ?? this.lines.get(this.path) ?? 1;
  }

  knows(names: readonly string[]): void {
    for (const name of Object.keys(this.fields)) {
      if (!names.includes(name)) this.report('unknown-field', this.at(name), `unknown field ${this.at(name)}: one of ${names.join(', ')}`);
    }
  }

  string(name: string): string | null {
    const value = this.own(name);
    if (value === undefined) return null;
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.wrong(name, 'it has to be a text');
    return null;
  }

  needed(name: string): string {
    if (this.own(name) === undefined) this.report('missing-field', this.path, `${this.at(name)} is missing`);
    return this.string(name) ?? '';
  }

  number(name: string): number | null {
    const value = this.own(name);
    if (value === undefined) return null;
    if (typeof value === 'number' && value > 0) return value;
    this.wrong(name, 'it has to be a number above 0');
    return null;
  }

  flag(name: string): boolean {
    const value = this.own(name);
    if (value !== undefined && typeof value !== 'boolean') this.wrong(name, 'it has to be true or false');
    return value === true;
  }

  object(name: string, optional = false): Reader {
    const value = this.own(name);
    if (value === undefined && !optional) this.report('missing-field', this.path, `${this.at(name)} is missing`);
    return new Reader(value ?? {}, this.at(name), this.lines, this.errors);
  }

  array(name: string, most: number): Reader[] {
    const value = this.own(name);
    if (!Array.isArray(value) || value.length === 0 || value.length > most) {
      this.report(
        value === undefined ? 'missing-field' : 'bad-field',
        this.at(name),
        `${this.at(name)} has to be a list of 1 to ${most} steps`,
      );
      return [];
    }
    return value.map((item, i) => new Reader(item, `${this.at(name)}[${i}]`, this.lines, this.errors));
  }

  wrong(name: string, why: string): void {
    this.report('bad-field', this.at(name), `${this.at(name)}: ${why}`);
  }

  private own(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  private report(code: LessonErrorCode, path: string, message: string): void {
    this.errors.push({ code, file: INDEX, line: this.lines.get(path) ?? this.lines.get(this.path) ?? 1, message });
  }

  private at(name: string): string {
    if (name === '') return this.path;
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

/** JSON.parse says where it stopped, in words that differ from engine to engine. */
function syntaxLine(text: string, message: string): number {
  const line = /line (\d+)/.exec(message)?.[1];
  if (line !== undefined) return Number(line);
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? 1 : lineAt(text, Number(position));
}
