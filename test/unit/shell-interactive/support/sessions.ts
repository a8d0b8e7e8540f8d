/** What is typed at bash: in the notation of keys(), one string a burst of typing. */

export interface Session {
  readonly name: string;
  readonly keys: readonly (string | { readonly resize: readonly [columns: number, rows: number] } | { readonly wait: number })[];
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Files below /root/work, the working directory, for every session. */
export const FILES: Readonly<Record<string, string>> = {
  'dir one/inside': '',
  'dir one/input': '',
  'notes.txt': 'a note\n',
  'news.md': 'no news\n',
  weird$name: '',
  'a=b:c@d': '',
  'plain/deep/file': '',
  'run.sh': '#!/bin/sh\necho ran\n',
  '.hidden': '',
};

/** `^X` is Ctrl-X, `^?` Rubout, `^^` a caret, `\e` Escape, `\n` Enter. */
export function keys(text: string): string {
  return text.replace(/\^(.)|\\([en])/g, (_, ctrl?: string, named?: string) => {
    if (ctrl !== undefined) return ctrl === '^' ? '^' : ctrl === '?' ? '\x7f' : String.fromCharCode(ctrl.charCodeAt(0) & 31);
    return named === 'e' ? '\x1b' : '\r';
  });
}

const editing: Session[] = [
  { name: 'a command runs', keys: ['echo hello\\n'] },
  { name: 'C-a C-e C-b C-f', keys: ['cho b', '^Ae', '^Ed', '^B^B^B', 'a', '^F^F', '!\\n'] },
  { name: 'words back and forth', keys: ['echo one two', '\\eb\\eb', 'X', '\\ef', 'Y', '\\n'] },
  { name: 'rubout, C-d and C-h', keys: ['echoo', '^?', ' abcd', '^H', '^A^F^F^F^F^D', '\\n'] },
  { name: 'kill and yank', keys: ['echo one two three', '^W', '^W', '^Y', '^A^K', '^Y', '\\n'] },
  { name: 'yank-pop', keys: ['echo a', '^U', 'b c', '^W', '^U', '^Y', '\\ey', '\\n'] },
  { name: 'M-d and M-rubout', keys: ['echo foo/bar baz', '\\e^?', '\\e^?', '^A\\ed', 'printf %s', '\\n'] },
  { name: 'transpose', keys: ['ehco', '^B^B^T', '^E one two', '\\et', '\\n'] },
  { name: 'case', keys: ['echo one TWO three', '\\eb\\eb\\eb\\eu\\el\\ec', '\\n'] },
  { name: 'undo', keys: ['echo abc', '^W', '^W', '^_', '^_', '\\n'] },
  { name: 'numeric argument', keys: ['echo ', '\\e5', 'x', '\\n', 'echo abcdef', '\\e-\\e3^F', 'X\\n', 'echo \\e12'] },
  { name: 'quoted insert', keys: ['echo a', '^V^A', '^V^I', 'b', '\\n'] },
  { name: 'C-d deletes, then ends nothing on a non-empty line', keys: ['ab', '^A^D', '^D', 'echo x\\n'] },
  { name: 'C-l clears', keys: ['echo one\\n', 'echo two', '^L', '\\n'] },
  { name: 'M-. last argument', keys: ['echo one two\\n', 'echo three four\\n', 'echo \\e.', '\\e.', '\\n'] },
  { name: 'M-# comments the line out', keys: ['echo no', '\\e#', 'echo yes\\n'] },
  { name: 'unknown function key', keys: ['echo \\e[15~', 'x\\n'] },
  { name: 'UTF-8 and wide characters', keys: ['echo äö漢字', '^B^B', 'é', '^A^F^F^F^F^F^F^D', '\\n'] },
  { name: 'combining marks', keys: ['echo e\u0301x', '^B^?', 'o\\n'] },
  { name: 'a long line wraps', columns: 20, keys: ['echo 12345678901234567890', '^A', '^E', 'abc', '^B^B^B^?', '\\n'] },
  { name: 'a line as wide as the screen', columns: 20, keys: ['echo 1234567890123', '\\n', 'echo 1234567890123', '^A^K', 'echo x\\n'] },
  { name: 'wide characters at the edge', columns: 20, keys: ['echo 1234567890字字字', '^B^B^B', 'x', '^?', '\\n'] },
  { name: 'bracketed paste', keys: ['echo ', '\\e[200~a\tb c\\e[201~', '\\n', '\\e[200~echo 1\necho 2\\e[201~', '\\n'] },
  { name: 'a pasted command of two lines', keys: ['\\e[200~for i in 1 2; do\necho $i\ndone\\e[201~', '^A^E', '\\n'] },
  {
    name: 'coloured prompt',
    env: { PS1: '\\[\\e[32m\\]me\\[\\e[0m\\]$ ' },
    columns: 20,
    keys: ['echo 1234567890', '1234', '^A^D', '^Ee\\n'],
  },
  { name: 'prompt of two lines', env: { PS1: 'one\\ntwo$ ' }, keys: ['echo a\\n', 'echo b', '^L', '^Uecho c\\n'] },
  { name: 'insert in the middle', columns: 20, keys: ['echo 12345678901234', '^A^F^F^F^F^F', 'a', 'b', 'c', 'd', '^?^?', '\\n'] },
  { name: 'a macro', keys: ['echo ', '^X(', 'a', 'b', '^X)', ' ', '^Xe', '\\n'] },
  { name: 'character search', keys: ['echo abc def', '^A^]d', 'X', '\\e^]a', 'Y', '\\n'] },
  { name: 'mark and point', keys: ['echo ab', '\\e ', 'cd', '^X^X', 'X\\n'] },
];

const interrupts: Session[] = [
  { name: '^C gives a new prompt and 130', keys: ['echo abc', '^C', 'echo $?\\n'] },
  { name: '^C in the middle of the line', keys: ['echo abc', '^B^B', '^C', 'echo $?\\n'] },
  { name: '^C in a continued command', keys: ['for i in 1 2\\n', 'do echo\\n', '^C', 'echo $?\\n'] },
  { name: '^C kills a command', keys: ['sleep 10\\n', '^C', 'echo $?\\n'] },
  { name: '^C ends a loop of builtins', keys: ['while :; do :; done\\n', '^C', 'echo $?\\n'] },
  { name: '^C in a loop of commands', keys: ['while true; do sleep 5; done\\n', '^C', 'echo $?\\n'] },
  { name: '^C in a list stops the rest', keys: ['sleep 10; echo after\\n', '^C', 'echo $?\\n'] },
  { name: '^Z and ^\\ at the prompt do nothing', keys: ['echo a', '^Z', '^\\', '\\n'] },
  { name: '^\\ kills a command', keys: ['sleep 10\\n', '^\\', 'echo $?\\n'] },
  { name: 'a trap on INT', keys: ["trap 'echo got' INT\\n", '^C', 'echo $?\\n', 'trap - INT\\n', '^C', 'echo $?\\n'] },
  { name: 'type ahead', keys: ['sleep 1\\necho a', { wait: 1.3 }, '\\n'] },
  { name: 'cat reads the terminal', keys: ['cat\\n', 'one\\n', 'tw^?wo\\n', '^D', 'echo $?\\n'] },
  { name: 'read -p', keys: ['read -p "name: " x\\n', 'me\\n', 'echo "<$x>"\\n'] },
  {
    name: 'a wider and a narrower window',
    columns: 40,
    keys: ['echo 123456789012345678901234567890', { resize: [20, 24] }, { resize: [60, 24] }, 'x\\n', 'echo $COLUMNS\\n'],
  },
];

const history: Session[] = [
  { name: 'up and down', keys: ['echo one\\n', 'echo two\\n', '^P^P', '^N', '\\n'] },
  { name: 'arrows', keys: ['echo one\\n', 'echo two\\n', 'typed', '\\e[A\\e[A', '\\e[B\\e[B', '^Uecho x\\n'] },
  { name: 'first and last', keys: ['echo one\\n', 'echo two\\n', 'echo three\\n', '\\e<', '\\n', 'echo 4\\e<\\e>', '\\n'] },
  {
    name: 'an edited entry keeps its change until it is run',
    keys: ['echo one\\n', 'echo two\\n', '^Px^P^N', '\\n', '^P^P\\n', 'history\\n'],
  },
  { name: 'reverse search', keys: ['echo one\\n', 'echo two\\n', 'ls /nope\\n', '^Recho', '^R', '\\n'] },
  { name: 'reverse search shows its prompt', keys: ['echo one\\n', 'echo two\\n', '^Ron'] },
  { name: 'failed search', keys: ['echo one\\n', '^Rzzz', '^?^?^?one', '\\n'] },
  { name: 'search and edit', keys: ['echo one two\\n', '^Rone', '^A^E three\\n'] },
  { name: 'search given up', keys: ['echo one\\n', 'typed', '^Rone', '^G', '^Uecho x\\n'] },
  { name: 'prefix search with Page Up', keys: ['echo one\\n', 'true\\n', 'echo two\\n', 'ec', '\\e[5~', '\\e[5~', '\\n'] },
  { name: 'C-o runs and brings the next', keys: ['echo one\\n', 'echo two\\n', '^P^P^O', '\\n'] },
  { name: 'history numbers', keys: ['echo one\\n', 'echo two\\n', 'history\\n', 'history 2\\n', 'fc -l\\n'] },
  { name: 'bang bang', keys: ['echo one\\n', '!!\\n', 'echo !$ !e:0\\n', '^^one^^two\\n', '!nope\\n', 'echo $?\\n'] },
  { name: 'bang in quotes and with :p', keys: ["echo 'a!b'\\n", 'echo "c!"\\n', '!ec:p\\n', '^P\\n'] },
  {
    name: 'a command of several lines is one entry',
    keys: ['for i in 1 2\\n', 'do\\n', 'echo $i\\n', 'done\\n', '^P', '\\n', 'history\\n'],
  },
  { name: 'a quoted newline stays in the entry', keys: ['echo "a\\n', 'b"\\n', '^P', '^A^E\\n'] },
  { name: 'here-document', keys: ['cat <<E\\n', 'one\\n', 'two\\n', 'E\\n', '^P'] },
  { name: 'backslash newline', keys: ['echo a \\', '\\n', 'b\\n', '^P', '\\n'] },
  { name: 'HISTCONTROL', env: { HISTCONTROL: 'ignoreboth' }, keys: ['echo a\\n', 'echo a\\n', ' echo b\\n', 'history\\n'] },
  { name: 'history -c', keys: ['echo a\\n', 'history -c\\n', 'history\\n'] },
  { name: 'M-^ expands history in place', keys: ['echo one two\\n', 'echo !$', '\\e^^', '\\n'] },
];

const completion: Session[] = [
  { name: 'a file', keys: ['cat not^I', '\\n'] },
  { name: 'a directory and what is in it', keys: ['ls d^I', 'in^I', 's^I', '\\n'] },
  { name: 'two Tabs list', keys: ['cat n^I', '^I', 'e^I', '\\n'] },
  { name: 'everything, hidden files too', keys: ['ls ^I^I', 'pl^I^I', '\\n'] },
  { name: 'a name that needs quoting', keys: ['ls w^I', '\\n', 'ls a^I', '\\n'] },
  { name: 'inside quotes', keys: ['ls "w^I', '\\n', "ls 'd^Iins^I", '\\n'] },
  { name: 'a variable', keys: ['XYZZY=/root\\n', 'echo $XYZ^I', '\\n', 'echo ${XYZ^I', '\\n'] },
  { name: 'a function and an alias', keys: ['xyzzy_f() { echo f; }\\n', "alias xyzzy_a='echo a'\\n", 'xyz^I^I', 'f^I\\n', 'xyzzy_a^I\\n'] },
  { name: 'no match', keys: ['cat zzz^I', '^I', '\\n'] },
  { name: 'a user', keys: ['echo ~roo^I', '\\n'] },
  { name: 'after a separator', keys: ['true; xyzzy() { echo f; }\\n', 'true && xyz^I', '\\n', 'true|xyz^I\\n'] },
  { name: 'in the middle of a line', keys: ['cat n tail', '^A\\ef\\ef', '^I', 'o^I', '\\n'] },
  { name: 'M-* inserts all', keys: ['echo n\\e*', '\\n'] },
  { name: 'M-? lists at once', keys: ['echo n\\e?', 'o^I\\n'] },
  { name: 'a script in the directory', keys: ['./r^I', '\\n'] },
  { name: 'a pattern', keys: ['echo not*^I', '\\n'] },
  {
    name: 'many possibilities ask first',
    columns: 40,
    keys: ['mkdir m; cd m; touch {100..220}; cd ..\\n', 'ls m/^I^I', 'n', '^Uecho x\\n'],
  },
  {
    name: 'a list by the screenful',
    columns: 40,
    rows: 10,
    keys: ['mkdir m; cd m; touch file{100..160}; cd ..\\n', 'ls m/^I^I', ' ', '\\n', 'q', '^Uecho x\\n'],
  },
  { name: 'deep', keys: ['cat pl^I^I^I', '\\n'] },
];

const programmed: Session[] = [
  {
    name: 'complete -W',
    keys: ["complete -W 'apple apricot banana' echo\\n", 'echo b^I', '\\n', 'echo ap^I^I', 'r^I\\n', 'echo not^I', '\\n'],
  },
  {
    name: 'complete -F sees the words',
    keys: [
      'f() { COMPREPLY=("$1.$2.$3.$COMP_CWORD.${#COMP_WORDS[@]}"); }; complete -F f echo\\n',
      'echo a b=c^I',
      '\\n',
      'true; x=1 echo ^I',
      '\\n',
    ],
  },
  {
    name: 'complete -o nospace, filenames, default',
    keys: [
      'complete -o nospace -W one echo; complete -o filenames -W "dir\\\\ one" cat; complete -o default -W zzz ls\\n',
      'echo o^I^I',
      '\\n',
      'cat d^I^I',
      '^Uls not^I',
      '\\n',
    ],
  },
  { name: 'complete -d -f -X', keys: ["complete -d ls; complete -f -X '!*.md' cat\\n", 'ls n^I^I', '^Uls p^I', '\\n', 'cat n^I', '\\n'] },
  { name: 'complete -C runs a command', keys: ['complete -C \'printf "%s\\\\n" one two three #\' echo\\n', 'echo ^I^I', '^Uecho x\\n'] },
  {
    name: 'complete -D loads and retries',
    keys: ['load() { complete -W loaded $1; return 124; }; complete -D -F load\\n', 'echo l^I', '\\n', 'complete -p echo\\n'],
  },
  { name: 'complete -E and -I', keys: ['complete -E -W empty; complete -I -W initial\\n', '^I', '^Uini^I', '^Uecho x\\n'] },
  { name: 'a completion function that is missing', keys: ['complete -F nosuch echo\\n', 'echo a^I', 'b\\n'] },
  {
    name: 'compopt in a function',
    keys: ['f() { compopt -o nospace; COMPREPLY=(done); }; complete -F f echo\\n', 'echo d^I.\\n', 'compopt echo\\n'],
  },
  { name: '$? survives a completion', keys: ['f() { COMPREPLY=(x); return 7; }; complete -F f echo; false\\n', 'echo ^I$?\\n'] },
];

const bindings: Session[] = [
  { name: 'bind a macro', keys: ['bind \'"\\C-t": "echo macro\\C-m"\'\\n', '^T', 'bind -s\\n'] },
  {
    name: 'bind a function',
    keys: ["bind '\"\\C-t\": beginning-of-line' 'Control-o: end-of-line'\\n", 'cho^Te^O b\\n', 'bind -q beginning-of-line\\n'],
  },
  { name: 'bind unbinds', keys: ["bind -r '\\C-a'\\n", 'echo a^Ab\\n', 'bind -q kill-line; bind -u kill-line; bind -q kill-line\\n'] },
  {
    name: 'bind -x edits the line',
    keys: ['bind -x \'"\\C-t": READLINE_LINE="echo [$READLINE_LINE]"; READLINE_POINT=0\'\\n', 'abc^T', '^E!\\n', 'bind -X\\n'],
  },
  { name: 'bind -x prints', keys: ['bind -x \'"\\C-t": echo printed\'\\n', 'echo a^T', 'b\\n'] },
  { name: 'bind show-all-if-ambiguous', keys: ["bind 'set show-all-if-ambiguous on'\\n", 'cat n^I', 'o^I\\n'] },
  { name: 'bind show-all-if-unmodified', keys: ["bind 'set show-all-if-unmodified on'\\n", 'cat n^I', 'o^I\\n'] },
  { name: 'bind completion-ignore-case', keys: ["bind 'set completion-ignore-case on'\\n", 'cat NOT^I', '\\n'] },
  {
    name: 'bind the arrows to history-search',
    keys: ['bind \'"\\x1b[A": history-search-backward\'\\n', 'true\\n', 'echo one\\n', 'tr\\e[A', '\\n'],
  },
  {
    name: 'bind -f a file',
    keys: [
      'printf \'set bell-style none\\x0a$if mode=vi\\x0a"x": "vi"\\x0a$else\\x0a"x": "em"\\x0a$endif\\x0a\' > rc; bind -f rc\\n',
      'echo x\\n',
    ],
  },
];

const multiLine: Session[] = [
  { name: 'an open quote', keys: ["echo 'a\\n", "b'\\n"] },
  { name: 'if over lines', keys: ['if true\\n', 'then echo yes\\n', 'fi\\n'] },
  { name: 'a function over lines', keys: ['f() {\\n', 'echo in f\\n', '}\\n', 'f\\n'] },
  { name: 'a pipe at the end', keys: ['echo abc |\\n', 'wc -c\\n'] },
  { name: 'a syntax error, and on', keys: ['echo )\\n', 'echo $?\\n', 'fi\\n', 'echo on\\n'] },
  { name: 'PS2 and PROMPT_COMMAND', keys: ["PS2='more> '; PROMPT_COMMAND='echo pc'\\n", 'echo \\', '\\n', 'x\\n'] },
  { name: 'end of file in a command', keys: ['if true\\n', '^D', 'echo x\\n'] },
  { name: 'command not found', keys: ['nosuchcommand\\n', 'echo $?\\n'] },
  { name: 'exit says so', keys: ['exit 3\\n'] },
  { name: 'C-d says exit', keys: ['^D'] },
  { name: 'ignoreeof', keys: ['set -o ignoreeof\\n', '^D', '^D', 'exit\\n'] },
  { name: 'prompt escapes', keys: ["PS1='[\\w \\$ \\! \\#] '\\n", 'cd plain\\n', 'cd ~\\n', 'cd /\\n'] },
  { name: 'set -x', keys: ['set -x\\n', 'echo a b\\n', 'set +x\\n'] },
  { name: 'an unset variable under set -u', keys: ['set -u\\n', 'echo $nope; echo no\\n', 'echo still\\n'] },
];

const jobs: Session[] = [
  { name: '^Z stops, fg goes on', keys: ['sleep 1\\n', '^Z', 'jobs\\n', 'fg\\n', { wait: 1.2 }, 'echo $?\\n'] },
  { name: '^Z, bg, wait', keys: ['sleep 1\\n', '^Z', 'bg\\n', 'jobs\\n', 'wait\\n', { wait: 1.2 }, 'echo $?\\n'] },
  { name: 'done is told before the prompt', keys: ['{ sleep 0.3 & } 2>/dev/null\\n', { wait: 0.6 }, '\\n', 'echo x\\n'] },
  { name: 'exit status of a job is told', keys: ['{ (sleep 0.1; exit 3) & } 2>/dev/null\\n', { wait: 0.4 }, '\\n'] },
  { name: 'a pipeline stops as a whole', keys: ['sleep 5 | cat\\n', '^Z', 'jobs\\n', 'kill %1\\n', 'fg\\n', 'jobs\\n'] },
  { name: 'kill %1', keys: ['sleep 100\\n', '^Z', 'kill %1\\n', '\\n', 'jobs\\n'] },
  {
    name: 'two jobs and their marks',
    keys: ['sleep 100\\n', '^Z', 'sleep 200\\n', '^Z', 'jobs\\n', 'fg %1\\n', '^Z', 'jobs\\n', 'kill %1 %2\\n', '\\n'],
  },
  { name: 'stopped jobs at exit', keys: ['sleep 100\\n', '^Z', 'exit\\n', 'jobs\\n', 'kill %%\\n', '\\n', 'exit\\n'] },
  { name: 'stopped jobs at C-d, twice', keys: ['sleep 100\\n', '^Z', '^D', '^D'] },
  { name: 'no such job', keys: ['fg\\n', 'bg %3\\n', 'kill %4\\n', 'jobs %5\\n'] },
  { name: 'a killed job is told', keys: ['sleep 100\\n', '^Z', 'bg\\n', 'kill -9 %1\\n', '\\n'] },
  {
    name: 'a background job that reads is stopped',
    keys: ['{ cat & } 2>/dev/null; sleep 0.3\\n', { wait: 0.5 }, '\\n', 'jobs\\n', 'kill %1\\n', '\\n'],
  },
  { name: 'status of a stopped command', keys: ['sleep 5\\n', '^Z', 'echo $?\\n', 'kill %1\\n', '\\n'] },
  { name: 'disown', keys: ['sleep 100\\n', '^Z', 'disown 2>/dev/null\\n', 'jobs\\n'] },
];

export const SESSIONS: readonly Session[] = [
  ...editing,
  ...interrupts,
  ...history,
  ...completion,
  ...programmed,
  ...bindings,
  ...multiLine,
  ...jobs,
];
