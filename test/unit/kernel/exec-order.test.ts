/** The order of the formats, depth, and what the trace tells. Rules D1–D7. */
import { describe, expect, it } from 'vitest';
import { versions } from '../../../src/kernel/init/version.ts';
import { TraceRing } from '../../../src/kernel/kernel/trace.ts';
import { encode } from '../../../src/uapi/bytes.ts';
import type { RootEntry } from '../../../src/uapi/rootfs.ts';
import type { TraceEvent } from '../../../src/uapi/trace.ts';
import { argvOf, exec, register } from '../../support/exec.ts';
import { machine, program } from '../../support/kernel.ts';

const text = (path: string, content: string, mode = 0o755): RootEntry => ({ kind: 'file', path, mode, data: encode(content) });
const entries: RootEntry[] = [
  program('/i', 'show'),
  program('/p', 'show'),
  program('/arm', 'show', 'armv7l'),
  program('/i386', 'show', 'i686'),
  text('/s', '#!/p -x\n'),
  text('/s.foo', '#!/p -x\n'),
  text('/f', 'FOO\n'),
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => text(`/c${n}`, `#!${n === 1 ? '/p' : `/c${n - 1}`}\n`)),
];
const make = (version: string) => machine({ version, entries, applets: { show: () => async () => 0 } });
const EVERY_ELF = ':elf:M::\\x7fELF::/nothing:';
const FOO = ':foo:E::foo::/i:';

describe('the order of formats', () => {
  it('is misc, script, ELF on Linux: a rule takes scripts and native programs away', () => {
    const m = make('6.18');
    register(m, FOO);
    expect(argvOf(m, '/s.foo')).toEqual(['/i', '/s.foo']);
    register(m, EVERY_ELF);
    expect([exec(m, '/p'), exec(m, '/s')]).toEqual(['ENOENT', 'ENOENT']);
  });

  it('is ELF, script, misc in the lab: rules only get what nobody else takes', () => {
    const m = make('lab');
    register(m, FOO);
    register(m, EVERY_ELF);
    expect(argvOf(m, '/s.foo')).toEqual(['/p', '-x', '/s.foo']);
    expect([exec(m, '/p'), exec(m, '/i386'), exec(m, '/arm')]).toEqual(['ok', 'ok', 'ENOENT']);
  });

  it('is data of the version', () => {
    for (const [name, { formats }] of Object.entries(versions)) expect(make(name).kernel.formats.map((f) => f.name)).toEqual(formats);
  });
});

describe('depth', () => {
  it('is five rewrites; the sixth interpreter is opened before it is refused', () => {
    for (const version of ['lab', '6.18']) {
      const m = make(version);
      expect([1, 5, 6, 7].map((n) => exec(m, `/c${n}`))).toEqual(['ok', 'ok', 'ELOOP', 'ELOOP']);
    }
  });
});

describe('hosts', () => {
  it('decide which programs are native', () => {
    const hosts = ['x86_64', 'aarch64', 'armv7l', 'riscv64', 'i686'] as const;
    const own = hosts.map((host) => program(`/${host}`, 'show', host));
    const runs = Object.fromEntries(
      hosts.map((host) => {
        const m = machine({ version: '6.18', host, entries: own, applets: { show: () => async () => 0 } });
        return [host, hosts.filter((h) => exec(m, `/${h}`) === 'ok')];
      }),
    );
    expect(runs).toEqual({
      x86_64: ['x86_64', 'i686'],
      aarch64: ['aarch64', 'armv7l'],
      armv7l: ['armv7l'],
      riscv64: ['riscv64'],
      i686: ['i686'],
    });
  });
});

