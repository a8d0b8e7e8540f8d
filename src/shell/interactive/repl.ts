/** The interactive shell: start-up files, prompt, line, command, and again. Follows reader_loop in bash's eval.c. */
import { IS_ERR } from '../../uapi/errno.ts';
import { R_OK } from '../../uapi/fcntl.ts';
import { SIGHUP, SIGINT, SIGWINCH } from '../../uapi/signal.ts';
import type { Termios } from '../../uapi/termios.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { engine, engineIsLoaded, loadedEngine } from '../load-engine.ts';
import { report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { captureState, restoreHistory, type SavedHistory, type ShellState } from '../state.ts';
import { BASIC_KEYBOARD } from './bindings.ts';
import type { ModifierMemory } from './history-modifiers.ts';
import { KillRing } from './kill-ring.ts';
import { type Interruptions, Readline, type ReadlineHost, type ReadlineResult } from './readline.ts';
import { ShellHistory } from './shell-history.ts';
import { Terminal } from './terminal.ts';

const STDIN = 0;
const STDERR = 2;
const INTERRUPTED: ExitCode = 128 + SIGINT;
const HUNG_UP: ExitCode = 128 + SIGHUP;
/** How many C-d `set -o ignoreeof` lets pass. */
const DEFAULT_IGNOREEOF = 10;
/** Long enough for the prompt to be drawn before anything else is fetched. */
const PREFETCH_AFTER_MS = 500;

/** Runs an interactive shell, whose start-up files were read, to its end; answers its exit status. */
export async function interactive(sh: Shell, saved?: SavedHistory): Promise<ExitCode> {
  const history = new ShellHistory(sh);
  sh.history = history;
  if (saved) restoreHistory(sh, saved);
  else await history.start();
  const status = await new Repl(sh, history).run();
  await history.finish();
  if (sh.options.shopt('login_shell')) await runLogoutFile(sh);
  return status;
}

/** ~/.bash_logout of a login shell. */
async function runLogoutFile(sh: Shell): Promise<void> {
  const file = `${sh.get('HOME') ?? ''}/.bash_logout`;
  if (!IS_ERR(sh.sys.eaccess(file, R_OK))) await sh.runText(`. '${file.replaceAll("'", "'\\''")}'`);
}

/** How the reading of a command ended. */
type Command =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'eof' }
  | { readonly kind: 'hangup' };

class Repl {
  private readonly terminal: Terminal;
  private readonly host: ReadlineHost;
  private readonly signals: PromptSignals;
  private readonly memory: ModifierMemory = {};
  private modes: Termios | undefined;
  private eofs = 0;
  /** What was run since the last prompt. */
  private command: string | null = null;
  /** Where the next line starts in the history (C-o). */
  private nextStart: number | undefined;

  constructor(
    private readonly sh: Shell,
    private readonly history: ShellHistory,
  ) {
    this.terminal = new Terminal(sh.sys, STDIN, STDERR);
    this.signals = new PromptSignals(sh);
    this.host = {
      terminal: this.terminal,
      history,
      kills: new KillRing(),
      interruptions: this.signals,
      keyboard: () => sh.bindings?.keyboard() ?? (engineIsLoaded() ? loadedEngine().KEYBOARD : BASIC_KEYBOARD),
      variable: (name) => sh.bindings?.variable(name),
      runCommand: async (editor, command) => (await engine()).runBoundCommand(sh, editor, command),
      wholeKeyboard: async () => void (await this.engineAnswers()),
      complete: async (editor, request, commandAtStart) => (await engine()).completeLine(sh, editor, request, commandAtStart),
      expand: async (what, line, point) => (await engine()).expandLine(sh, { what, line, point, history, memory: this.memory }),
      idle: () => this.prefetch(),
      version: `GNU bash, version ${sh.get('BASH_VERSION') ?? ''} (${sh.get('MACHTYPE') ?? ''})`,
    };
  }

  async run(): Promise<ExitCode> {
    this.updateWindowSize();
    for (;;) {
      const command = await this.readCommand();
      if (command.kind === 'hangup') return this.hangUp();
      if (command.kind === 'eof' && !(await this.eofEnds())) continue;
      if (command.kind === 'text') this.eofs = 0;
      const text = command.kind === 'text' ? command.text : command.kind === 'eof' ? 'exit' : '';
      const result = await this.execute(text);
      if (result.exit) return result.status;
    }
  }

