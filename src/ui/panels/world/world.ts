/** The panel's model: what a sight of the machine means. */
import type { Match } from './entry.ts';

export interface World {
  /** The machine's own first. */
  readonly tables: readonly Table[];
  /** Mount namespaces, and other roots in them; the first process's first. */
  readonly places: readonly Place[];
  /** The trees of processes, by their roots. */
  readonly processes: readonly Process[];
  /** Processes that were too many to look at. */
  readonly more: number;
}

/** One table of rules. */
export interface Table {
  readonly id: string;
  /** The user namespace whose own it is; null for the machine's. */
  readonly userns: string | null;
  readonly enabled: boolean;
  /** Where its files can be reached. */
  readonly directory: string;
  /** Its path inside the place that shows it. */
  readonly mountpoint: string;
  /** In the order of matching: the newest first. */
  readonly rules: readonly Rule[];
  /** Where programs run that ask it. */
  readonly places: readonly Place[];
}

export interface Rule {
  readonly name: string;
  /** The rule's file, from outside. */
  readonly file: string;
  readonly enabled: boolean;
  readonly match: Match;
  readonly interpreter: string;
  readonly flags: string;
  /** One for each of the table's places, in their order. */
  readonly answers: readonly Answer[];
}

/** Would the rule's interpreter start in a place? */
export interface Answer {
  readonly ok: 'yes' | 'no' | 'depends';
  /** In a word or two. */
  readonly word: string;
  readonly why: string;
}

export interface Place {
  readonly id: string;
  /** "initial", "namespace 4026532178", "chroot /srv/arm" */
  readonly title: string;
  /** Where its first process can see a table, or null: binfmt_misc is not mounted there. */
  readonly mountpoint: string | null;
  /** What that table says of itself: switched on or off. */
  readonly shown: 'enabled' | 'disabled' | null;
  /** User namespaces of its processes other than the first. */
  readonly userns: readonly string[];
  readonly processes: readonly Process[];
}

export interface Process {
  readonly pid: number;
  readonly comm: string;
  readonly command: string;
  readonly state: string;
  readonly ppid: number;
  /** The id of its place; '' for one that has ended and waits to be waited for. */
  readonly place: string;
  readonly children: readonly Process[];
}
