/** qemu-ARCH-static: opens a program of another CPU as QEMU 7.2's linux-user does, and runs the applet that its note names. */

import { AT_FLAGS_PRESERVE_ARGV0 } from '../../uapi/auxv.ts';
import { encode } from '../../uapi/bytes.ts';
import { ET_DYN, ET_EXEC } from '../../uapi/elf.ts';
import { EACCES, ENOEXEC, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { Arch } from '../../uapi/host.ts';
import { SIGILL, SIGSEGV } from '../../uapi/signal.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { ElfFile } from '../elf/elf_file.ts';
import { loadProgram } from '../ld/load.ts';
import { basename } from '../lib/path.ts';
import { isatty, readAll, readFile, writeAll } from '../lib/stdio.ts';
import { guestEnvironment, parseCommandLine, type QemuOptions, usageText, versionText } from './options.ts';

export function qemu(guest: Arch): Program {
  return async (sys, argv, envp) => {
    const self = argv[0] ?? `qemu-${guest}-static`;
    if (isPreservingName(self) && !preservesArgv0(sys))
      return await complain(sys, `qemu: ${self} has to be run using kernel binfmt-misc subsystem`, 1);
    const line = parseCommandLine(guest, argv, envp);
    if (line.kind === 'error') return await complain(sys, line.text, 1);
    if (line.kind === 'run') return await new Emulator(sys, guest, self, line.options).run(argv, envp);
    await writeAll(sys, 1, encode(line.kind === 'help' ? usageText(guest) : versionText(guest)));
    return 0;
  };
}

/** Debian's patch: an emulator called NAME-binfmt-P insists on the P flag. */
const isPreservingName = (argv0: string): boolean => basename(argv0).endsWith('-binfmt-P');
const preservesArgv0 = (sys: Syscalls): boolean => (sys.getauxval().AT_FLAGS & AT_FLAGS_PRESERVE_ARGV0) !== 0;

async function complain(sys: Syscalls, text: string, status: number): Promise<number> {
  await writeAll(sys, 2, encode(`${text}\n`));
  return status;
}

class Emulator {
  constructor(
    private readonly sys: Syscalls,
    private readonly guest: Arch,
    private readonly self: string,
    private readonly options: QemuOptions,
  ) {}

  async run(argv: readonly string[], envp: readonly string[]): Promise<number> {
    const path = argv[this.options.program] as string;
    const rest = this.options.program + (preservesArgv0(this.sys) ? 1 : 0);
    const guestArgv = argv.slice(rest);
    if (this.options.argv0 !== null) guestArgv.splice(0, 1, this.options.argv0);
    const bytes = await this.openProgram(path);
    if (IS_ERR(bytes)) return await this.cannotLoad(path, bytes);
    return await this.execute(path, bytes, guestArgv, guestEnvironment(this.options, envp));
  }

  /** The open descriptor of a rule with O, else the file by name; its mode is looked at, as the kernel would. */
  private async openProgram(path: string): Promise<Bytes | Errno> {
    const execfd = this.sys.getauxval().AT_EXECFD;
    const fd = execfd ?? (await this.sys.open(path, O_RDONLY));
    if (IS_ERR(fd)) return fd;
    const bytes = await this.checkedContent(fd);
    this.sys.close(fd);
    return bytes;
  }

  private async checkedContent(fd: Fd): Promise<Bytes | Errno> {
    const stat = this.sys.fstat(fd);
    if (IS_ERR(stat)) return stat;
    if (!S_ISREG(stat.st_mode) || (stat.st_mode & 0o111) === 0) return EACCES;
    return await readAll(this.sys, fd);
  }

  private async execute(path: string, bytes: Bytes, argv: readonly string[], envp: readonly string[]): Promise<number> {
    const elf = ElfFile.parse(bytes);
    if (!elf) return await this.cannotLoad(path, ENOEXEC);
    if (!this.isImage(elf)) return await this.error(`${path}: Invalid ELF image for this architecture`, 255);
    if (elf.segments.length === 0) return await this.error(`${path}: Error mapping file: Invalid argument`, 255);
    const trouble = await this.loadInterpreter(elf);
    if (trouble) return await this.error(trouble, 255);
    if (!this.hasCode(elf)) return await this.die(...this.faultOfZeros());
    const refused =
      elf.interp === null ? 0 : await loadProgram({ sys: this.sys, arch: this.guest, envp, name: argv[0] ?? path, path, elf });
    if (refused !== 0) return refused;
    const applet = elf.applet;
    if (applet === null) return await this.error('machine code is not supported yet', 1);
    const failure = await this.sys.lab_run_applet(applet, this.guest, argv, envp);
    return await this.error(`${path}: no applet ${applet}: ${failure.message}`, 1);
  }

  private isImage(elf: ElfFile): boolean {
    return elf.isFor(this.guest) && (elf.header.type === ET_EXEC || elf.header.type === ET_DYN);
  }

  /** The guest's own loader must be in the tree, below the prefix or not, and be of the same kind. */
  private async loadInterpreter(elf: ElfFile): Promise<string | null> {
    const interp = elf.interp;
    if (interp === null) return null;
    let bytes = await readFile(this.sys, this.options.prefix + interp);
    if (IS_ERR(bytes)) bytes = await readFile(this.sys, interp);
    if (IS_ERR(bytes)) return `Could not open '${interp}': ${bytes.message}`;
    const loader = ElfFile.parse(bytes);
    return loader && this.isImage(loader) ? null : `${interp}: Invalid ELF image for this architecture`;
  }

  private hasCode(elf: ElfFile): boolean {
    const at = elf.offsetOf(elf.header.entry);
    return at >= 0 && at < elf.bytes.length;
  }

  /** What the CPU makes of the zeros that stand where a cut-off file has no code. */
  private faultOfZeros(): readonly [number, string] {
    return ZEROS_ARE_ILLEGAL.has(this.guest) ? [SIGILL, 'Illegal instruction'] : [SIGSEGV, 'Segmentation fault'];
  }

  private async die(signal: number, description: string): Promise<number> {
    await complain(this.sys, `qemu: uncaught target signal ${signal} (${description}) - core dumped`, 0);
    this.sys.rt_sigaction(signal, { handler: 'SIG_DFL' });
    this.sys.kill(this.sys.getpid(), signal);
    await this.sys.sched_yield();
    return 128 + signal;
  }

  /** The real one prints this on standard output and ends without flushing: it is seen on a terminal only. */
  private async cannotLoad(path: string, error: Errno): Promise<number> {
    if (isatty(this.sys, 1)) await writeAll(this.sys, 1, encode(`Error while loading ${path}: ${error.message}\n`));
    return 1;
  }

  private async error(text: string, status: number): Promise<number> {
    return await complain(this.sys, `${basename(this.self)}: ${text}`, status);
  }
}

const ZEROS_ARE_ILLEGAL: ReadonlySet<Arch> = new Set<Arch>(['aarch64', 'riscv64', 'ppc64le', 's390x']);
