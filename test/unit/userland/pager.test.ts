/** Programs that take the whole screen, on a terminal. */
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/uapi/syscalls.ts';
import { bin } from '../../../src/userland/bin/index.ts';
import { machine, program } from '../../support/kernel.ts';

const LINES = Array.from({ length: 100 }, (_, i) => `line ${i + 1}\n`).join('');
const start =
  (...argv: string[]): Program =>
  async (sys, _argv, envp) => {
    await sys.execve(`/usr/bin/${argv[0]}`, argv, envp);
    return 127;
  };
const fresh = () =>
  machine({
    entries: [
      ...['less', 'man', 'watch', 'printf'].map((name) => program(`/usr/bin/${name}`, name)),
      { kind: 'file', path: '/tmp/lines', mode: 0o644, data: new TextEncoder().encode(LINES) },
    ],
    applets: bin,
  });

/** What the glass shows from the last time it was drawn on. */
const page = (screen: string): string => screen.slice(screen.lastIndexOf('\x1b[H'));

describe('less', () => {
  it('shows pages, goes where it is told, finds, and leaves the terminal as it was', async () => {
    const t = fresh().terminal(start('less', '/tmp/lines'));
    await t.until('line 23');
    expect(page(t.screen())).toContain('line 1\x1b[K');
    t.type(' ');
    await t.until('line 46');
    t.type('G');
    await t.until('line 100');
    expect(page(t.screen())).toContain('(END)');
    t.type('g/line 5[05]\r');
    await t.until('line 72');
    expect(page(t.screen())).toMatch(/^\x1b\[Hline 50\x1b/);
    t.type('n');
    await t.until('line 77');
    t.type('q');
    expect(await t.exited).toBe(0);
    expect(t.screen()).toMatch(/\x1b\[\?1049l$/);
  });

  it('is cat where nobody looks', async () => {
    const r = await fresh().run('/usr/bin/less', { argv: ['less', '/tmp/lines', 'nosuch'], cwd: '/tmp' });
    expect(r).toEqual({ stdout: LINES, stderr: 'nosuch: No such file or directory\n', status: 1 });
  });
});

describe('man', () => {
  it('gives its page to the pager', async () => {
    const t = fresh().terminal(start('man', 'execve'));
    await t.until('execve - execute a program');
    expect(t.screen()).toContain('\x1b[?1049h');
    t.type('q');
    expect(await t.exited).toBe(0);
  });
});

describe('watch', () => {
  it('refuses what is no number, and wants a command', async () => {
    const m = fresh();
    expect(await m.run('/usr/bin/watch', { argv: ['watch', '-n', 'x', 'ls'] })).toMatchObject({
      stderr: "watch: failed to parse argument: 'x': Invalid argument\n",
      status: 1,
    });
    expect((await m.run('/usr/bin/watch', { argv: ['watch'] })).status).toBe(1);
  });

  it('runs the command until it fails', async () => {
    const t = fresh().terminal(start('watch', '-t', '-e', '-x', 'nosuch'));
    expect(await t.exited).toBe(8);
  });

  it('shows what the command prints, below a title', async () => {
    const t = fresh().terminal(start('watch', '-n', '0.1', '-x', 'printf', 'tick\\n'));
    await t.until('tick');
    expect(t.screen()).toContain('Every 0.1s: printf tick');
    t.type('\x03');
    expect(await t.exited).toBe(130);
  });
});
