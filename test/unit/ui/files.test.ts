/** Files to and from a real machine, without the dialog around it. */
import fc from 'fast-check';
import { unpackTar } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { boot, type Lab } from '../../../src/lab/index.ts';
import { complete } from '../../../src/ui/files/complete.ts';
import { destination } from '../../../src/ui/files/destination.ts';
import { download, type Source } from '../../../src/ui/files/download.ts';
import { nameError, shownName } from '../../../src/ui/files/names.ts';
import { LIMIT, type Machine, type Picked, type Progress, upload } from '../../../src/ui/files/upload.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await boot();
});
afterEach(() => lab.dispose());

/** The machine as the page calls it, without a worker between. */
function host(): Machine & Source {
  const { files } = lab;
  return {
    readFile: async (path) => files.read(path),
    writeFile: async (path, data, mode) => files.write(path, data, mode),
    writeAt: async (path, data, at) => files.writeAt(path, data, at),
    mkdir: async (path) => files.mkdir(path, 0o755),
    rename: async (from, to) => files.rename(from, to),
    setTimes: async (path, mtime) => files.setTimes(path, mtime),
    remove: async (path) => files.remove(path),
    list: async (path) => files.list(path),
    stat: async (path) => files.stat(path),
    readlink: async (path) => files.readlink(path),
  };
}

const file = (path: string, content: string | Uint8Array<ArrayBuffer>): Picked => ({
  path,
  data: new Blob([content]),
  mtime: 1_000_000_000_000,
});
const put = (
  picked: readonly Picked[],
  into = '/root',
  progress: (p: Progress) => void = () => {},
  signal = new AbortController().signal,
) => upload(host(), into, picked, progress, signal);
const run = async (script: string): Promise<string> => {
  const { stdout, stderr } = await lab.run(script);
  return stdout.text + stderr.text;
};

describe('an upload', () => {
  test('keeps bytes, times and folders, and gives the x bit to what looks like a program', async () => {
    const elf = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0]);
    const outcomes = await put([
      { path: 'a', data: null },
      { path: 'a/empty', data: null },
      file('a/run.sh', '#!/bin/sh\necho ran\n'),
      file('a/b/prog', elf),
      file('a/note', 'text'),
      file('a/nothing', ''),
    ]);
    expect(outcomes.map((o) => ('error' in o ? o.error : `${o.target} ${o.mode.toString(8)} ${o.why}`))).toEqual([
      '/root/a 755 a directory',
      '/root/a/empty 755 a directory',
      '/root/a/run.sh 755 begins with #!',
      '/root/a/b/prog 755 an ELF file',
      '/root/a/note 644 neither #! nor ELF',
      '/root/a/nothing 644 neither #! nor ELF',
    ]);
    expect(lab.readFile('/root/a/b/prog')).toEqual(elf);
    expect(await run('cd a; ./run.sh; ls -A . empty; stat -c "%a %U %Y" note; cat note')).toBe(
      'ran\n.:\nb\nempty\nnote\nnothing\nrun.sh\n\nempty:\n644 root 1000000000\ntext',
    );
  });

  test('goes in pieces, and tells how far it is', async () => {
    const data = new Uint8Array(5_000_000).map((_, i) => i * 7);
    const seen: Progress[] = [];
    await put([file('small', 'x'), file('big', data)], '/tmp', (p) => seen.push(p));
    expect(Buffer.compare(lab.readFile('/tmp/big'), data)).toBe(0);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.map((p) => p.bytes)).toEqual(seen.map((p) => p.bytes).toSorted((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ ofBytes: 5_000_001, files: 1, ofFiles: 2, current: 'big' });
  });

  test('that is cancelled leaves the old file, nothing half, and says which it met', async () => {
    await put([file('big', 'old')], '/tmp');
    const controller = new AbortController();
    const picked = [file('big', new Uint8Array(4_000_000)), file('after', 'x')];
    const outcomes = await put(picked, '/tmp', (p) => p.bytes > 1_500_000 && controller.abort(), controller.signal);
    expect(outcomes).toEqual([{ path: 'big', error: 'cancelled' }]);
    expect(await run('cd /tmp; ls -A; cat big')).toBe('big\nold');
  });

  test('of 64 MB is taken, and of one byte more refused, the others with it taken', async () => {
    const blob = new Blob([new Uint8Array(LIMIT)]);
    const outcomes = await put([{ path: 'most', data: blob }, { path: 'more', data: new Blob([blob, 'x']) }, file('ok', 'x')]);
    expect(outcomes.map((o) => ('error' in o ? o.error : o.path))).toEqual([
      'most',
      'it has 67108865 bytes, over the limit of 64 MB a file',
      'ok',
    ]);
    expect(await run('ls /root; stat -c %s most')).toBe('most\nok\nsamples\n67108864\n');
  });

  test('where the kernel refuses says what the kernel says', async () => {
    await run('mkdir -p /mnt/taken; touch /root/plain; mount -t tmpfs -o ro none /srv');
    const outcomes = [
      ...(await put([file('taken', 'x')], '/mnt')),
      ...(await put([file('x', 'x')], '/srv')),
      ...(await put([file('x', 'x')], '/root/plain')),
    ];
    expect(outcomes.map((o) => 'error' in o && o.error)).toEqual([
      expect.stringContaining('Is a directory'),
      expect.stringContaining('Read-only file system'),
      expect.stringContaining('Not a directory'),
    ]);
    expect(await run('ls -A /mnt')).toBe('taken\n');
  });

  test('replaces a program that runs without disturbing it', async () => {
    await run('cp /usr/bin/sleep /root/s; ./s 600 & sleep 0.1');
    expect(await put([file('s', '#!/bin/sh\necho new\n')])).toMatchObject([{ target: '/root/s' }]);
    expect(await run('./s')).toBe('new\n');
  });
});

