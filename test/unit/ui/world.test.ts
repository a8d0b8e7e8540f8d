/** What the world panel says of real machines. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { entry_status } from '../../../src/kernel/fs/binfmt_misc_entry.ts';
import { boot, type Lab } from '../../../src/lab/index.ts';
import { parseEntry } from '../../../src/ui/panels/world/entry.ts';
import { miscMounts, mountAt, parseMountinfo } from '../../../src/ui/panels/world/mountinfo.ts';
import { observe } from '../../../src/ui/panels/world/observe.ts';
import { takeSight } from '../../../src/ui/panels/world/sight.ts';
import { parseStat } from '../../../src/ui/panels/world/tasks.ts';
import type { Answer, World } from '../../../src/ui/panels/world/world.ts';

const MISC = '/proc/sys/fs/binfmt_misc';
let lab: Lab | undefined;

/** Boots, runs what leaves processes behind, and looks. */
async function worldAfter(script: string): Promise<World> {
  lab = await boot({ kernel: '6.18' });
  const { stderr, status } = await lab.run(script);
  expect(`${stderr.text}${status}`).toBe('0');
  return observe(takeSight(lab.files), lab.host);
}
afterEach(() => lab?.dispose());

const words = (answers: readonly Answer[] | undefined): string[] => (answers ?? []).map((a) => `${a.ok}: ${a.word}`);

describe('the rules', () => {
  test('stand in the order of matching, the newest first, as their files show them', async () => {
    const world = await worldAfter(`
      echo ':old:E::pyc::/usr/bin/python3:' > ${MISC}/register
      printf '%s\\n' ':new:M:4:\\x01\\x02\\xff:\\xff\\x0f\\x00:/usr/bin/lua:PCF' > ${MISC}/register
      echo 0 > ${MISC}/old`);
    const [table] = world.tables;
    expect(table?.rules.map((r) => [r.name, r.enabled, r.flags, r.interpreter])).toEqual([
      ['new', true, 'POCF', '/usr/bin/lua'],
      ['old', false, '', '/usr/bin/python3'],
    ]);
    const bytes = [
      { value: 1, mask: 0xff },
      { value: 2, mask: 0x0f },
      { value: 0xff, mask: 0 },
    ];
    expect(table?.rules.map((r) => r.match)).toEqual([
      { kind: 'magic', offset: 4, bytes },
      { kind: 'extension', extension: 'pyc' },
    ]);
    expect(table).toMatchObject({ userns: null, enabled: true, directory: MISC });
  });

  test('of a table that is switched off say so', async () => {
    const world = await worldAfter(`echo 0 > ${MISC}/status`);
    expect(world.tables[0]?.enabled).toBe(false);
    expect(world.places[0]?.shown).toBe('disabled');
  });

  test('are gone with the last mount', async () => {
    const world = await worldAfter(`umount ${MISC}`);
    expect(world.tables).toEqual([]);
    expect(world.places[0]?.mountpoint).toBe(null);
  });
});

describe('an interpreter', () => {
  const rule = (path: string, flags = ''): string => `echo ':r:E::x::${path}:${flags}' > ${MISC}/register`;
  const answer = async (script: string): Promise<Answer | undefined> => (await worldAfter(script)).tables[0]?.rules[0]?.answers[0];

  test.each([
    ['that is there', rule('/usr/bin/lua'), 'yes: found'],
    ['behind a link', rule('/bin/lua'), 'yes: found'],
    ['that is a script', `printf '#!/bin/sh\\n' > /opt/i; chmod +x /opt/i; ${rule('/opt/i')}`, 'yes: found'],
    ['that is missing', rule('/opt/none'), 'no: missing'],
    ['without an x bit', `cp /usr/bin/lua /opt/i; chmod -x /opt/i; ${rule('/opt/i')}`, 'no: no x bit'],
    ['that is a directory', rule('/opt'), 'no: no file'],
    ['on a noexec mount', `mount -t tmpfs -o noexec none /mnt; cp /usr/bin/lua /mnt/i; ${rule('/mnt/i')}`, 'no: noexec'],
    ['for another machine', rule('/root/samples/hello-aarch64'), 'depends: needs a rule'],
    ['with a relative path', rule('bin/i'), 'depends: relative'],
    ['in a loop of links', `ln -s /opt/i /opt/i; ${rule('/opt/i')}`, 'no: missing'],
    ['held open, and removed', `cp /usr/bin/lua /opt/i; ${rule('/opt/i', 'F')}; rm /opt/i`, 'yes: held open'],
  ])('%s', async (_, script, expected) => {
    const given = await answer(script);
    expect(words(given && [given])).toEqual([expected]);
  });
});

