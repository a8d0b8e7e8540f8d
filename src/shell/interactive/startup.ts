/** The files that a shell reads when it starts and when a login shell ends. Follows run_startup_files in bash's shell.c. */
import { IS_ERR } from '../../uapi/errno.ts';
import { R_OK } from '../../uapi/fcntl.ts';
import type { RunResult, Shell } from '../shell.ts';

export interface StartupOptions {
  readonly login: boolean;
  /** `--noprofile` */
  readonly noprofile: boolean;
  /** `--norc` */
  readonly norc: boolean;
  /** `--rcfile FILE` */
  readonly rcfile?: string | undefined;
}

const PROFILES = ['.bash_profile', '.bash_login', '.profile'];

/** Reads them; the answer tells whether one of them ended the shell. */
export async function runStartupFiles(sh: Shell, options: StartupOptions): Promise<RunResult> {
  for (const file of startupFiles(sh, options)) {
    const result = await source(sh, file);
    if (result?.exit) return result;
  }
  return { status: sh.lastStatus, exit: false };
}

function startupFiles(sh: Shell, options: StartupOptions): string[] {
  const home = sh.get('HOME') ?? '';
  if (options.login) {
    if (options.noprofile) return [];
    const own = PROFILES.map((name) => `${home}/${name}`).find((path) => readable(sh, path));
    return ['/etc/profile', ...(own === undefined ? [] : [own])];
  }
  if (options.norc) return [];
  return ['/etc/bash.bashrc', options.rcfile ?? `${home}/.bashrc`];
}

const readable = (sh: Shell, path: string): boolean => !IS_ERR(sh.sys.eaccess(path, R_OK));

/** ~/.bash_logout of a login shell. */
export async function runLogoutFile(sh: Shell): Promise<void> {
  await source(sh, `${sh.get('HOME') ?? ''}/.bash_logout`);
}

async function source(sh: Shell, path: string): Promise<RunResult | undefined> {
  if (!readable(sh, path)) return undefined;
  return sh.runText(`. '${path.replaceAll("'", "'\\''")}'`);
}
