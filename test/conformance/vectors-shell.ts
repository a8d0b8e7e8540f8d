/** Observations in which a shell or a command spoke: the same scripts, run by the lab's own bash, dash and coreutils. */
import { boot } from '../../src/lab/index.ts';
import { DIR, type Row } from './vectors-machine.ts';
import { pythonBytes, pythonText } from './vectors-replay.ts';
import { BM, is_subprocess, key, RULE, SCRIPTS } from './vectors-shell-rows.ts';

/** The recording's mount stood elsewhere; the lab's stands where everybody's does. */
const here = (text: string): string => text.replaceAll(`${DIR}/t1/bm`, BM);

export interface ShellComparison {
  readonly expected: unknown;
  readonly actual: unknown;
}

export function replayShell(row: Row): Promise<ShellComparison> {
  return is_subprocess(row) ? replaySubprocess(row) : replayScript(row);
}

/** Status and messages, then each entry with its text, newest first. */
async function replayScript(row: Row): Promise<ShellComparison> {
  const lab = await boot({ kernel: '6.18' });
  const run = await lab.run(SCRIPTS[key(row)] ?? '');
  const names = lab.files.list(BM).filter((name) => name !== 'register' && name !== 'status');
  const texts = names.map((name) => `(${pythonText(name)}, ${pythonBytes(lab.readFile(`${BM}/${name}`))})`);
  lab.dispose();
  return { expected: row.got, actual: `(${run.status}, ${pythonText(run.stderr.text.trim())}) [${texts.join(', ')}]` };
}

/** The script, its status and what it printed stand in the recording itself. */
async function replaySubprocess(row: Row): Promise<ShellComparison> {
  const m = /args=\['(\w+)', '-c', '(.*)'\], returncode=(\d+), stdout='(.*?)', stderr=['"](.*)['"]\)$/s.exec(String(row.got));
  if (m === null) throw new Error(`unreadable: ${row.got}`);
  const [, shell, script, status, stdout, stderr] = m.map((part) => here(part.replaceAll('\\n', '\n').replaceAll("\\'", "'")));
  const lab = await boot({ kernel: '6.18' });
  // The bash row came after the dash row, which had left its rule behind.
  if (shell === 'bash') await lab.run(`echo '${RULE('ab', 'sh')}' > ${BM}/register`);
  // What programs say was recorded in a UTF-8 locale.
  const run = await lab.run(`exec ${shell} -c "$SCRIPT"`, { env: { SCRIPT: script ?? '', LC_ALL: 'C.UTF-8' } });
  lab.dispose();
  return {
    expected: { status: Number(status), stdout, stderr },
    actual: { status: run.status, stdout: run.stdout.text, stderr: run.stderr.text },
  };
}