describe('the trace', () => {
  const events = (version: string, path: string, rules: readonly string[] = []): TraceEvent[] => {
    const m = make(version);
    for (const rule of rules) register(m, rule);
    const out = m.trace();
    exec(m, path);
    return out.filter((e) => !e.ev.startsWith('sched_process_exit'));
  };
  const brief = (e: TraceEvent): string => {
    switch (e.ev) {
      case 'exec_walk':
        return `walk ${e.step} ${e.what}`;
      case 'binfmt_probe':
        return `${e.fmt} ${e.verdict} ${e.errno ?? ''} ${e.rule}: ${e.why}`;
      case 'binfmt_misc_entry':
        return `entry ${e.entry} ${e.matched} ${e.rule}: ${e.why}`;
      case 'binprm_rewrite':
        return `rewrite ${e.argv_before.join(' ')} -> ${e.argv_after.join(' ')} ${e.entry ?? ''}${e.flags ?? ''}`;
      case 'order_decided':
        return `order ${e.taken_by} not ${e.also.join()}; now ${e.current_linux}`;
      case 'exec_fail':
        return `fail ${e.errno} at level ${e.level} ${e.rule}: ${e.message}`;
      default:
        return e.ev;
    }
  };

  it('tells the whole story of an exec, each step with its rule', () => {
    expect(events('6.18', '/s', [':f:M::FOO::/i:P']).map(brief)).toEqual([
      'exec_begin',
      'walk component /s',
      'walk type regular file',
      'walk noexec the mount allows execution',
      'walk permission mode 0755 allows it',
      'walk writers nobody writes to it',
      'walk args 1 argument, 0 environment strings; room for 2097138 more bytes',
      'binprm_read',
      'entry f false M3: byte 0 is 23, the rule wants 46',
      'misc next ENOEXEC M2: the only rule does not match',
      'walk component /p',
      'walk type regular file',
      'walk noexec the mount allows execution',
      'walk permission mode 0755 allows it',
      'walk writers nobody writes to it',
      'script rewrite  S3: the first line names /p',
      'rewrite /s -> /p -x /s ',
      'binprm_read',
      'entry f false M3: byte 0 is 7f, the rule wants 46',
      'misc next ENOEXEC M2: the only rule does not match',
      'script next ENOEXEC S1: the file does not start with #!',
      'elf taken  E15: headers good for x86-64 (e_machine 62)',
      'sched_process_exec',
    ]);
  });

  it('says when the order decided, and who takes the file on current Linux', () => {
    expect(events('lab', '/s.foo', [FOO]).map(brief)).toContain('order script not misc; now misc: its rule foo hands it to /i');
    expect(events('6.18', '/s.foo', [FOO]).map(brief)).toContain('order misc not script; now misc: its rule foo hands it to /i');
    expect(events('lab', '/s').some((e) => e.ev === 'order_decided')).toBe(false);
  });

  it('names the rule that refused', () => {
    expect(events('6.18', '/f').map(brief).at(-1)).toBe('fail ENOEXEC at level 0 D6: no format recognised the file');
    expect(events('6.18', '/c6').map(brief).at(-1)).toMatch(/^fail ELOOP at level 6 D5/);
    expect(events('6.18', '/arm').map(brief)).toContain('elf next ENOEXEC E4: e_machine is 40: this loader takes x86-64 (e_machine 62)');
  });

  it('reports what control files answered', () => {
    const m = make('6.18');
    const out = m.trace();
    register(m, ':f:M::FOO::/i');
    register(m, ':f:M::FOO::/i:');
    const told = out.flatMap((e) => (e.ev === 'binfmt_misc_register' ? [`${e.ret} ${e.rule} ${e.why}`] : []));
    expect(told).toEqual([
      'EINVAL R13 the line ends before the delimiter that closes this field',
      '14 R16 rule f is the first to be asked now',
    ]);
  });

  it('is the same to the byte for the same machine, and changes no outcome', () => {
    for (const path of ['/s', '/s.foo', '/p', '/f', '/c6', '/arm']) {
      const quiet = make('6.18');
      register(quiet, FOO);
      const loud = make('6.18');
      register(loud, FOO);
      loud.trace();
      expect(argvOf(loud, path)).toEqual(argvOf(quiet, path));
    }
  });

  it('is kept in a ring that counts what it lost', () => {
    const ring = new TraceRing(3);
    for (let seq = 1; seq <= 5; seq++) ring.push({ ev: 'sched_process_fork', seq, t: 0, pid: 1, child_pid: 2 });
    expect([ring.events().map((e) => e.seq), ring.lost]).toEqual([[3, 4, 5], 2]);
  });
});
