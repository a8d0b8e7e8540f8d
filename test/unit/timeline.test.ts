import { describe, expect, it } from 'vitest';
import { nodeEnvironment } from '../../src/lab/environment-node.ts';
import { type BootOptions, Lab, type LabTerminal } from '../../src/lab/lab.ts';
import { snapshotBytes } from '../../src/lab/snapshot-bytes.ts';
import { Timeline, type TimelineHost, type TimelineLimits, type TimelineState } from '../../src/lab/timeline.ts';
import type { ShellSession } from '../../src/shell/bash.ts';
import { Typist } from '../support/typist.ts';

/** A page: types at whatever machine runs, and sees what it writes. */
class Page extends Typist implements TimelineHost {
  readonly timeline: Timeline;
  readonly dropped: number[] = [];

  constructor(first: BootOptions | { readonly kept: TimelineState } = {}, limits?: TimelineLimits) {
    super();
    this.timeline = new Timeline(this, first, limits);
  }
  boot(options: BootOptions): Lab {
    return new Lab(options, nodeEnvironment);
  }
  show(lab: Lab, session: ShellSession): LabTerminal {
    this.text = '';
    return (this.terminal = lab.openTerminal({ rows: 24, cols: 80, output: this, session }));
  }
  changed({ dropped }: { readonly dropped: number }): void {
    this.dropped.push(dropped);
  }
  lines(): string[] {
    return this.timeline.rows().map((row) => row.line);
  }
}

