/** The rule workbench: a register line taken apart, foretold, laid over a file, turned into other notations, and registered. */
import { render } from 'lit-html';
import type { ShellDamage } from '../../../explain/facts.ts';
import { type Notation, notationOf, readRule, type Unread } from '../../../explain/read.ts';
import { toShell } from '../../../explain/shell.ts';
import { decode, encode, fromLatin1, latin1 } from '../../../uapi/bytes.ts';
import { toClipboard } from '../../clipboard.ts';
import { messageOf } from '../../message-of.ts';
import type { LabContext, PanelHandle } from '../panel.ts';
import { EXAMPLES, type Example } from './examples.ts';
import { lookAt, type Machine, MISC } from './facts.ts';
import { type Picture, pictureOf, versionOf } from './model.ts';
import { type Actions, type Answer, type Draft, view } from './view.ts';

export { styles } from './styles.ts';

/** What other panels may ask for, and what a permalink keeps. The line is one character a byte. */
export interface WorkbenchShow {
  readonly line?: string;
  readonly path?: string;
}

const SAMPLES = '/root/samples';
const WINDOW = 4096;
/** Milliseconds of quiet before the machine is looked at again. */
const PAUSE = 120;
const NOTHING: Machine = { rules: [], facts: {} };

export function mount(box: HTMLElement, lab: LabContext, state?: unknown): PanelHandle {
  const workbench = new Workbench(box, lab);
  workbench.show(isShow(state) ? state : {});
  return {
    show: (what) => workbench.show(isShow(what) ? what : {}),
    state: () => workbench.state(),
    dispose: () => workbench.dispose(),
  };
}

function isShow(value: unknown): value is WorkbenchShow {
  const text = (v: unknown): boolean => v === undefined || typeof v === 'string';
  return typeof value === 'object' && value !== null && text((value as WorkbenchShow).line) && text((value as WorkbenchShow).path);
}

class Workbench {
  private line: Uint8Array;
  private damage: ReadonlySet<ShellDamage> = new Set();
  private read = '';
  private path: string;
  private pathProblem = '';
  private file: { name: string; bytes: Uint8Array } | null = null;
  /** The file was brought here and is none of the machine's. */
  private brought = false;
  private paths: readonly string[] = [];
  private machine: Machine = NOTHING;
  private answer: Answer | null = null;
  private draft: Draft | null = null;
  private picture: Picture | null = null;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;
  private readonly leave: readonly (() => void)[];

  constructor(
    private readonly box: HTMLElement,
    private readonly lab: LabContext,
  ) {
    const first = EXAMPLES[0] as Example;
    this.line = first.line;
    this.path = first.file;
    const visible = new IntersectionObserver(() => this.lookSoon());
    visible.observe(box);
    this.leave = [
      lab.on('change', () => this.lookSoon()),
      lab.on('boot', () => this.update({ answer: null })),
      () => visible.disconnect(),
      this.takeDrops(),
    ];
  }

  show({ line, path }: WorkbenchShow): void {
    if (line !== undefined) this.line = fromLatin1(line);
    if (path !== undefined) this.path = path;
    this.brought &&= path === undefined;
    this.lookSoon();
    this.update({ answer: null, draft: null, read: '', damage: new Set() });
  }

