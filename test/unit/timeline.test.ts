import { describe, expect, it } from 'vitest';
import { nodeEnvironment } from '../../src/lab/environment-node.ts';
import { type BootOptions, Lab, type LabTerminal } from '../../src/lab/lab.ts';
import { Timeline, type TimelineHost, type TimelineLimits, type TimelineState } from '../../src/lab/timeline.ts';

/** A page: types at whatever machine runs, and sees what it writes. */
class Page implements TimelineHost {
  readonly timeline: Timeline;
  readonly dropped: number[] = [];
  text = '';
  terminal: LabTerminal | undefined;

  constructor(first: BootOptions | { readonly kept: TimelineState } = {}, limits?: TimelineLimits) {
    this.timeline = new Timeline(this, first, limits);
  }
  boot(options: BootOptions): Lab {
    return new Lab(options, nodeEnvironment);
  }
  show: TimelineHost['show'] = (lab, session) => {
    this.text = '';
    const output = { write: (data: Uint8Array) => void (this.text += Buffer.from(data).toString()) };
    return (this.terminal = lab.openTerminal({ rows: 24, cols: 80, output, session, env: { PS1: '@@ ' } }));
  };
  changed({ dropped }: { readonly dropped: number }): void {
    this.dropped.push(dropped);
  }

  async until(sign: RegExp): Promise<void> {
    for (let i = 0; !sign.test(this.text); i++) {
      if (i > 4000) throw new Error(`no ${sign} in ${JSON.stringify(this.text)}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  prompt(): Promise<void> {
    return this.until(/[#$] (\x1b\[\?2004h)?$/);
  }
  /** What a command prints. */
  async type(line: string): Promise<string> {
    await this.prompt();
    this.text = '';
    this.terminal?.input(`${line}\r`);
    await this.until(/\x1b\[\?2004l/);
    await this.prompt();
    const shown = this.text.slice(this.text.indexOf('\x1b[?2004l') + 9);
    return shown
      .replace(/^\r/, '')
      .slice(0, shown.lastIndexOf('\x1b[?2004h'))
      .replaceAll('\r\n', '\n')
      .replace(/[^\n]*$/, '');
  }
  lines(): string[] {
    return this.timeline.rows().map((row) => row.line);
  }
}

describe('a time line', () => {
  it('has an entry for each command at the prompt, and goes back to files and shell as they were', async () => {
    const page = new Page();
    await page.type('echo one > f; x=1');
    await page.type('cd /tmp; echo two > /root/f; x=2; alias ll="ls -l"; false');
    expect(page.lines()).toEqual(['', 'echo one > f; x=1', 'cd /tmp; echo two > /root/f; x=2; alias ll="ls -l"; false']);
    expect(page.timeline.rows().map((r) => [r.status, r.cwd, r.place])).toEqual([
      [0, '/root', 'past'],
      [0, '/root', 'past'],
      [1, '/tmp', 'here'],
    ]);
    page.timeline.undo();
    expect(await page.type('echo $?; pwd; cat /root/f; echo $x; alias ll')).toBe('0\n/root\none\n1\nbash: alias: ll: not found\n');
    page.timeline.undo();
    page.timeline.undo();
    expect(page.timeline.canUndo).toBe(false);
    expect(await page.type('cat /root/f; echo "<$x>"')).toBe('cat: /root/f: No such file or directory\n<>\n');
  });
});