describe('a hostile name', () => {
  test.each([
    ['', 'a file without a name'],
    ['/etc/passwd', 'an absolute path'],
    ['../x', '“..” leads out of the directory'],
    ['a/../../x', '“..” leads out of the directory'],
    ['a\0b', 'a NUL byte in the name'],
    ['a//b', 'an empty part in the path'],
    ['./a', 'an empty part in the path'],
    ['a/', 'an empty part in the path'],
    ['ä'.repeat(128), 'a name longer than 255 bytes'],
    [`${'x/'.repeat(2000)}x`, 'a path longer than 3800 bytes'],
  ])('%j is refused', async (name, error) => {
    const before = await run('find / -xdev 2>/dev/null | sort | md5sum; cat /etc/passwd');
    expect(await put([file(name, 'hostile')])).toEqual([{ path: name, error }]);
    expect(await run('find / -xdev 2>/dev/null | sort | md5sum; cat /etc/passwd')).toBe(before);
  });

  const part = fc.oneof(
    fc.constantFrom('..', '.', '', '-rf', '~', '$(reboot)', '\n', '\\', '\ud800', '\udcff'),
    fc.string({ unit: 'binary' }),
  );
  const hostile = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));

  test('of any kind is refused, or stays below the directory', async () => {
    await run('mkdir /srv/into');
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        await run('rm -rf /srv/into; mkdir /srv/into');
        const before = lab.files.list('/srv').join();
        const [outcome] = await put([file(name, 'x')], '/srv/into');
        expect(lab.files.list('/srv').join()).toBe(before);
        if (outcome === undefined || 'error' in outcome) expect(lab.files.list('/srv/into')).toEqual([]);
        else {
          expect(nameError(name)).toBe(null);
          expect(lab.readFile(`/srv/into/${name}`)).toEqual(Uint8Array.of(0x78));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is shown without obeying it', () => {
    expect(shownName('a\u202Egnp.exe\n\u001b[31m')).toBe('a\\u{202e}gnp.exe\\u{a}\\u{1b}[31m');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (s) => !/\p{Cc}/u.test(shownName(s)) && shownName(s).length <= 80),
    );
  });
});

