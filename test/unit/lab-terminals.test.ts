import { describe, expect, it } from 'vitest';
import { boot, type Lab, type LabTerminal } from '../../src/lab/index.ts';
import { Typist } from '../support/typist.ts';

function open(lab: Lab, rows = 24, cols = 80, user = 'root'): Typist & { readonly terminal: LabTerminal } {
  const typist = new Typist();
  return Object.assign(typist, { terminal: lab.openTerminal({ rows, cols, output: typist, user }) });
}

async function two(): Promise<{ lab: Lab; one: ReturnType<typeof open>; other: ReturnType<typeof open> }> {
  const lab = await boot();
  return { lab, one: open(lab), other: open(lab, 30, 100) };
}

/** Starts `command` and waits until it runs: a key that comes before is the shell's. */
async function run(typist: Typist, command: string): Promise<void> {
  await typist.start(`sh -c "echo up; exec ${command}"`);
  await typist.until(/up\r\n/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  typist.text = '';
}

describe('two terminals of one machine', () => {
  it('have a name, a session and a size each', async () => {
    const { one, other } = await two();
    expect([await one.type('tty'), await other.type('tty')]).toEqual(['/dev/pts/0\n', '/dev/pts/1\n']);
    expect([await one.type('stty size'), await other.type('stty size; echo $LINES $COLUMNS')]).toEqual(['24 80\n', '30 100\n30 100\n']);
    expect(await one.type('ls -1 /dev/pts; stat -c %u:%G:%a /dev/pts/1')).toBe('0\n1\n0:tty:620\n');
    const rows = (await other.type('ps -e -o tty,sid,pid,comm')).split('\n').map((row) => row.trim().split(/ +/));
    const shells = rows.filter((row) => row[3] === 'bash');
    expect(shells.map((row) => row[0])).toEqual(['pts/0', 'pts/1']);
    expect(shells.every((row) => row[1] === row[2])).toBe(true);
    expect(new Set(shells.map((row) => row[1])).size).toBe(2);
    expect(await one.type('ps -o tty=,comm=')).toBe('pts/0    bash\npts/0    ps\n');
  });

  it("share the files, and /dev/tty is each one's own", async () => {
    const { one, other } = await two();
    await one.type('echo from one > /root/shared');
    expect(await other.type('cat /root/shared; echo own > /dev/tty; echo there > /dev/pts/0')).toBe('from one\nown\n');
    await one.until(/there\r\n/);
    expect(other.text).not.toContain('there');
  });

  it('hear their own ^C, ^Z and fg only', async () => {
    const { one, other } = await two();
    for (const typist of [one, other]) await run(typist, 'sleep 1000');
    one.terminal.input('\x03');
    expect(await one.output()).toBe('^C\n');
    expect(await one.type('ps -e -o tty=,args= | grep "[s]leep"')).toBe('pts/1    sleep 1000\n');
    other.terminal.input('\x1a');
    expect(await other.output()).toBe('^Z\n[1]+  Stopped                 sh -c "echo up; exec sleep 1000"\n');
    expect(await one.type('jobs; fg')).toBe('-bash: fg: current: no such job\n');
    await other.start('fg');
    await other.until(/sleep 1000/);
    other.text = '';
    other.terminal.input('\x03');
    expect(await other.output()).toBe('^C\n');
    expect(await other.type('echo $?')).toBe('130\n');
  });

  it('tell only their own foreground of a new size', async () => {
    const { one, other } = await two();
    for (const typist of [one, other]) await typist.start('bash -c \'trap "stty size" WINCH; echo ready; while sleep 0.02; do :; done\'');
    for (const typist of [one, other]) await typist.until(/ready/);
    other.terminal.resize(40, 120);
    await other.until(/40 120/);
    one.terminal.input('\x03');
    expect(await one.output()).not.toContain('40 120');
    other.terminal.input('\x03');
    await other.prompt();
  });

  it('end apart: closing one hangs up its session, and its name is free again', async () => {
    const { lab, one, other } = await two();
    await run(other, 'sleep 1000');
    other.terminal.close();
    expect(await other.terminal.exited).toBeGreaterThan(128);
    expect(await one.type('ps -e -o tty=,comm= | grep -v "[?]"; ls -1 /dev/pts')).toBe('pts/0    bash\npts/0    ps\npts/0    grep\n0\n');
    const third = open(lab, 24, 80, 'student');
    expect(await third.type('tty; whoami; echo hi > /dev/pts/0')).toBe('/dev/pts/1\nstudent\n-bash: /dev/pts/0: Permission denied\n');
    await third.start('exit');
    expect(await third.terminal.exited).toBe(1);
    expect(await one.type('echo still here')).toBe('still here\n');
  });

  it('fill up apart: one that nobody reads does not hold the other up', async () => {
    const lab = await boot();
    const output = { write: (): Promise<void> => new Promise(() => undefined) };
    lab.openTerminal({ rows: 24, cols: 80, output }).input('yes\r');
    const other = open(lab);
    expect(await other.type('echo free')).toBe('free\n');
  });
});
