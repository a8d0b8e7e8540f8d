/** Where our bash still answers otherwise than the real one, and why. A row that comes right fails its test until it is struck out. */

export type KnownDifference = readonly [script: string, why: string];

/** Scripts, by their beginning. */
export const knownScripts: readonly KnownDifference[] = [
  ["echo 'single $x' \"double", '\\u in the C locale: bash leaves what the locale cannot write as \\uXXXX'],
  ["echo $'\\u20ac'", '\\u in the C locale, the same'],
  ['echo $(( (1+2 ))', 'the line of an unclosed $(('],
  ['declare 1x=2', 'an assignment word with an open subscript is cut at the blank'],
  ['x=$(\necho a', 'line numbers in a $( ) of several lines'],
  ["sh -c 'echo $0; nosuch'", 'what dash expected, in its syntax errors'],
  ["eval 'echo line $LINENO", 'line numbers of a later line of eval'],
];

/** Refused lines, whole: their complaints. */
export const knownComplaints: readonly KnownDifference[] = [
  ['[[ a =~ ( ]]', 'bash gives up on it in two ways at once, and complains of both'],
  ['shopt -s extglob\necho @(a|b) !(c)', 'read as a whole: bash -n does not run the shopt before it'],
];
