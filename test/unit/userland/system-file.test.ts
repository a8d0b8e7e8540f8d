import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../../src/uapi/bytes.ts';
import { ElfFile } from '../../../src/userland/elf/elf_file.ts';
import { identify } from '../../../src/userland/file/identify.ts';
import { report } from '../../../src/userland/readelf/report.ts';
import { writeElf } from '../../../src/userland/rootfs/elf_writer.ts';

const PYC = '\0\0\0\0\x77\x59\x99\x65\x1b\0\0\0\xe3';
const PYTHON = (version: string): string =>
  `Byte-compiled Python module for CPython ${version}, timestamp-based, .py timestamp: Sat Jan  6 13:45:27 2024 UTC, .py size: 27 bytes`;
const HASHED = (flag: string): string =>
  `Byte-compiled Python module for CPython 3.11, hash-based, check-source flag ${flag}, hash: 0x6867666564636261`;

/** Content, and what file 5.44 of Debian 12 said of it. */
const RECORDED: readonly (readonly [content: string, words: string, mime: string])[] = [
  ['', 'empty', 'inode/x-empty; charset=binary'],
  ['a', 'very short file (no magic)', 'application/octet-stream; charset=binary'],
  ['hi', 'ASCII text, with no line terminators', 'text/plain; charset=us-ascii'],
  ['a\0b', 'data', 'application/octet-stream; charset=binary'],
  ['h\xc3\xa9llo\n', 'Unicode text, UTF-8 text', 'text/plain; charset=utf-8'],
  ['h\xe9llo\n', 'ISO-8859 text', 'text/plain; charset=iso-8859-1'],
  ['h\x80llo\n', 'Non-ISO extended-ASCII text', 'text/plain; charset=unknown-8bit'],
  ['\xef\xbb\xbfhi\n', 'Unicode text, UTF-8 (with BOM) text', 'text/plain; charset=utf-8'],
  ['a\r\nb\n', 'ASCII text, with CRLF, LF line terminators', 'text/plain; charset=us-ascii'],
  ['a\rb\r', 'ASCII text, with CR line terminators', 'text/plain; charset=us-ascii'],
  ['a\x1b[1mb\n', 'ASCII text, with escape sequences', 'text/plain; charset=us-ascii'],
  [`${'x'.repeat(600)}\n`, 'ASCII text, with very long lines (600)', 'text/plain; charset=us-ascii'],
  ['{"a": 1}\n', 'JSON text data', 'application/json; charset=us-ascii'],
  ['#!/bin/sh\necho\n', 'POSIX shell script, ASCII text executable', 'text/x-shellscript; charset=us-ascii'],
  ['#!/bin/sh\r\n', 'POSIX shell script, ASCII text executable, with CRLF line terminators', 'text/x-shellscript; charset=us-ascii'],
  ['#!/bin/sh\na\0b\n', 'POSIX shell script executable (binary data)', 'text/x-shellscript; charset=binary'],
  ['#!/usr/bin/env bash\necho\n', 'Bourne-Again shell script, ASCII text executable', 'text/x-shellscript; charset=us-ascii'],
  ['#!/usr/bin/env python3\n1\n', 'Python script, ASCII text executable', 'text/x-script.python; charset=us-ascii'],
  ['#!/usr/bin/env sh\n1\n', 'a sh script, ASCII text executable', 'text/plain; charset=us-ascii'],
  ['#!/usr/bin/env perl\n1\n', 'Perl script text executable', 'text/x-perl; charset=us-ascii'],
  ['#!/usr/bin/env node\n1\n', 'Node.js script executable, ASCII text', 'application/javascript; charset=us-ascii'],
  ['#!/nonexistent/interp\nx\n', 'a /nonexistent/interp script, ASCII text executable', 'text/plain; charset=us-ascii'],
  [`\xa7\r\r\n${PYC}`, PYTHON('3.11'), 'application/x-bytecode.python; charset=binary'],
  [`\x6f\r\r\n${PYC}`, PYTHON('3.10'), 'application/x-bytecode.python; charset=binary'],
  [`\xcb\r\r\n${PYC}`, PYTHON('3.12 or newer'), 'application/x-bytecode.python; charset=binary'],
  [`\x2b\x0e\r\n${PYC}`, 'data', 'application/octet-stream; charset=binary'],
  ['\xa7\r\r\n\x03\0\0\0abcdefgh\xe3', HASHED('set'), 'application/x-bytecode.python; charset=binary'],
  ['\xa7\r\r\n\x01\0\0\0abcdefgh\xe3', HASHED('unset'), 'application/x-bytecode.python; charset=binary'],
  ['\x1bLua\x54\0\x19\x93\r\n', 'Lua bytecode, version 5.4', 'application/x-bytecode.lua; charset=binary'],
  ['\xca\xfe\xba\xbe\0\0\0\x34\0\x1d', 'compiled Java class data, version 52.0 (Java 1.8)', 'application/x-java-applet; charset=binary'],
  ['\0asm\x01\0\0\0', 'WebAssembly (wasm) binary module version 0x1 (MVP)', 'application/wasm; charset=binary'],
  [`MZ\x90\0\x03\0\0\0${'\0'.repeat(60)}`, 'MS-DOS executable, MZ for MS-DOS', 'application/x-dosexec; charset=binary'],
  ['\x7fELF', 'ELF', 'application/octet-stream; charset=binary'],
];