/** Waits until the process in the background has become sleep. */
const SLEEPS = 'until grep -qs sleep /proc/$!/comm; do sleep 0.02; done';
/** Leaves `inside` running in the background, with what `unshare` was asked for, until the machine ends. */
const apart = (flags: string, inside: string): string => `unshare ${flags} sh -c '${inside}; exec sleep 600' & ${SLEEPS}`;
const IN_OPT = `cp /usr/bin/lua /opt/i; echo ':plain:E::a::/opt/i:' > ${MISC}/register; echo ':pinned:E::b::/opt/i:F' > ${MISC}/register`;

describe('mount namespaces', () => {
  test('stand side by side, each with its processes and its own answers', async () => {
    const world = await worldAfter(`${IN_OPT}; ${apart('-m', 'mount -t tmpfs none /opt')}`);
    const [table] = world.tables;
    expect(table?.places.map((p) => p.title)).toEqual(['initial', expect.stringMatching(/^namespace \d+$/)]);
    expect(table?.rules.map((r) => [r.name, ...words(r.answers)])).toEqual([
      ['pinned', 'yes: held open', 'yes: held open'],
      ['plain', 'yes: found', 'no: missing'],
    ]);
    expect(world.places[1]?.processes.map((p) => p.command)).toEqual(['sleep 600']);
    expect(world.places.map((p) => p.mountpoint)).toEqual([MISC, MISC]);
  });

  test('say where binfmt_misc is not mounted, though its rules count there too', async () => {
    const world = await worldAfter(`${IN_OPT}; ${apart('-m', `umount ${MISC}`)}`);
    expect(world.places.map((p) => p.mountpoint)).toEqual([MISC, null]);
    expect(world.tables[0]?.rules[0]?.answers).toHaveLength(2);
  });

  /** A root with what sleep needs, and a process that sleeps in it. */
  const ROOT = `
    mkdir -p /srv/r/opt /srv/r/real
    for f in /usr/bin/sleep /lib64/ld-linux* /lib/*/lib*.so*; do mkdir -p /srv/r$(dirname $f); cp $f /srv/r$f; done
    cp /usr/bin/sleep /srv/r/real/i; ln -s /real/i /srv/r/opt/i
    ${IN_OPT}
    chroot /srv/r /usr/bin/sleep 600 & ${SLEEPS}`;

  test('and other roots are places of their own, with links followed inside them', async () => {
    const world = await worldAfter(ROOT);
    expect(world.places.map((p) => p.title)).toEqual(['initial', 'chroot /srv/r']);
    expect(world.tables[0]?.rules.map((r) => words(r.answers))).toEqual([
      ['yes: held open', 'yes: held open'],
      ['yes: found', 'yes: found'],
    ]);
  });

  test('without the loader of a dynamic interpreter do not run it, held open or not', async () => {
    const world = await worldAfter(`${ROOT}; rm /srv/r/lib64/*`);
    expect(world.tables[0]?.rules.map((r) => words(r.answers))).toEqual([
      ['yes: held open', 'no: no loader'],
      ['yes: found', 'no: no loader'],
    ]);
  });
});

describe('user namespaces', () => {
  const OWN = `mount -t binfmt_misc none ${MISC}; echo :inner:E::x::/usr/bin/lua: > ${MISC}/register`;

  test('with a binfmt_misc of their own have a table of their own, which only they ask', async () => {
    const world = await worldAfter(`echo ':outer:E::x::/usr/bin/lua:' > ${MISC}/register; ${apart('-Urm', OWN)}`);
    expect(world.tables.map((t) => [t.userns === null, t.rules.map((r) => r.name), t.places.length])).toEqual([
      [true, ['outer'], 1],
      [false, ['inner'], 1],
    ]);
    expect(world.tables[1]?.directory).toMatch(/^\/proc\/\d+\/root\/proc\/sys\/fs\/binfmt_misc$/);
    expect(world.places[1]?.userns).toEqual([world.tables[1]?.userns]);
  });

  test('without one ask the table of the namespace that they were made in', async () => {
    const world = await worldAfter(`
      echo ':outer:E::x::/usr/bin/lua:' > ${MISC}/register
      ${apart('-Urm', 'true')}
      ${apart('-Urm', `${OWN}; unshare -Urm sleep 600 & ${SLEEPS}`)}`);
    expect(world.tables.map((t) => [t.rules.map((r) => r.name), t.places.length])).toEqual([
      [['outer'], 2],
      [['inner'], 2],
    ]);
  });

  test('inside one another each have their own', async () => {
    const inner = OWN.replace('inner', 'innermost');
    const world = await worldAfter(apart('-Urm', `${OWN}; unshare -Urm sh -c "${inner}; exec sleep 600" & ${SLEEPS}`));
    expect(world.tables.map((t) => t.rules.map((r) => r.name))).toEqual([[], ['inner'], ['innermost']]);
  });
});

