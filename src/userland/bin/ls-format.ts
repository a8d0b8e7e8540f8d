/** How ls(1) prints: the long listing, columns, commas, one a line. */
import { major, minor, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK, S_ISBLK, S_ISCHR, type Stat } from '../../uapi/stat.ts';
import type { Io, Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { humanSize } from '../lib/humanize.ts';
import { modeString } from '../lib/mode.ts';
import { cQuote, displayWidth, escapeName, questionMarks, quoteAlways, quoteIfNeeded } from '../lib/quote.ts';
import { lsDate, strftime } from '../lib/time.ts';
import { Users } from '../lib/users.ts';
import type { Entry } from './ls.ts';
import { colorOf } from './ls-color.ts';
import type { LsOptions } from './ls-options.ts';

/** A name ready to print: what is shown and how many columns it takes. */
interface Cell {
  readonly text: string;
  readonly width: number;
}

const MIN_COLUMN_WIDTH = 3;

export class Listing {
  users = new Users([], []);
  private usedColor = false;
  private readonly end: string;
  private readonly now: number;
  private readonly timeFormat: string | null;

  constructor(
    private readonly io: Io,
    private readonly how: LsOptions,
    private readonly options: Options,
  ) {
    this.end = options.has('zero') ? '\0' : '\n';
    this.now = io.sys.clock_gettime(0);
    this.timeFormat = timeFormatOf(options);
  }

  title(path: string, notFirst: boolean): void {
    const shown = this.how.style === 'shell-escape' ? quoteIfNeeded(path, this.io.charset) : this.styled(path);
    this.io.stdout.put(`${notFirst ? '\n' : ''}${shown}:\n`);
  }

  total(entries: readonly Entry[]): void {
    if (!this.how.long && !this.options.has('s')) return;
    const blocks = entries.reduce((sum, e) => sum + (e.stat?.st_blocks ?? 0), 0);
    this.io.stdout.put(`total ${this.blocks(blocks)}${this.end}`);
  }

  print(entries: readonly Entry[]): void {
    this.io.stdout.put(this.how.long ? this.long(entries) : this.short(this.cells(entries)));
  }

  private short(cells: readonly Cell[]): string {
    switch (this.how.format) {
      case 'columns':
        return this.columns(cells, true);
      case 'across':
        return this.columns(cells, false);
      case 'commas':
        return this.commas(cells);
      default:
        return cells.map((c) => c.text + this.end).join('');
    }
  }

  // names

  private styled(name: string): string {
    switch (this.how.style) {
      case 'escape':
        return escapeName(name, this.io.charset);
      case 'c':
        return cQuote(name, this.io.charset);
      case 'question':
        return questionMarks(name, this.io.charset);
      case 'shell-escape-always':
        return quoteAlways(name, this.io.charset);
      case 'shell':
      case 'shell-escape':
        return quoteIfNeeded(name, this.io.charset, '');
      default:
        return name;
    }
  }

  /** On a terminal, unquoted names step aside by one blank when others are in quotes. */
  private paddingFor(entries: readonly Entry[]): string {
    const aligns = this.how.style === 'shell-escape' && this.how.format !== 'single' && this.how.format !== 'commas';
    return aligns && entries.some((e) => this.styled(e.name) !== e.name) ? ' ' : '';
  }

  private name(entry: Entry, padding: string): string {
    const styled = this.styled(entry.name);
    const shift = padding !== '' && styled === entry.name ? padding : '';
    return shift + this.painted(styled, entry.name, entry.stat, entry.type, entry.targetStat);
  }

  private painted(text: string, name: string, stat: Stat | null, type: number, target: Stat | null): string {
    const code = this.how.color && colorOf(this.how.color, name, stat, type, target);
    if (!code) return text;
    const first = this.usedColor ? '' : '\x1b[0m';
    this.usedColor = true;
    return `${first}\x1b[${code}m${text}\x1b[0m`;
  }

  private indicator(mode: number): string {
    if (this.how.indicator === 'none') return '';
    if ((mode & S_IFMT) === S_IFDIR) return '/';
    if (this.how.indicator === 'slash') return '';
    if ((mode & S_IFMT) === S_IFREG) return this.how.indicator === 'classify' && mode & 0o111 ? '*' : '';
    return ({ [S_IFLNK]: '@', [S_IFIFO]: '|', [S_IFSOCK]: '=' } as Record<number, string>)[mode & S_IFMT] ?? '';
  }

  private cells(entries: readonly Entry[]): Cell[] {
    const padding = this.paddingFor(entries);
    const inodeWidth = this.inodeWidth(entries);
    const blocksWidth = Math.max(0, ...entries.map((e) => this.blocks(e.stat?.st_blocks ?? 0).length));
    const many = this.how.format === 'columns' || this.how.format === 'across' || this.how.format === 'single';
    return entries.map((e) => {
      const inode = this.options.has('i') ? `${this.inode(e).padStart(many ? inodeWidth : 0)} ` : '';
      const size = this.options.has('s') ? `${this.blocks(e.stat?.st_blocks ?? 0).padStart(many ? blocksWidth : 0)} ` : '';
      const mark = this.indicator(e.stat?.st_mode ?? e.type);
      const plain = this.styled(e.name);
      const shift = padding !== '' && plain === e.name ? 1 : 0;
      const width = inode.length + size.length + displayWidth(plain) + shift + mark.length;
      return { text: inode + size + this.name(e, padding) + mark, width };
    });
  }

  private inode(entry: Entry): string {
    return entry.stat ? String(entry.stat.st_ino) : '?';
  }
  private inodeWidth(entries: readonly Entry[]): number {
    return Math.max(0, ...entries.map((e) => this.inode(e).length));
  }

  // columns

  private columns(cells: readonly Cell[], downwards: boolean): string {
    if (cells.length === 0) return '';
    const widths = columnWidths(cells, this.how.width, downwards);
    const columns = widths.length;
    const rows = Math.ceil(cells.length / columns);
    let out = '';
    for (let row = 0; row < rows; row++) {
      let position = 0;
      let start = 0;
      for (let column = 0; column < columns; column++) {
        const cell = cells[downwards ? column * rows + row : row * columns + column];
        if (!cell) break;
        out += this.indent(position, start) + cell.text;
        position = start + cell.width;
        start += widths[column] as number;
      }
      out += this.end;
    }
    return out;
  }

  private indent(from: number, to: number): string {
    const tab = this.how.tabSize;
    let out = '';
    for (let at = from; at < to; ) {
      if (tab !== 0 && Math.floor(to / tab) > Math.floor((at + 1) / tab)) {
        out += '\t';
        at += tab - (at % tab);
      } else {
        out += ' ';
        at++;
      }
    }
    return out;
  }

  private commas(cells: readonly Cell[]): string {
    let out = '';
    let position = 0;
    for (const [i, cell] of cells.entries()) {
      if (i > 0) {
        const fits = position + cell.width + 2 < this.how.width;
        out += fits ? ', ' : ',\n';
        position = fits ? position + 2 : 0;
      }
      out += cell.text;
      position += cell.width;
    }
    return cells.length === 0 ? '' : out + this.end;
  }

  // the long listing

  private long(entries: readonly Entry[]): string {
    const padding = this.paddingFor(entries);
    const inodeWidth = this.inodeWidth(entries);
    const rows = entries.map((e) => this.fields(e));
    const width = (key: keyof Fields): number => Math.max(0, ...rows.map((r) => displayWidth(r[key])));
    const [blocks, links, owner, group] = [width('blocks'), width('links'), width('owner'), width('group')];
    const [majors, minors] = [width('major'), width('minor')];
    const size = Math.max(width('size'), majors > 0 ? majors + 2 + minors : 0);
    const date = width('date');
    let out = '';
    for (const [i, entry] of entries.entries()) {
      const f = rows[i] as Fields;
      if (this.options.has('i')) out += `${this.inode(entry).padStart(inodeWidth)} `;
      if (this.options.has('s')) out += `${f.blocks.padStart(blocks)} `;
      out += `${f.mode} ${f.links.padStart(links)} `;
      if (this.showsOwner) out += `${this.aligned(f.owner, owner)} `;
      if (this.showsGroup) out += `${this.aligned(f.group, group)} `;
      out += `${f.major === '' ? f.size.padStart(size) : `${f.major.padStart(size - 2 - minors)}, ${f.minor.padStart(minors)}`} `;
      out += `${f.date.padStart(date)} ${this.name(entry, padding)}${this.linkOrMark(entry)}${this.end}`;
    }
    return out;
  }

  private get showsOwner(): boolean {
    return !this.options.has('g');
  }
  private get showsGroup(): boolean {
    return !this.options.has('o') && !this.options.has('G');
  }

  /** Names to the left, numbers to the right. */
  private aligned(text: string, width: number): string {
    if (this.options.has('n')) return text.padStart(width);
    return text + ' '.repeat(width - displayWidth(text));
  }

  private fields(entry: Entry): Fields {
    const st = entry.stat;
    if (!st) return { ...UNKNOWN, mode: `${modeString(entry.type)[0]}?????????` };
    const numeric = this.options.has('n');
    const device = S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode);
    return {
      mode: modeString(st.st_mode),
      blocks: this.blocks(st.st_blocks),
      links: String(st.st_nlink),
      owner: numeric ? String(st.st_uid) : this.users.userName(st.st_uid),
      group: numeric ? String(st.st_gid) : this.users.groupName(st.st_gid),
      size: device ? '' : this.size(st.st_size),
      major: device ? String(major(st.st_rdev)) : '',
      minor: device ? String(minor(st.st_rdev)) : '',
      date: this.date(st[this.how.time]),
    };
  }

  private linkOrMark(entry: Entry): string {
    if (!entry.stat || (entry.stat.st_mode & S_IFMT) !== S_IFLNK) return this.indicator(entry.stat?.st_mode ?? entry.type);
    if (entry.target === null) return '';
    const st = entry.targetStat;
    const mode = st?.st_mode ?? 0;
    const shown = this.styled(entry.target);
    const painted = st ? this.painted(shown, entry.target, st, mode, null) : this.paintedMissing(shown);
    return ` -> ${painted}${st ? this.indicator(mode) : ''}`;
  }

  private paintedMissing(text: string): string {
    const code = this.how.color?.get('mi') || this.how.color?.get('or');
    return code && !/^0*$/.test(code) ? `\x1b[${code}m${text}\x1b[0m` : text;
  }

  private date(ms: number): string {
    return this.timeFormat === null ? lsDate(ms, this.now) : strftime(this.timeFormatFor(ms), ms);
  }

  /** A format of two lines: for old files, then for recent ones. */
  private timeFormatFor(ms: number): string {
    const [old = '', recent = old] = (this.timeFormat ?? '').split('\n');
    return / \d{4}$/.test(lsDate(ms, this.now)) ? old : recent;
  }

  private size(bytes: number): string {
    if (this.options.has('si')) return humanSize(bytes, 1000);
    return this.options.has('h') ? humanSize(bytes) : String(bytes);
  }

  private blocks(count: number): string {
    if (this.options.has('h') || this.options.has('si')) return this.size(count * 512);
    return String(Math.ceil(count / 2));
  }
}

