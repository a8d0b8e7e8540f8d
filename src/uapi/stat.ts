/** File types, modes and what stat(2) and statfs(2) answer. Follows include/uapi/linux/stat.h. */

export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFBLK = 0o060000;
export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;
export const S_ISUID = 0o4000;
export const S_ISGID = 0o2000;
export const S_ISVTX = 0o1000;

export const S_ISDIR = (mode: number): boolean => (mode & S_IFMT) === S_IFDIR;
export const S_ISREG = (mode: number): boolean => (mode & S_IFMT) === S_IFREG;
export const S_ISLNK = (mode: number): boolean => (mode & S_IFMT) === S_IFLNK;
export const S_ISCHR = (mode: number): boolean => (mode & S_IFMT) === S_IFCHR;
export const S_ISBLK = (mode: number): boolean => (mode & S_IFMT) === S_IFBLK;
export const S_ISFIFO = (mode: number): boolean => (mode & S_IFMT) === S_IFIFO;
export const S_ISSOCK = (mode: number): boolean => (mode & S_IFMT) === S_IFSOCK;

/** struct stat. Times are milliseconds since the epoch (fractions allowed), sizes bytes. */
export interface Stat {
  readonly st_dev: number;
  readonly st_ino: number;
  readonly st_mode: number;
  readonly st_nlink: number;
  readonly st_uid: number;
  readonly st_gid: number;
  /** makedev(major, minor) of a device node, else 0. */
  readonly st_rdev: number;
  readonly st_size: number;
  readonly st_blksize: number;
  /** 512-byte units. */
  readonly st_blocks: number;
  readonly st_atime: number;
  readonly st_mtime: number;
  readonly st_ctime: number;
}

export const makedev = (major: number, minor: number): number => ((major & 0xfff) << 8) | (minor & 0xff);
export const major = (dev: number): number => (dev >> 8) & 0xfff;
export const minor = (dev: number): number => dev & 0xff;

/** struct statfs. */
export interface StatFs {
  readonly f_type: number;
  readonly f_bsize: number;
  readonly f_blocks: number;
  readonly f_bfree: number;
  readonly f_bavail: number;
  readonly f_files: number;
  readonly f_ffree: number;
  readonly f_namelen: number;
  readonly f_flags: number;
}

export const TMPFS_MAGIC = 0x01021994;
export const PROC_SUPER_MAGIC = 0x9fa0;
export const BINFMTFS_MAGIC = 0x42494e4d;
export const PIPEFS_MAGIC = 0x50495045;

/** One name of getdents64(2). */
export interface Dirent {
  readonly d_name: string;
  readonly d_ino: number;
  /** The S_IFMT bits. */
  readonly d_type: number;
}