describe('processes', () => {
  test('form a tree, with their state and their command', async () => {
    const world = await worldAfter(
      `sh -c 'sleep 600 & exec sleep 601' & ${SLEEPS}; kill -STOP $!; until grep -qs stopped /proc/$!/status; do sleep 0.02; done`,
    );
    const [first] = world.processes;
    expect([world.processes.length, first?.pid, world.more]).toEqual([1, 1, 0]);
    const parent = first?.children.find((p) => p.command === 'sleep 601');
    expect(parent).toMatchObject({ comm: 'sleep', state: 'stopped' });
    expect(parent?.children.map((p) => [p.command, p.state])).toEqual([['sleep 600', 'sleeping']]);
  });

  test('too many to look at are counted', async () => {
    const world = await worldAfter('for i in $(seq 320); do sleep 600 & done');
    expect(world.more).toBeGreaterThan(15);
    expect(world.places[0]?.processes.length).toBeLessThanOrEqual(300);
  });
});

describe('texts', () => {
  const flags = fc.subarray(['P', 'O', 'C', 'F'] as const).map((list) => new Set(list));
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 24 });
  const magic = fc.record({ magic: bytes, offset: fc.nat(255), masked: fc.boolean() }).map(({ magic: m, offset, masked }) => {
    return { kind: 'magic' as const, offset, magic: m, mask: masked ? m.map((b) => 255 - b) : null };
  });
  const extension = fc.string({ minLength: 1, unit: 'binary' }).map((e) => ({ kind: 'extension' as const, extension: e }));
  const rule = fc.record({
    name: fc.constant('n'),
    match: fc.oneof(magic, extension),
    interpreter: fc.string({ minLength: 1, unit: 'binary' }),
    flags,
  });

  test('that the kernel makes of a rule are read back', () => {
    fc.assert(
      fc.property(rule, fc.boolean(), (r, enabled) => {
        const entry = parseEntry(entry_status(r, enabled));
        expect(entry).toMatchObject({ enabled, interpreter: r.interpreter, flags: [...r.flags].join('') });
        const { match } = r;
        if (match.kind === 'extension') expect(entry?.match).toEqual(match);
        else
          expect(entry?.match).toMatchObject({
            offset: match.offset,
            bytes: [...match.magic].map((value, i) => ({ value, mask: match.mask?.[i] ?? 255 })),
          });
      }),
    );
  });

  test('of any other kind are no rule, no process and no mount, and harm nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseEntry(text)).toBe(null);
        expect(parseMountinfo(text).length).toBeLessThanOrEqual(text.split('\n').length);
        expect(parseStat(text).comm.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test('of a process may have blanks and parentheses in its name', () => {
    expect(parseStat('12 (a) (b c) S 1 12 12 34816 12 0\n')).toEqual({
      comm: 'a) (b c',
      state: 'sleeping',
      ppid: 1,
      session: 12,
      tty: 34816,
      tpgid: 12,
    });
  });
});

describe('the mount that a path leads to', () => {
  const mounts = parseMountinfo(`1 0 0:1 / / rw - rootfs rootfs rw
20 1 0:2 / /proc rw - proc proc rw
30 20 0:3 / /proc/sys/fs/binfmt_misc rw - binfmt_misc none rw
31 30 0:4 / /proc/sys/fs/binfmt_misc rw - binfmt_misc none rw
40 1 0:5 / /mnt/with\\040blank rw,noexec - tmpfs none rw
41 1 0:2 / /hidden rw - tmpfs none rw
`);
  test('is the one on top', () => expect(mountAt(mounts, '/proc/sys/fs/binfmt_misc/x').id).toBe(31));
  test('may have blanks in its name', () => expect(mountAt(mounts, '/mnt/with blank/x').options).toContain('noexec'));
  test('is not one whose parent lies under another', () => {
    const covered = [...mounts, ...parseMountinfo('50 20 0:2 / /proc rw - proc proc rw\n')];
    expect(mountAt(covered, '/proc/sys/fs/binfmt_misc').id).toBe(50);
    expect(miscMounts(covered)).toEqual([]);
  });
  test('lies below a root that is no mount point, too', () => {
    const below = parseMountinfo('20 1 0:2 / /proc rw - proc proc rw\n30 20 0:3 / /proc/sys/fs/binfmt_misc rw - binfmt_misc none rw\n');
    expect(miscMounts(below).map((m) => m.id)).toEqual([30]);
  });
});
