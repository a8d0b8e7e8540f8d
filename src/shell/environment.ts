/** The environment becomes variables; the shell adds its own. */
import { IS_ERR } from '../uapi/errno.ts';
import { engine } from './load-engine.ts';
import type { Shell } from './shell.ts';
import { isName, newVariable, type Variable } from './vars.ts';

export const STANDARD_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export async function importEnvironment(sh: Shell, envp: readonly string[]): Promise<void> {
  const vars = sh.vars.global().vars;
  for (const entry of envp) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at);
    const value = entry.slice(at + 1);
    const f = /^BASH_FUNC_(.+)%%$/.exec(name);
    if (at > 0 && isName(name)) vars.set(name, { ...newVariable(), value, exported: true });
    else if (f && value.startsWith('() {')) {
      const { defineFunction } = await engine();
      defineFunction(sh, `${f[1]} ${value}`, { source: 'environment', line: 1, exported: true });
    }
  }
  vars.delete('_');
  ownVariables(sh);
}

function ownVariables(sh: Shell): void {
  const vars = sh.vars.global().vars;
  const put = (name: string, value: string, more: Partial<Variable> = {}): void =>
    void vars.set(name, { ...newVariable(), value, ...more });
  const absent = (name: string, value: string): void => {
    if (!vars.has(name)) put(name, value);
  };
  const { machine, nodename } = sh.sys.uname();
  put('IFS', ' \t\n');
  absent('PATH', STANDARD_PATH);
  put('PS4', vars.get('PS4')?.value ?? '+ ');
  put('OPTIND', '1');
  put('PPID', String(sh.sys.getppid()), { readonly: true, integer: true });
  if (sh.posixSh) {
    exportPwd(sh);
    return;
  }
  absent('TERM', 'dumb');
  put('OPTERR', '1');
  put('BASH', sh.sys.getpid() > 0 ? '/bin/bash' : 'bash');
  put('BASH_VERSION', '5.2.15(1)-release');
  const versinfo = ['5', '2', '15', '1', 'release', `${machine}-pc-linux-gnu`];
  put('BASH_VERSINFO', '', { value: undefined, indexed: new Map(versinfo.map((v, i) => [i, v])), readonly: true });
  put('HOSTNAME', nodename, { exported: vars.get('HOSTNAME')?.exported === true });
  put('HOSTTYPE', machine);
  put('MACHTYPE', `${machine}-pc-linux-gnu`);
  put('OSTYPE', 'linux-gnu');
  put('UID', String(sh.sys.getuid()), { readonly: true, integer: true });
  put('EUID', String(sh.sys.geteuid()), { readonly: true, integer: true });
  const level = Number.parseInt(vars.get('SHLVL')?.value ?? '0', 10);
  put('SHLVL', String((Number.isNaN(level) ? 0 : level) + 1), { exported: true });
  exportPwd(sh);
}

/** PWD is believed only if it really names the current directory. */
function exportPwd(sh: Shell): void {
  const vars = sh.vars.global().vars;
  const given = vars.get('PWD')?.value;
  const here = sh.sys.stat('.');
  const there = given?.startsWith('/') ? sh.sys.stat(given) : undefined;
  const same = !IS_ERR(here) && there && !IS_ERR(there) && here.st_ino === there.st_ino && here.st_dev === there.st_dev;
  const cwd = same ? given : sh.sys.getcwd();
  if (typeof cwd === 'string') vars.set('PWD', { ...newVariable(), value: cwd, exported: true });
  const old = vars.get('OLDPWD');
  if (!old) vars.set('OLDPWD', { ...newVariable(), exported: true });
}