const MEGABYTE = 1 << 20;

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
    expect(await page.type('echo $?; pwd; cat /root/f; echo $x; alias ll')).toBe('0\n/root\none\n1\n-bash: alias: ll: not found\n');
    page.timeline.undo();
    page.timeline.undo();
    expect(page.timeline.canUndo).toBe(false);
    expect(await page.type('cat /root/f; echo "<$x>"')).toBe('cat: /root/f: No such file or directory\n<>\n');
  });

  it('brings back all that a shell carries', async () => {
    const page = new Page();
    for (const line of [
      'mkdir -p "/root/a b/c"; cd "/root/a b/c"; pushd /etc >/dev/null; umask 027; set -- one "two three"',
      'declare -i n=3; declare -r fixed=yes; export shown="a b"; declare -a list=([0]=x [5]="y z"); declare -A map=([k]=v ["a b"]="c d")',
      'declare -u up=abc; declare -n ref=shown; declare -x empty; unset IFS',
      'greet() { local who=$1; for w in "$who" "${list[@]}"; do echo "hi $w"; done >&2; }; export -f greet; outer() ( greet "$@" )',
      'alias gr="greet"; shopt -s nullglob extglob; set -o noclobber; trap "echo usr1" USR1; trap "echo bye" EXIT; trap "" HUP',
      'stty -echoctl intr ^G -icrnl; stty erase ^H; ulimit -S -n 100; ulimit -H -n 200; ulimit -f 64; ulimit -S -c 8',
      'enable -n time test; complete -W "a b" greet; history -s "from elsewhere"; (exit 3) | (exit 4)',
    ])
      await page.type(line);
    const look = [
      'echo "$? ${PIPESTATUS[@]} $_"; pwd; dirs; umask; echo "$#: $2"; declare -p n fixed shown list map up ref empty IFS',
      'declare -f; declare -Fx; alias; shopt -p nullglob extglob; set -o | grep noclobber; trap; enable -n; complete -p; echo "$-"',
      'stty -a; ulimit -a; ulimit -aH',
      'history | tail -8; echo $SHLVL $PPID $0; n=n+4; echo $n; list+=(z); echo "${!list[@]}"; bash -c greet',
    ];
    const ask = async (): Promise<string[]> => {
      const answers: string[] = [];
      for (const line of look) answers.push((await page.type(line)).replace(/declare -ir PPID.*\n/, ''));
      return answers;
    };
    const id = page.timeline.rows().at(-1)?.id ?? 0;
    const before = await ask();
    expect(before[0]).toContain('4 3 4');
    expect(before[2]).toMatch(
      /intr = \^G;.* erase = \^H;[\s\S]*-icrnl[\s\S]*-echoctl[\s\S]*open files +\(-n\) 100\n[\s\S]*open files +\(-n\) 200\n/,
    );
    page.timeline.go(id);
    expect(await ask()).toEqual(before);
  });

  it('cuts what was undone when a new command comes, and goes forward until then', async () => {
    const page = new Page();
    for (const line of ['echo 1 > f', 'echo 2 > f', 'echo 3 > f']) await page.type(line);
    page.timeline.undo();
    page.timeline.undo();
    expect(page.timeline.rows().map((r) => r.place)).toEqual(['past', 'here', 'future', 'future']);
    page.timeline.redo();
    expect(await page.type('cat f')).toBe('2\n');
    expect(page.lines()).toEqual(['', 'echo 1 > f', 'echo 2 > f', 'cat f']);
    expect(page.timeline.canRedo).toBe(false);
    expect(() => page.timeline.redo()).toThrow('the time line has no such entry');
  });

  it('has entries for changes from outside, while a prompt stands', async () => {
    const page = new Page();
    await page.type('ls');
    page.timeline.lab.writeFile('/root/sent', 'from the page\n');
    page.timeline.mark('sent');
    page.timeline.undo();
    await page.prompt();
    page.timeline.redo();
    expect(await page.type('cat sent')).toBe('from the page\n');
    await page.start('sleep 1000');
    page.timeline.mark('not now');
    expect(page.timeline.rows().map((row) => [row.kind, row.line])).toEqual([
      ['boot', ''],
      ['command', 'ls'],
      ['change', 'sent'],
      ['command', 'cat sent'],
    ]);
  });

  it('leads back from a command that runs, and from a shell that has ended', async () => {
    const page = new Page();
    await page.type('echo kept > f');
    await page.start('echo lost > f; echo now; sleep 1000');
    await page.until(/now/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(page.timeline.undo()).toMatchObject({ row: { line: 'echo kept > f' }, ended: ['sleep'] });
    expect(await page.type('cat f')).toBe('kept\n');
    await page.start('exit');
    await page.terminal?.exited;
    page.timeline.undo();
    expect(await page.type('cat f')).toBe('kept\n');
  });

  it('says what will not come back, and it does not', async () => {
    const page = new Page();
    await page.type('sleep 1000 & exec 7< /etc/passwd');
    expect(page.timeline.rows().at(-1)?.note).toBe(
      'What runs beside the shell does not come back: sleep. Files that the shell holds open do not come back: descriptor 7.',
    );
    await page.type('true');
    page.timeline.undo();
    expect(await page.type('jobs; ps -C sleep -o comm=; read -u 7')).toBe('-bash: read: 7: invalid file descriptor: Bad file descriptor\n');
    await page.type('exec unshare -m bash');
    expect(page.timeline.rows().at(-1)?.note).toBe('The shell comes back in the first namespaces and under the first root directory.');
  });

  it('has no entries from shells within the shell, nor from other terminals', async () => {
    const page = new Page();
    await page.type('PS1="@@ " bash --norc');
    await page.type('echo inner > f');
    await page.type('bash --norc');
    await page.type('exit');
    const other = { write: (): void => undefined };
    page.timeline.lab.openTerminal({ rows: 24, cols: 80, output: other }).input('echo other > /root/g\r');
    await page.type('exit');
    expect(page.lines()).toEqual(['', 'PS1="@@ " bash --norc']);
    expect(await page.type('cat f')).toBe('inner\n');
  });

  it('goes back over another kernel and another host, and over rules and mounts', async () => {
    const page = new Page({ kernel: '6.18' });
    await page.type("echo ':r:M::xyz::/usr/bin/cat:' > /proc/sys/fs/binfmt_misc/register; mount -t tmpfs none /mnt; echo in > /mnt/x");
    page.timeline.reboot({ kernel: 'lab', host: 'aarch64' }, 'another machine');
    expect(await page.type('uname -m; ls -1 /mnt /proc/sys/fs/binfmt_misc')).toBe(
      'aarch64\n/mnt:\n\n/proc/sys/fs/binfmt_misc:\nregister\nstatus\n',
    );
    expect(page.timeline.rows().map((r) => [r.kind, r.host, r.kernel])).toEqual([
      ['boot', 'x86_64', '6.18'],
      ['command', 'x86_64', '6.18'],
      ['boot', 'aarch64', 'lab'],
      ['command', 'aarch64', 'lab'],
    ]);
    page.timeline.undo();
    page.timeline.undo();
    expect(await page.type('uname -m; cat /mnt/x; ls -1 /proc/sys/fs/binfmt_misc')).toBe('x86_64\nin\nr\nregister\nstatus\n');
  });

  it('drops the oldest entries beyond its bounds, and says so', async () => {
    const page = new Page({}, { entries: 3, bytes: MEGABYTE });
    for (const line of ['true 1', 'true 2', 'true 3']) await page.type(line);
    expect(page.lines()).toEqual(['true 1', 'true 2', 'true 3']);
    expect(page.dropped.reduce((a, b) => a + b)).toBe(1);
    await page.type('head -c 2000000 /dev/zero | tr "\\0" a > big');
    await page.type('rm big');
    await page.type('true');
    expect(page.timeline.bytes).toBeLessThan(MEGABYTE);
    expect(page.lines()).toEqual(['rm big', 'true']);
  });

  it('counts the same bytes step by step as all at once', async () => {
    const page = new Page({}, { entries: 6, bytes: MEGABYTE });
    const atOnce = (): number => {
      const { timeline } = page;
      const here = timeline.rows().findIndex((row) => row.place === 'here');
      const snapshots = timeline.entries().map((entry) => entry.snapshot);
      return snapshotBytes(snapshots) - snapshotBytes(snapshots.slice(here, here + 1));
    };
    for (const line of [
      'yes | head -c 300000 > a',
      'cp a b; mkdir d',
      'echo x >> a; rm b',
      'mv a d; ln d/a c',
      ': > c',
      'yes | head -c 200000 > c',
    ]) {
      await page.type(line);
      expect(page.timeline.bytes).toBe(atOnce());
    }
    for (const step of [-1, -1, -1, 1]) {
      if (step < 0) page.timeline.undo();
      else page.timeline.redo();
      expect(page.timeline.bytes).toBe(atOnce());
    }
    for (const line of ['echo y >> d/a', 'rm -r d', 'true', 'yes | head -c 700000 > e', 'rm e', 'true']) {
      await page.type(line);
      expect(page.timeline.bytes).toBe(atOnce());
    }
    expect(page.timeline.bytes).toBeLessThanOrEqual(MEGABYTE);
  });

  it('is resumed from its state: rows, undo and redo', async () => {
    const page = new Page({ kernel: '6.18', host: 'aarch64' });
    await page.type('x=1; echo 1 > f');
    await page.type('x=2; echo 2 > f');
    page.timeline.undo();
    const state = structuredClone(page.timeline.state());
    if (state === null) throw new Error('no state');
    page.timeline.dispose();
    const later = new Page({ kept: state });
    expect(await later.type('echo $x; cat f; uname -m')).toBe('1\n1\naarch64\n');
    expect(later.lines()).toEqual(['', 'x=1; echo 1 > f', 'echo $x; cat f; uname -m']);
    const again = new Page({ kept: state });
    await again.prompt();
    again.timeline.redo();
    expect(await again.type('echo $x; cat f')).toBe('2\n2\n');
  });

  it('owns under 20 MB for 20 steps on a machine with 50 MB of files', async () => {
    const page = new Page();
    await page.prompt();
    for (let i = 0; i < 5; i++) page.timeline.lab.writeFile(`/root/big${i}`, new Uint8Array(10 * MEGABYTE).fill(i + 1));
    await page.type('ls -l big*');
    for (let i = 0; i < 10; i++) {
      await page.type(`echo edit ${i} >> /etc/issue; echo ${i} > small${i}`);
      const { fs } = page.timeline.lab;
      const fd = fs.openSync('/root/big3', 'r+');
      fs.writeSync(fd, 'X', 5000000 + i);
      fs.closeSync(fd);
      await page.type(`echo one byte >> small${i}`);
    }
    expect(page.lines().length).toBe(22);
    expect(page.timeline.bytes).toBeLessThan(2 * MEGABYTE);
    page.timeline.go(page.timeline.rows()[11]?.id ?? 0);
    expect(await page.type('head -c 5000012 big3 | tail -c 13 | od -An -c; ls -1 small*')).toBe(
      ' 004   X   X   X   X   X 004 004 004 004 004 004 004\nsmall0\nsmall1\nsmall2\nsmall3\nsmall4\n',
    );
  }, 120_000);
});
