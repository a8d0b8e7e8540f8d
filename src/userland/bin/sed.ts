/** sed(1): options and files. Scripts: sed-parse.ts; running them: sed-run.ts. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_EXCL, O_WRONLY } from '../../uapi/fcntl.ts';
import { type CommandSpec, command, type Io, type Options, usageText } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { basename, dirname, join } from '../lib/path.ts';
import { Output, readAll, readFile } from '../lib/stdio.ts';
import { Input } from './sed-input.ts';
import { OutputFiles, SedOutput } from './sed-output.ts';
import { parseScript } from './sed-parse.ts';
import { Runner } from './sed-run.ts';
import type { Script, Source } from './sed-script.ts';

const spec: CommandSpec = {
  name: 'sed',
  usage: ['[OPTION]... {script-only-if-no-other-script} [input-file]...'],
  summary: 'Edits a stream of lines by a script.',
  options: [
    ['-n, --quiet, --silent', 'print only what the script prints'],
    ['-e, --expression=SCRIPT', 'add to the script'],
    ['-f, --file=SCRIPT-FILE', 'add the lines of a file to the script'],
    ['-i, --in-place[=SUFFIX]', 'edit files in place, keeping a copy if SUFFIX is given'],
    ['-l, --line-length=N', 'where the l command folds lines'],
    ['--posix', 'makes no difference here'],
    ['-E, -r, --regexp-extended', 'extended regular expressions'],
    ['-s, --separate', 'files are separate, not one stream'],
    ['--sandbox', 'refuse the commands e, r and w'],
    ['-u, --unbuffered', 'flush after each line'],
    ['-z, --null-data', 'lines end with NUL'],
  ],
  notes: ['Without -e and -f the first operand is the script. Without files standard input is read.'],
  follows: 'GNU sed 4.9',
  hint: (io) => `${usageText(io, spec)}Try '${io.name} --help' for more information.\n`,
};

export const main = command(spec, async (io, options, operands) => {
  io.stdout.encode = io.charset.encode;
  const sources = await sourcesOf(io, options, operands);
  const files = options.has('e') || options.has('f') ? operands : operands.slice(1);
  const how = { extended: options.has('E'), utf8: io.charset.utf8, sandbox: options.has('sandbox') };
  const script = parseScript(sources, how);
  return await edit(io, options, script, files);
});

async function sourcesOf(io: Io, options: Options, operands: readonly string[]): Promise<Source[]> {
  const sources: Source[] = [];
  let expression = 0;
  for (const { key, value } of options.list) {
    if (key === 'e') sources.push({ text: io.charset.fromArgument(value ?? ''), name: { expression: ++expression } });
    if (key === 'f') sources.push({ text: await scriptFile(io, value ?? ''), name: { file: value ?? '' } });
  }
  if (sources.length > 0) return sources;
  const [script] = operands;
  if (script === undefined) throw new UsageError('');
  return [{ text: io.charset.fromArgument(script), name: { expression: 1 } }];
}

async function scriptFile(io: Io, name: string): Promise<string> {
  const bytes = name === '-' ? await readAll(io.sys, 0) : await readFile(io.sys, name);
  if (IS_ERR(bytes)) throw new Failure(`couldn't open file ${name}: ${bytes.message}`, 4);
  return io.charset.decode(bytes).replace(/\n$/, '');
}

async function edit(io: Io, options: Options, script: Script, files: readonly string[]): Promise<number> {
  const inPlace = options.has('i');
  const delimiter = options.has('z') ? '\0' : '\n';
  if (inPlace && files.length === 0) throw new Failure('no input files', 4);
  const standard = new SedOutput(io.stdout, delimiter);
  const written = new OutputFiles(io, delimiter, () => standard);
  for (const { name, text, substitution } of script.commands) {
    if (name === 'w' || name === 'W') await written.open(text);
    if (substitution?.file) await written.open(substitution.file);
  }
  const replacement = inPlace ? new InPlace(io, options.value('i') ?? '', delimiter) : null;
  const input = new Input(
    io,
    files.length === 0 ? ['-'] : files,
    inPlace || options.has('s'),
    inPlace,
    delimiter,
    async (name) => {
      if (replacement) runner.output = await replacement.begin(name);
    },
    async () => await replacement?.end(),
  );
  const runner: Runner = new Runner(io, script, input, standard, written, {
    quiet: options.has('n') || script.quiet,
    lineLength: lineLength(options),
    delimiter,
    unbuffered: options.has('u'),
  });
  await runner.run();
  await replacement?.finish(input);
  return runner.exitCode || io.status;
}

function lineLength(options: Options): number {
  const text = options.value('l');
  if (text === null) return 70;
  if (!/^\d+$/.test(text)) throw new Failure(`invalid line length: ${text}`);
  return Number(text);
}

/** -i: each file is written anew beside the old one, then takes its name. */
class InPlace {
  private name = '';
  private temporary = '';
  private output: SedOutput | null = null;

  constructor(
    private readonly io: Io,
    private readonly suffix: string,
    private readonly delimiter: '\n' | '\0',
  ) {}

  async begin(name: string): Promise<SedOutput> {
    this.name = name;
    const directory = dirname(name);
    for (let attempt = 0; ; attempt++) {
      this.temporary = join(directory, `sed${randomLetters()}`);
      const fd = await this.io.sys.open(this.temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600);
      if (IS_ERR(fd) && fd.code === 'EEXIST' && attempt < 100) continue;
      if (IS_ERR(fd)) throw new Failure(`couldn't open temporary file ${this.temporary}: ${fd.message}`, 4);
      this.keepAttributes(fd);
      this.output = new SedOutput(new Output(this.io.sys, fd, this.io.charset.encode), this.delimiter);
      return this.output;
    }
  }

  private keepAttributes(fd: number): void {
    const st = this.io.sys.stat(this.name);
    if (IS_ERR(st)) return;
    this.io.sys.fchown(fd, st.st_uid, st.st_gid);
    this.io.sys.fchmod(fd, st.st_mode & 0o7777);
  }

  async end(): Promise<void> {
    const { output } = this;
    if (!output) return;
    this.output = null;
    await output.stream.flush();
    this.io.sys.close(output.stream.fd);
    if (output.stream.error) throw new Failure(`couldn't write to ${this.temporary}: ${output.stream.error.message}`, 4);
    if (this.suffix !== '') this.rename(this.name, this.backupName());
    this.rename(this.temporary, this.name);
  }

  /** After q: the rest of the file is kept as it is. */
  async finish(input: Input): Promise<void> {
    while (this.output) {
      const line = await input.readRest();
      if (!line) break;
      this.output.line(line.text, line.terminated);
    }
    await this.end();
  }

  private rename(from: string, to: string): void {
    const status = this.io.sys.rename(from, to);
    if (IS_ERR(status)) throw new Failure(`cannot rename ${from}: ${status.message}`, 4);
  }

  /** A suffix with * is a pattern for the name, maybe in another directory. */
  private backupName(): string {
    const base = basename(this.name);
    const name = this.suffix.includes('*') ? this.suffix.replaceAll('*', base) : base + this.suffix;
    return name.includes('/') ? name : join(dirname(this.name), name);
  }
}

function randomLetters(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return Array.from({ length: 6 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}