describe('a download', () => {
  const get = (path: string) => download(host(), path, () => {}, new AbortController().signal);
  const entries = async (path: string) => {
    const { name, data, left } = await get(path);
    return { name, left, entries: await unpackTar(data) };
  };

  test('of a file is the file', async () => {
    await run('printf "\\377\\0x" > f');
    expect(await get('/root/f')).toEqual({ name: 'f', data: Uint8Array.of(255, 0, 0x78), left: [] });
  });

  test('of a folder is a tar with modes, owners, times and links', async () => {
    const long = `${'n'.repeat(120)}/${'m'.repeat(130)}`;
    await run(
      `mkdir -p d/sub d/${long}; echo hi > d/sub/f; chown 12:34 d/sub/f; chmod 4755 d/sub/f; touch -d @1000000000 d/sub/f; ln -s ../x d/link; mkfifo d/pipe`,
    );
    const got = await entries('/root/d/');
    expect(got.name).toBe('d.tar');
    expect(got.left).toEqual(['/root/d/pipe: neither a file, nor a directory, nor a link']);
    const names = got.entries.map((e) => e.header.name.replace(/\/$/, ''));
    expect(names).toEqual(['d', 'd/link', `d/${'n'.repeat(120)}`, `d/${long}`, 'd/sub', 'd/sub/f']);
    const f = got.entries.at(-1);
    expect(f?.header).toMatchObject({ mode: 0o4755, uid: 12, gid: 34, size: 3, type: 'file', mtime: new Date(1_000_000_000_000) });
    expect(new TextDecoder().decode(f?.data)).toBe('hi\n');
    expect(got.entries[1]?.header).toMatchObject({ type: 'symlink', linkname: '../x' });
  });

  test('of everything leaves out what is made anew at each look', async () => {
    const { left, entries: all } = await entries('/');
    expect(left.filter((l) => !l.startsWith('/dev') && !l.startsWith('/proc') && !l.startsWith('/sys'))).toEqual([]);
    expect(all.some((e) => e.header.name === 'root/etc/passwd')).toBe(true);
    expect(all.some((e) => e.header.name.startsWith('root/proc/'))).toBe(false);
  });

  test('of nothing says what the kernel says', async () => {
    await expect(get('/none')).rejects.toThrow('/none: No such file or directory');
  });

  test('that is cancelled stops', async () => {
    const controller = new AbortController();
    await expect(download(host(), '/usr', (n) => n > 5 && controller.abort(), controller.signal)).rejects.toThrow('cancelled');
  });
});

describe('what is typed', () => {
  test('is completed from its directory, directories with a slash', async () => {
    await run('mkdir -p c/one; touch c/ok c/.hidden c/two');
    expect(await complete(host(), '/root/c/o')).toEqual(['/root/c/ok', '/root/c/one/']);
    expect(await complete(host(), '/none/x')).toEqual([]);
    expect(await complete(host(), 'relative')).toEqual([]);
  });
});

describe('files go', () => {
  /** A terminal that ran `line`: whatever reads the terminal then has answered. */
  async function terminal(line: string): Promise<number> {
    let shown = '';
    const t = lab.openTerminal({ rows: 24, cols: 80, output: { write: (data) => void (shown += new TextDecoder().decode(data)) } });
    t.input(`${line}\r`);
    t.input('echo ready-$((1 + 1))\r');
    await vi.waitFor(() => expect(shown).toContain('ready-2'), 30_000);
    return t.pid;
  }
  const where = (shell: number | null) => destination(host(), shell);

  test('to /root while there is no shell', async () => {
    expect(await where(null)).toEqual({ shown: '/root', path: '/root', whose: '' });
    expect(await where(999)).toMatchObject({ path: '/root' });
  });

  test('to where the shell is', async () => {
    const one = await terminal('cd /usr/share');
    const two = await terminal('cd /usr');
    expect(await where(one)).toEqual({ shown: '/usr/share', path: '/usr/share', whose: 'where the shell in front is' });
    expect(await where(two)).toMatchObject({ path: '/usr' });
  });

  test('to where the shell in the foreground is, not the one that it was started from', async () => {
    const shell = await terminal('(cd /etc; bash)');
    expect(await where(shell)).toMatchObject({ shown: '/etc', path: '/etc' });
  });

  test('into a namespace through its process', async () => {
    const shell = await terminal('exec unshare -m bash -c "mount -t tmpfs none /mnt; cd /mnt; exec bash"');
    const there = await where(shell);
    expect(there).toMatchObject({
      shown: '/mnt',
      path: `/proc/${shell}/cwd`,
      whose: `where process ${shell} in front is, in a root of its own`,
    });
    expect(await put([file('d/f', 'x')], there.path)).toMatchObject([{ target: `${there.path}/d/f` }]);
    expect(await run('ls -A /mnt')).toBe('');
    expect(lab.readFile(`${there.path}/d/f`)).toEqual(Uint8Array.of(0x78));
  });

  test('to /root if the place is gone', async () => {
    const shell = await terminal('mkdir /tmp/gone; cd /tmp/gone; rmdir /tmp/gone');
    expect((await where(shell)).shown).toBe('/root');
  });
});