  private async execute(text: string): Promise<{ status: ExitCode; exit: boolean }> {
    if (text.trim() === '') return { status: this.sh.lastStatus, exit: false };
    this.command = text;
    const result = await this.sh.runText(text);
    this.sh.interrupted = false;
    this.keepModes(result.status);
    if (this.sh.options.shopt('checkwinsize')) this.updateWindowSize();
    return result;
  }

  // ---- reading a command ----

  /** Reads lines until they make a command. */
  private async readCommand(): Promise<Command> {
    await this.refuseVi();
    await this.notifyJobs();
    await this.runPromptCommand();
    this.tellPrompt();
    let text: string | undefined;
    for (;;) {
      const result = await this.readLine(text === undefined ? 'PS1' : 'PS2', text);
      if (text === undefined) this.sh.session?.left(result.kind === 'line' ? result.line : '');
      if (result.kind === 'interrupt') return this.interrupted();
      if (result.kind === 'hangup') return result;
      if (result.kind === 'eof') return text === undefined ? result : this.unfinished(text);
      if (text === undefined && result.line === '') return { kind: 'text', text: '' };
      if (!(await this.engineAnswers())) return this.keepForLater(result.line);
      const line = await this.remember(result.line, text);
      if (line === undefined) return { kind: 'none' };
      text = text === undefined ? line : `${text}\n${line}`;
      if (!loadedEngine().isIncomplete(this.sh, text)) return { kind: 'text', text };
    }
  }

  private tellPrompt(): void {
    const { sh, command } = this;
    this.command = null;
    const jobs = sh.jobs.list.filter((job) => job.processes.some((p) => p.state !== 'done')).length;
    const capture = (): ShellState => captureState(sh, this.terminal.modes ?? this.currentModes() ?? null);
    sh.session?.prompt({ command, status: sh.lastStatus, cwd: sh.get('PWD') ?? '', jobs, capture });
  }

  /** The prompt stands: unless a key or a signal comes at once, the engine is fetched now, while nobody waits for it. */
  private async prefetch(): Promise<void> {
    if (engineIsLoaded() || !(await this.terminal.quiet(PREFETCH_AFTER_MS))) return;
    engine().catch(() => {});
  }

  /** Waits for the engine; false, and said so, when it cannot be had. */
  private async engineAnswers(): Promise<boolean> {
    try {
      await engine();
      return true;
    } catch (e) {
      await report(this.sh, `cannot load the rest of the shell: ${e instanceof Error ? e.message : String(e)}`);
      return false;
    }
  }

  /** A line that cannot be run now is a key away in the history. */
  private keepForLater(line: string): Command {
    this.history.push(line);
    return { kind: 'none' };
  }

  /** Tells what became of the jobs; there are none before a command has run. */
  private async notifyJobs(): Promise<void> {
    const { list, others } = this.sh.jobs;
    if (list.length + others.length > 0) await loadedEngine().notifyJobs(this.sh);
  }

  private async refuseVi(): Promise<void> {
    const { options } = this.sh;
    if (!options.get('vi')) return;
    options.set('vi', false);
    options.set('emacs', true);
    await report(this.sh, 'set: vi: editing mode not supported here, staying with emacs');
  }

  private async readLine(prompt: 'PS1' | 'PS2', before: string | undefined): Promise<ReadlineResult> {
    const expanded = await this.sh.expandPrompt(this.sh.get(prompt) ?? '');
    const readline = new Readline(this.host, {
      prompt: expanded,
      commandAtStart: before === undefined || loadedEngine().continuationOf(`${before}\n`).commandPlace,
      startAt: this.nextStart,
    });
    this.signals.watch();
    const result = await readline.read();
    this.signals.unwatch();
    this.nextStart = readline.nextStart;
    return result;
  }

  /** History expansion and the history list; undefined: there is nothing to run. */
  private async remember(line: string, before: string | undefined): Promise<string | undefined> {
    const { continuationOf, expandHistory } = loadedEngine();
    const quote = before === undefined ? '' : continuationOf(`${before}\n`).quote;
    const expansion = this.sh.options.get('histexpand')
      ? expandHistory(line, {
          entries: this.history.entries,
          base: this.history.base,
          quote: quote === '`' ? '' : quote,
          extglob: this.sh.options.shopt('extglob'),
          memory: this.memory,
        })
      : ({ kind: 'same' } as const);
    if (expansion.kind === 'error') {
      await report(this.sh, expansion.message);
      return undefined;
    }
    const text = expansion.kind === 'same' ? line : expansion.line;
    if (expansion.kind !== 'same') await this.sh.write(STDERR, `${text}\n`);
    if (before === undefined) this.history.addLine(text);
    else this.history.addContinuation(text);
    return expansion.kind === 'print' ? undefined : text;
  }

