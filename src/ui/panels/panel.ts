/**
 * What a panel is and what it may use. A panel is a row in index.ts and a folder: it draws into its box with lit-html and
 * sees the machine only through LabContext, whose calls always go to the machine that runs now.
 */
import type { Execution, Executions } from '../executions.ts';
import type { BootInfo, LabHost, MachineChoice, RunText, TimelineRow } from '../host.ts';

/** What a panel can listen to. */
export interface LabEvents {
  /** A machine has booted: the first, after a reset, or back in time. */
  boot: BootInfo;
  /** The machine may have changed: a command has ended at the prompt, or a call from the page. At most every 100 ms. */
  change: undefined;
  /** A command at the prompt has ended, or the machine is another moment's: its rows. */
  timeline: readonly TimelineRow[];
  /** Another execution has been chosen for the microscope, or null: the newest. */
  select: Execution | null;
}

export interface LabContext {
  /** Calls to the worker. They reject with an Error whose message is fit to be shown. */
  readonly host: LabHost;
  /** Of the machine that runs now; null before the first has booted. */
  readonly info: BootInfo | null;
  readonly executions: Executions;
  /** The commands at the prompt so far, and those that undo took back. */
  readonly timeline: readonly TimelineRow[];
  /** Back to before the last command, or to a row of the time line; says what it ended. */
  undo(): Promise<void>;
  go(row: number): Promise<void>;
  /** Another machine in the place of this one, called `line` on the time line; undo leads back. With `carry` files come along. */
  reboot(to: MachineChoice, line: string, carry: boolean): Promise<void>;
  /** The execution that is shown; null: whatever is the newest. */
  readonly selected: Execution | null;
  select(execution: Execution | null): void;
  on<K extends keyof LabEvents>(what: K, listener: (detail: LabEvents[K]) => void): () => void;
  /** Keys into the terminal in front: "\r" is Enter. */
  type(text: string): void;
  /** A new non-interactive bash on the machine; nothing shows in the terminal. */
  run(script: string): Promise<RunText>;
  /** Says that the panel has changed the machine through `host`; `line` is what the time line calls it. */
  touched(line?: string): void;
  /** The login shell of the terminal in front, by its process id; null: there is none. */
  readonly shell: number | null;
  /** Puts the terminal in front and the keyboard into it. */
  focusTerminal(): void;
  /** Opens another panel, with what it should show (its own `show` says what that is). */
  openPanel(id: PanelId, show?: unknown): void;
  /** The address of a rule's text: rule("M3"). */
  rule(number: string): string;
  /** A line for the status bar, read to screen readers. */
  say(text: string): void;
}

export type PanelId = 'lesson' | 'microscope' | 'world' | 'workbench';

export interface PanelHandle {
  /** What other panels ask for through openPanel. */
  show?(what: unknown): void;
  /** What a permalink keeps of the panel, as JSON; given to `mount` again. */
  state?(): unknown;
  dispose(): void;
}

/** What a panel's folder exports from its index.ts, loaded when the panel is first opened. */
export interface PanelModule {
  /** CSS for the element's shadow root; every selector begins with the panel's own class. The page's custom properties are in styles.ts. */
  readonly styles: string;
  mount(box: HTMLElement, lab: LabContext, state?: unknown): PanelHandle;
}
