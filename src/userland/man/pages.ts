/** The manual's pages, in our own words. */

export interface Page {
  readonly section: string;
  readonly title: string;
  readonly text: string;
}

export const PAGES: Readonly<Record<string, Page>> = {
  binfmt_misc: {
    section: '5',
    title: 'File Formats Manual',
    text: `NAME
       binfmt_misc - rules that say which program runs a file

SYNOPSIS
       mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
       echo ':name:type:offset:magic:mask:interpreter:flags' > /proc/sys/fs/binfmt_misc/register

DESCRIPTION
       When a file is executed that is neither a program of this machine nor a script, the kernel
       asks the rules written here, the newest first. The first enabled rule that fits rewrites the
       call: its interpreter is executed, and finds the file's path among its arguments. (Linux since
       2.6.35 asks the rules before all else; the machine that the lab starts with asks them last.)

       The first character of a line is the delimiter; any character will do. The fields are

       name         the file that appears in this directory; not register, status, . or ..
       type         M compares bytes at an offset, E the part of the file's name after its last dot
       offset       where the magic begins; 0 if empty; within the first 256 bytes (128 before 5.1)
       magic        the bytes, with \\xNN for those that cannot be written; for E the extension
       mask         of as many bytes as the magic; only bits that are set in it count
       interpreter  the path of the program; at most 127 bytes
       flags        any of

           P   keeps argv[0]: the interpreter finds it after the path
           O   opens the file for the interpreter, also if it may only be executed
           C   takes user and group from the file, not from the interpreter; implies O
           F   opens the interpreter now, so that it is found in any chroot or container

FILES
       register     takes one line at a time
       status       enabled or disabled; write 1, 0, or -1 to remove every rule
       NAME         a rule; write 1 or 0 to enable or disable it, -1 to remove it

ERRORS
       EINVAL       the line cannot be read
       EEXIST       there is a rule of that name
       ENOENT       flag F, and no such interpreter

SEE ALSO
       execve(2), unshare(1), qemu-binfmt-conf.sh
`,
  },
  execve: {
    section: '2',
    title: 'System Calls Manual',
    text: `NAME
       execve - execute a program

SYNOPSIS
       int execve(const char *pathname, char *const argv[], char *const envp[]);

DESCRIPTION
       The file is opened for execution: every directory on the way must be searchable, the file
       regular and executable, its file system not mounted noexec. Its first 256 bytes (128 before
       5.1) are offered to the formats that the kernel knows, in order. Each answers that the file is
       its own, that it is not (ENOEXEC: the next is asked), or that it is and cannot be run.

       A file that begins with #! names its interpreter on that line, with at most one argument, in
       which blanks stay. A rule of binfmt_misc names one, too. The call then begins anew with the
       interpreter, and the file's path among the arguments: at most five times.

       On success there is no return: the process goes on as the new program, with its process
       number, its open descriptors that are not close-on-exec, its directory and its credentials.

ERRORS
       E2BIG        arguments and environment need more than a quarter of the stack's limit
       EACCES       a directory, the file or its mount forbids it, or it is no regular file
       ELOOP        too many symbolic links, or too many interpreters of interpreters
       ENOENT       the file is missing, or its interpreter is, or its loader
       ENOEXEC      no format knows the file; a shell then reads it as a script, others complain
       ENOTDIR      something on the way is no directory
       ETXTBSY      the file is open for writing

SEE ALSO
       binfmt_misc(5), bash(1), strace(1), ldd(1)
`,
  },
};
