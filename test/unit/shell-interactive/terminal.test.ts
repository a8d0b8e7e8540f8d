import { describe, expect, it } from 'vitest';
import { LabTerminal } from './support/lab-terminal.ts';
import { keys } from './support/sessions.ts';

async function started(argv?: readonly string[], env: Record<string, string> = {}): Promise<LabTerminal> {
  const terminal = new LabTerminal(60, 24, env, argv);
  await terminal.settle();
  return terminal;
}

async function typed(terminal: LabTerminal, ...bursts: string[]): Promise<string[]> {
  for (const burst of bursts) await terminal.type(keys(burst));
  return terminal.screen.shown().rows;
}

describe('bash on a terminal', () => {
  it('keeps the history in its file from one shell to the next', async () => {
    const terminal = await started();
    expect(await typed(terminal, 'bash --norc --noprofile\\n', 'echo one\\n', 'exit\\n', 'cat ~/.bash_history\\n')).toContain('echo one');
    expect((await typed(terminal, 'bash --norc --noprofile\\n', '^P^P\\n')).slice(-3)).toEqual(['$ echo one', 'one', '$']);
  });
  it('keeps the newest HISTFILESIZE lines', async () => {
    const terminal = await started(undefined, { HISTFILESIZE: '2' });
    const rows = await typed(terminal, 'bash --norc\\n', 'echo 1\\n', 'echo 2\\n', 'exit\\n', '^Lcat ~/.bash_history\\n');
    expect(rows).toEqual(['$ cat ~/.bash_history', 'echo 2', 'exit', '$']);
  });
  it('saves the history and ends when the terminal is gone', async () => {
    const terminal = await started();
    await typed(terminal, 'echo kept\\n');
    terminal.tty.hangup();
    expect((await terminal.exited) & 0xff00).toBe((128 + 1) << 8);
  });
  it('reads the start-up files of a login shell and says logout', async () => {
    const terminal = await started(['-bash'], { PS1: '' });
    const rows = await typed(terminal, "echo 'echo from logout' > ~/.bash_logout\\n", 'shopt login_shell\\n', '^D');
    expect(rows.at(-1)).toBe('from logout');
    expect(rows.join('\n')).toMatch(/login_shell\s+on[\s\S]*logout/);
  });
  it('keeps lines that HISTIGNORE names out of the history, and history -p expands', async () => {
    const terminal = await started(undefined, { HISTIGNORE: 'ls*:&' });
    const rows = await typed(terminal, 'echo a\\n', 'echo a\\n', 'lsx 2>/dev/null\\n', "history -p '!!' '!nope'\\n", 'history\\n');
    expect(rows.slice(5)).toEqual([
      "$ history -p '!!' '!nope'",
      'bash: history: !nope: history expansion failed',
      'echo a',
      '$ history',
      '    1  echo a',
      "    2  history -p '!!' '!nope'",
      '    3  history',
      '$',
    ]);
  });
  it('says that it has no vi mode', async () => {
    const terminal = await started();
    expect((await typed(terminal, 'set -o vi\\n', 'set -o | grep -E "vi|emacs"\\n')).join('\n')).toMatch(
      /not supported[\s\S]*emacs\s+on[\s\S]*vi\s+off/,
    );
  });
  it('takes a paste of 100 kB', async () => {
    const terminal = await started();
    const begun = performance.now();
    await typed(
      terminal,
      "cat > /tmp/big <<'E'\\n",
      `\\e[200~${'0123456789abcdef\n'.repeat(6000)}E\\e[201~`,
      '\\n',
      '^Lwc -c < /tmp/big\\n',
    );
    for (let i = 0; i < 100 && !terminal.screen.shown().rows.includes('102000'); i++) await terminal.settle(100);
    expect(terminal.screen.shown().rows).toContain('102000');
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
  it('puts a multi-byte character together from its bytes', async () => {
    const terminal = await started();
    for (const byte of Buffer.from('echo 漢é\r')) {
      terminal.tty.receive(Uint8Array.of(byte));
      await terminal.settle();
    }
    expect(terminal.screen.shown().rows).toEqual(['$ echo 漢é', '漢é', '$']);
  });
  it('gives a program the terminal in its own modes and takes it back after ^C', async () => {
    const terminal = await started();
    const rows = await typed(terminal, 'cat\\n', 'abc', '^C', 'echo back\\n');
    expect(rows).toEqual(['$ cat', 'abc^C', '$ echo back', 'back', '$']);
  });
  it('leaves what is typed ahead to the program that reads it', async () => {
    const terminal = await started();
    await typed(terminal, 'cat\\nfor cat\\n', '^D', 'echo back\\n');
    expect(terminal.raw).toContain('for cat\r');
    expect(terminal.screen.shown().rows.slice(-2)).toEqual(['back', '$']);
  });
});