  private async interrupted(): Promise<Command> {
    const { sh } = this;
    sh.lastStatus = INTERRUPTED;
    sh.interrupted = false;
    if (sh.traps.actions.get(SIGINT)) sh.traps.pending.push(SIGINT);
    if (sh.traps.pending.length > 0) await loadedEngine().runPendingTraps(sh);
    await sh.write(STDERR, '\n');
    return { kind: 'none' };
  }

  /** End of file in the middle of a command: the parser says so, and the shell ends. */
  private async unfinished(text: string): Promise<Command> {
    await this.sh.runText(text);
    return { kind: 'eof' };
  }

  /** PROMPT_COMMAND runs before each PS1 and does not change `$?`. */
  private async runPromptCommand(): Promise<void> {
    const variable = this.sh.vars.find('PROMPT_COMMAND');
    const commands = variable?.indexed ? [...variable.indexed.values()] : [this.sh.get('PROMPT_COMMAND') ?? ''];
    const status = this.sh.lastStatus;
    for (const command of commands) if (command.trim() !== '') await this.sh.runText(command);
    this.sh.lastStatus = status;
  }

  // ---- the end ----

  /** C-d on an empty line: `ignoreeof` lets some pass. */
  private async eofEnds(): Promise<boolean> {
    const { sh } = this;
    const limit = sh.get('IGNOREEOF') ?? (sh.options.get('ignoreeof') ? '' : undefined);
    if (limit === undefined) return true;
    const allowed = /^\d+$/.test(limit) ? Number(limit) : DEFAULT_IGNOREEOF;
    if (++this.eofs > allowed) return true;
    await sh.write(STDERR, `Use "${sh.options.shopt('login_shell') ? 'logout' : 'exit'}" to leave the shell.\n`);
    return false;
  }

  /** The terminal is gone: the jobs hear of it, the history is kept. */
  private hangUp(): ExitCode {
    if (this.sh.jobs.list.length > 0) loadedEngine().hangUpJobs(this.sh);
    return HUNG_UP;
  }

  // ---- the terminal ----

  /** What a command that ended well did to the terminal's modes stays; one that was killed or stopped leaves none behind. */
  private keepModes(status: ExitCode): void {
    if (status > 128 && this.modes) this.sh.sys.ioctl(STDIN, 'TCSETSW', this.modes);
    else this.modes = this.currentModes() ?? this.modes;
  }

  private updateWindowSize(): void {
    const size = this.sh.sys.ioctl(STDIN, 'TIOCGWINSZ');
    if (IS_ERR(size) || size.ws_col === 0) return;
    this.sh.set('LINES', String(size.ws_row));
    this.sh.set('COLUMNS', String(size.ws_col));
    this.modes ??= this.currentModes();
  }

  private currentModes(): Termios | undefined {
    const modes = this.sh.sys.ioctl(STDIN, 'TCGETS');
    return IS_ERR(modes) ? undefined : modes;
  }
}

/** ^C, a resize and a hangup while a line is being read. */
class PromptSignals implements Interruptions {
  private interrupt = false;
  private resize = false;
  private hangup = false;
  private restore: (() => void)[] = [];

  constructor(private readonly sh: Shell) {}

  watch(): void {
    this.interrupt = this.resize = false;
    this.on(SIGINT, () => void (this.interrupt = true));
    this.on(SIGWINCH, () => void (this.resize = true));
    this.on(SIGHUP, () => void (this.hangup = true));
  }
  unwatch(): void {
    for (const restore of this.restore.splice(0)) restore();
  }
  get waiting(): boolean {
    return this.interrupt || this.resize || this.hangup;
  }
  take(): { interrupt: boolean; resize: boolean; hangup: boolean } {
    const { interrupt, resize, hangup } = this;
    this.interrupt = this.resize = false;
    return { interrupt, resize, hangup };
  }
  private on(sig: number, handler: () => void): void {
    const old = this.sh.sys.rt_sigaction(sig, { handler });
    if (!IS_ERR(old)) this.restore.push(() => void this.sh.sys.rt_sigaction(sig, old));
  }
}
