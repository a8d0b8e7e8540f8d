/** What memfs' core takes from its helpers, for the page. */
export const constants = { S_IFMT: 0o170000, S_IFDIR: 0o040000, S_IFREG: 0o100000, S_IFLNK: 0o120000, S_IFCHR: 0o020000 };