describe('file', () => {
  for (const [content, words, mime] of RECORDED)
    it(`calls ${JSON.stringify(content.slice(0, 24))} ${words.slice(0, 60)}`, () => {
      const identity = identify(fromLatin1(content));
      expect(identity.text).toBe(words);
      expect(`${identity.mime}; charset=${identity.charset}`).toBe(mime);
    });

  it('says where a cut-off ELF file ends', () => {
    const whole = writeElf({ arch: 'x86_64', linkage: 'pie', applet: 'hello' });
    const head = 'ELF 64-bit LSB shared object, x86-64, ';
    expect(identify(whole.subarray(0, 20)).text).toBe(`${head}(SYSV)`);
    expect(identify(whole.subarray(0, 64)).text).toBe(`${head}version 1 (SYSV)`);
    expect(identify(whole.subarray(0, 200)).text).toBe(
      `${head}version 1 (SYSV), can't read elf program headers at 176, missing section headers at 1616`,
    );
  });
});

const parts = (text: string): ReadonlySet<string> => new Set(text);
const read = (bytes: Uint8Array, letters: string, wide = false) =>
  report(ElfFile.parse(bytes) as ElfFile, { parts: parts(letters), wide, dumps: [] });

describe('readelf', () => {
  const arm = writeElf({ arch: 'arm', linkage: 'static', applet: 'hello' });

  it('prints the file header', () => {
    expect(read(arm, 'h').text).toBe(`ELF Header:
  Magic:   7f 45 4c 46 01 01 01 03 00 00 00 00 00 00 00 00 
  Class:                             ELF32
  Data:                              2's complement, little endian
  Version:                           1 (current)
  OS/ABI:                            UNIX - GNU
  ABI Version:                       0
  Type:                              EXEC (Executable file)
  Machine:                           ARM
  Version:                           0x1
  Entry point address:               0x10120
  Start of program headers:          52 (bytes into file)
  Start of section headers:          376 (bytes into file)
  Flags:                             0x5000400, Version5 EABI, hard-float ABI
  Size of this header:               52 (bytes)
  Size of program headers:           32 (bytes)
  Number of program headers:         3
  Size of section headers:           40 (bytes)
  Number of section headers:         6
  Section header string table index: 5
`);
  });

  it('prints segments and what lies in them', () => {
    expect(read(arm, 'l').text).toBe(`
Elf file type is EXEC (Executable file)
Entry point 0x10120
There are 3 program headers, starting at offset 52

Program Headers:
  Type           Offset   VirtAddr   PhysAddr   FileSiz MemSiz  Flg Align
  LOAD           0x000000 0x00010000 0x00010000 0x00130 0x00130 R E 0x10000
  NOTE           0x000094 0x00010094 0x00010094 0x00064 0x00064 R   0x4
  GNU_STACK      0x000000 0x00000000 0x00000000 0x00000 0x00000 RW  0x10

 Section to Segment mapping:
  Segment Sections...
   00     .note.gnu.build-id .note.ABI-tag .note.binfmt-lab .text 
   01     .note.gnu.build-id .note.ABI-tag .note.binfmt-lab 
   02     
`);
  });

  it('complains of a cut-off file as the real one does', () => {
    expect(read(arm.subarray(0, 60), 'h').complaints).toEqual([
      'Error: Reading 240 bytes extends past end of file for section headers',
      'Error: Too many program headers - 0x3 - the file is not that big',
    ]);
  });

  it('says so of parts that it does not decode', () => {
    expect(read(arm, 'hlSsdnruVAgI').failed).toBe(false);
    expect(read(arm, 'd').text).toBe('\nThere is no dynamic section in this file.\n');
  });
});