  state(): WorkbenchShow {
    return { line: latin1(this.line), ...(this.brought ? {} : { path: this.path }) };
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.looking);
    for (const leave of this.leave) leave();
    render(null, this.box);
  }

  private readonly actions: Actions = {
    edit: (text, pasted) => this.edit(text, pasted),
    editForm: (notation, text) => this.editForm(notation, text),
    leaveForm: () => this.draft !== null && this.draft.problem === '' && this.update({ draft: null }),
    example: (id) => this.example(id),
    select: (start, end) => this.select(start, end),
    register: () => void this.register(),
    remove: (name) => void this.remove(name),
    type: () => this.type(),
    copy: (text, what) => void this.copy(text, what),
    choosePath: (path) => this.choosePath(path),
    chooseFile: (file) => void this.chooseFile(file),
    rule: (number) => this.lab.rule(number),
  };

  private get kernel(): string {
    return this.lab.info?.kernel ?? 'lab';
  }

  /** Pasted text may be another notation; typed text is the line, letter by letter. */
  private edit(text: string, pasted: boolean): void {
    if (!pasted || notationOf(text) === 'line') return this.change(encode(text), { read: '', damage: new Set(), draft: null });
    const got = readRule(text, versionOf(this.kernel));
    if ('message' in got)
      return this.change(encode(text), {
        read: `This looks like ${NAMES[got.notation]}, but ${got.message}.`,
        damage: new Set(),
        draft: null,
      });
    this.change(withoutNewline(got.line), {
      read: `Read as ${NAMES[got.notation]}: this is what the kernel would get.`,
      damage: got.damage,
      draft: null,
    });
  }

  private editForm(notation: Notation, text: string): void {
    const got = readRule(text, versionOf(this.kernel), notation, this.picture?.opinions[0]?.explanation.entry?.name);
    if ('message' in got) return this.update({ draft: { notation, text, problem: problem(got) } });
    this.change(withoutNewline(got.line), { draft: { notation, text, problem: '' }, damage: got.damage, read: '' });
  }

  private change(line: Uint8Array, part: Partial<Changed>): void {
    this.line = line;
    this.lookSoon();
    this.update({ answer: null, ...part });
  }

  private example(id: string): void {
    const example = EXAMPLES.find((e) => e.id === id);
    if (example === undefined) return;
    this.show({ line: latin1(example.line), path: example.file });
    this.lab.say(`${example.title}: loaded into the workbench.`);
  }

  private select(start: number, end: number): void {
    const at = (bytes: number): number => decode(this.line.subarray(0, bytes)).length;
    const input = this.box.querySelector<HTMLTextAreaElement>('#wb-line');
    input?.focus();
    input?.setSelectionRange(at(start), at(end));
  }

  // The machine

  /** One write of exactly these bytes, through the machine's kernel; its answer, and the entry's file, are shown. */
  private async register(): Promise<void> {
    const { line } = this;
    const name = this.picture?.opinions[0]?.explanation.entry?.name ?? null;
    const did = `write(register, ${line.length} bytes)`;
    try {
      await this.lab.host.writeAt(`${MISC}/register`, line, 0);
      const text = name === null ? '' : decode(await this.lab.host.readFile(`${MISC}/${name}`));
      this.update({ answer: { good: true, did, text: `= ${line.length}`, entry: name === null ? null : { name, text } } });
      this.lab.touched(`register ${name ?? ''}`.trim());
    } catch (e) {
      this.update({ answer: { good: false, did, text: messageOf(e).replace(`${MISC}/register: `, ''), entry: null } });
    }
  }

  private async remove(name: string): Promise<void> {
    const did = `echo -1 > ${MISC}/${name}`;
    try {
      await this.lab.host.writeAt(`${MISC}/${name}`, encode('-1'), 0);
      this.update({ answer: { good: true, did, text: 'removed', entry: null } });
      this.lab.touched(`remove ${name}`);
    } catch (e) {
      this.update({ answer: { good: false, did, text: messageOf(e), entry: null } });
    }
    this.lab.touched();
    this.box.querySelector<HTMLElement>('.register')?.focus();
  }

  /** Without Enter: whoever sits there runs it. */
  private type(): void {
    this.lab.type(toShell(this.line));
    this.lab.focusTerminal();
    this.lab.say('The command stands at the prompt. Enter runs it.');
  }

  private lookSoon(): void {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => void this.look(), PAUSE);
  }

  /** A hidden panel does not look. */
  private async look(): Promise<void> {
    if (this.disposed || this.lab.info === null || !this.box.checkVisibility()) return;
    const { line, path } = this;
    const interpreter = this.picture?.opinions[0]?.explanation.entry?.interpreter ?? null;
    const { host } = this.lab;
    const [machine, paths] = await Promise.all([lookAt(host, interpreter), samples(host), this.brought ? null : this.readFile(path)]);
    if (line === this.line && path === this.path) this.update({ machine, paths });
  }

  private async readFile(path: string): Promise<void> {
    try {
      const bytes = (await this.lab.host.readFile(path)).subarray(0, WINDOW);
      if (path !== this.path) return;
      this.file = { name: path, bytes };
      this.pathProblem = '';
    } catch (e) {
      if (path !== this.path) return;
      this.file = null;
      this.pathProblem = path === '' ? '' : messageOf(e);
    }
  }

  // Files

  private choosePath(path: string): void {
    this.path = path;
    this.brought = false;
    this.lookSoon();
  }

  private async chooseFile(file: File): Promise<void> {
    const bytes = new Uint8Array(await file.slice(0, WINDOW).arrayBuffer());
    this.path = file.name;
    this.brought = true;
    this.file = { name: file.name, bytes };
    this.pathProblem = '';
    this.update({});
    this.lab.say(`${file.name} is compared with the rule; it was not copied into the machine.`);
  }

  private takeDrops(): () => void {
    const mark = (on: boolean): void => void this.box.querySelector('.wb')?.classList.toggle('dropping', on);
    const over = (e: DragEvent): void => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      e.preventDefault();
      e.stopPropagation();
      mark(true);
    };
    const out = (): void => mark(false);
    const drop = (e: DragEvent): void => {
      mark(false);
      const file = e.dataTransfer?.files[0];
      if (file === undefined) return;
      e.preventDefault();
      e.stopPropagation();
      void this.chooseFile(file);
    };
    const events: readonly (readonly [string, (e: DragEvent) => void])[] = [
      ['dragover', over],
      ['dragleave', out],
      ['drop', drop],
    ];
    for (const [name, listener] of events) this.box.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of events) this.box.removeEventListener(name, listener as EventListener);
    };
  }

  private async copy(text: string, what: string): Promise<void> {
    this.lab.say(await toClipboard(text, what));
  }

  private update(part: Partial<Changed>): void {
    if (this.disposed) return;
    Object.assign(this, part);
    const { line, damage, kernel, machine, file } = this;
    this.picture = pictureOf({ line, damage, kernel, host: this.lab.info?.host ?? 'x86_64', machine, file });
    const { picture, read, answer, draft, path, pathProblem, paths } = this;
    render(view({ picture, read, answer, draft, path, pathProblem, paths, ready: this.lab.info !== null }, this.actions), this.box);
  }
}

/** What `update` may change. */
interface Changed {
  readonly damage: ReadonlySet<ShellDamage>;
  readonly read: string;
  readonly answer: Answer | null;
  readonly draft: Draft | null;
  readonly machine: Machine;
  readonly paths: readonly string[];
}

const NAMES: Readonly<Record<Notation, string>> = {
  line: 'a line',
  shell: 'a shell command',
  'binfmt.d': 'a file of binfmt.d',
  'update-binfmts': 'an update-binfmts command',
  'format file': 'a format file of binfmt-support',
};
const problem = ({ message }: Unread): string => message.charAt(0).toUpperCase() + message.slice(1);
const withoutNewline = (line: Uint8Array): Uint8Array => (line.at(-1) === 0x0a ? line.subarray(0, -1) : line);

async function samples(host: LabContext['host']): Promise<readonly string[]> {
  try {
    return (await host.list(SAMPLES)).map((name) => `${SAMPLES}/${name}`).sort();
  } catch {
    return [];
  }
}