interface Fields {
  readonly mode: string;
  readonly blocks: string;
  readonly links: string;
  readonly owner: string;
  readonly group: string;
  readonly size: string;
  readonly major: string;
  readonly minor: string;
  readonly date: string;
}
const UNKNOWN: Fields = { mode: '', blocks: '?', links: '?', owner: '?', group: '?', size: '?', major: '', minor: '', date: '?' };

const TIME_STYLES: Readonly<Record<string, string>> = {
  'full-iso': '%Y-%m-%d %H:%M:%S.%N %z',
  'long-iso': '%Y-%m-%d %H:%M',
  iso: '%Y-%m-%d \n%m-%d %H:%M',
};

function timeFormatOf(options: Options): string | null {
  const last = options.last('full-time', 'time-style');
  if (last === null) return null;
  const style = last === 'full-time' ? 'full-iso' : (options.value('time-style') ?? '').replace(/^posix-/, '');
  if (style === 'locale') return null;
  if (style.startsWith('+')) return style.slice(1);
  const format = TIME_STYLES[style];
  if (format === undefined) throw new Failure(`invalid argument '${style}' for 'time style'`);
  return format;
}

/** The widths of as many columns as fit; a column is as wide as its longest name and two blanks. */
function columnWidths(cells: readonly Cell[], lineWidth: number, downwards: boolean): number[] {
  const most = Math.max(1, Math.min(cells.length, Math.floor(lineWidth / MIN_COLUMN_WIDTH)));
  for (let columns = most; columns > 1; columns--) {
    const widths = widthsFor(cells, columns, downwards);
    if (widths && widths.reduce((a, b) => a + b, 0) < lineWidth) return widths;
  }
  return [Math.max(...cells.map((c) => c.width))];
}

function widthsFor(cells: readonly Cell[], columns: number, downwards: boolean): number[] | null {
  const rows = Math.ceil(cells.length / columns);
  if (downwards && Math.ceil(cells.length / rows) < columns) return null;
  const widths = new Array<number>(columns).fill(MIN_COLUMN_WIDTH);
  for (const [i, cell] of cells.entries()) {
    const column = downwards ? Math.floor(i / rows) : i % columns;
    const needed = cell.width + (column === columns - 1 ? 0 : 2);
    if (needed > (widths[column] as number)) widths[column] = needed;
  }
  return widths;
}
