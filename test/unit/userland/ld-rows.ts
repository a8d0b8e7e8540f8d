/**
 * Rows for the dynamic loader. They run in a directory with the small ELF files that scripts/record-payloads.mjs builds with gcc:
 * needs-foo needs libfoo.so.1, needs-mid needs libmid.so.1, which needs libfoo.so.1; rpath, runpath, mid-rpath and mid-runpath say where;
 * needs-ver wants version V_2 of libver.so.1, needs-glibc wants GLIBC_2.34 and GLIBC_2.38; lib/ holds the libraries; old/, 32/, arm/
 * hold libraries of an old version, of another class, of another CPU. What lies beyond the loader's work is not asked.
 */
import { type PayloadRow, rowsOf } from './payload-rows.ts';

const LIST = (program: string): string => `LD_TRACE_LOADED_OBJECTS=1 ${program} | sed 's/ (0x.*//'; echo $?`;
const LD = '/lib64/ld-linux-x86-64.so.2';

export const ldRows: readonly PayloadRow[] = rowsOf('x', [
  ['./needs-foo; echo $?; ./needs-mid; echo $?'],
  ['exec -a weird ./needs-foo'],
  ['$PWD/needs-foo; PATH=$PWD:$PATH; needs-foo; echo $?'],
  [LIST('./needs-foo')],
  [`LD_LIBRARY_PATH=lib ${LIST('./needs-mid')}`],
  [`LD_LIBRARY_PATH=/nope:$PWD/lib/ ${LIST('./needs-mid')}; LD_LIBRARY_PATH='/nope;lib' ${LIST('./needs-foo')}`],
  [`cd lib; LD_LIBRARY_PATH=. ${LIST('../needs-foo')}; LD_LIBRARY_PATH=: ${LIST('../needs-foo')}`],
  [`mkdir only; cp lib/libmid.so.1 only; LD_LIBRARY_PATH=only ./needs-mid; echo $?; LD_LIBRARY_PATH=only ${LIST('./needs-mid')}`],
  [`./rpath; mkdir r; cp lib/libfoo.so.1 r; ${LIST('./rpath')}`],
  [`mv lib elsewhere; ./runpath; mkdir lib; cp elsewhere/* lib; ${LIST('./runpath')}; cd /; ${LIST('/tmp/payload-rows/runpath')}`],
  [`${LIST('./mid-runpath')}; ./mid-runpath; ${LIST('./mid-rpath')}`],
  [
    `mkdir first; cp lib/libfoo.so.1 first; LD_LIBRARY_PATH=first ${LIST('./runpath')}; mkdir r; cp lib/libfoo.so.1 r; LD_LIBRARY_PATH=first ${LIST('./rpath')}`,
  ],
  ['LD_LIBRARY_PATH=32 ./needs-foo; echo $?; LD_LIBRARY_PATH=arm ./needs-foo; echo $?'],
  [`LD_LIBRARY_PATH=32:arm:lib ${LIST('./needs-foo')}`],
  [
    'mkdir bad; echo short > bad/libfoo.so.1; LD_LIBRARY_PATH=bad:lib ./needs-foo; echo $?; : > bad/libfoo.so.1; LD_LIBRARY_PATH=bad ./needs-foo',
  ],
  [
    'mkdir bad; seq 1000 > bad/libfoo.so.1; LD_LIBRARY_PATH=bad ./needs-foo; echo $?; rm bad/libfoo.so.1; mkdir bad/libfoo.so.1; LD_LIBRARY_PATH=bad ./needs-foo',
  ],
  ['LD_LIBRARY_PATH=old ./needs-ver; echo $?; LD_LIBRARY_PATH=$PWD/old ./needs-ver'],
  [`LD_LIBRARY_PATH=lib ${LIST('./needs-ver')}; LD_LIBRARY_PATH=old ${LIST('./needs-ver')}`],
  ['mkdir none; cp lib/libfoo.so.1 none/libver.so.1; LD_LIBRARY_PATH=none ./needs-ver 2>&1 | head -n 2'],
  ['./needs-glibc; echo $?'],
  [LIST('./needs-glibc')],
  [
    `mkdir -p r/bin r/lib64; cp /bin/true r/bin; chroot r /bin/true; echo $?; cp ${LD} r/lib64; chroot r /bin/true; echo $?; mkdir -p r/lib/x86_64-linux-gnu; cp /lib/x86_64-linux-gnu/libc.so.6 r/lib/x86_64-linux-gnu; chroot r /bin/true; echo $?`,
  ],
  [`cp /bin/true t; sed -i s/libc.so.6/libd.so.6/ t; ./t; echo $?`],
  ['LD_PRELOAD=libx.so ./needs-foo; echo $?; LD_PRELOAD="./nope.so:other.so" ./needs-foo'],
  [`LD_PRELOAD=libx.so ${LIST('/bin/true')}; ${LIST('/bin/true')}`],
  ['LD_PRELOAD=$PWD/32/libfoo.so.1 /bin/true; echo $?'],
  [`${LD} ./needs-foo; echo $?; ${LD} ./nosuch; echo $?; ${LD} 32/libfoo.so.1; ${LD} arm/libfoo.so.1; echo $?`],
  [`${LD} --list ./needs-foo; echo $?; ${LD} --library-path lib --list ./needs-mid | sed 's/ (0x.*//'; ${LD} --list ./nosuch; echo $?`],
  [`for f in ./needs-foo lib/libfoo.so.1 32/libfoo.so.1 ./nosuch /etc/passwd /bin/true; do ${LD} --verify $f; echo $?; done`],
  [`${LD} /bin/echo a b; ${LD} --argv0 x /bin/sh -c 'echo $0; exit 3'; echo $?`],
  [`${LD}; echo $?; ${LD} --nope; echo $?; ${LD} --library-path; echo $?`],
  ['ldd ./needs-foo | sed "s/ (0x.*//"; ldd ./nosuch; echo $?; ldd /etc/passwd; echo $?; ldd; echo $?'],
  [
    "LD_LIBRARY_PATH=lib ldd ./needs-mid ./needs-foo | sed 's/ (0x.*//'; ldd lib/libfoo.so.1 | sed 's/ (0x.*//'; ldd arm/libfoo.so.1; echo $?; ldd .; echo $?",
  ],
  ["chmod -x needs-foo; ldd ./needs-foo 2>&1 | sed 's/ (0x.*//'; ldd needs-mid | sed 's/ (0x.*//'; ldd -x; echo $?"],
  ["LD_LIBRARY_PATH=old ldd ./needs-ver | sed 's/ (0x.*//'; ldd ./needs-glibc | sed 's/ (0x.*//'; echo $?"],
]);
