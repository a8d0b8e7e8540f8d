/**
 * The engine: parser, expansion, interpreter, builtins, completion and history expansion. What a session (a prompt, its keys
 * and its start-up) asks of them is listed here, and reached through load-engine.ts only.
 */
export { runCommandString, runFile } from './batch.ts';
export { defineFunction } from './define-function.ts';
export { isIncomplete } from './errors.ts';
export { expandString } from './expand/expand.ts';
export { parseAndRun, runInteractiveText, runStandardInput } from './input.ts';
export { runBoundCommand } from './interactive/bound-command.ts';
export { hangUpJobs } from './interactive/hangup.ts';
export { expandHistory } from './interactive/history-expansion.ts';
export { KEYBOARD } from './interactive/keyboard.ts';
export { expandLine } from './interactive/line-expansion.ts';
export { continuationOf, joinLine } from './interactive/multi-line.ts';
export { completeLine } from './interactive/shell-completion.ts';
export { notifyJobs } from './jobs.ts';
export { patternRegExp, quotePattern } from './pattern.ts';
export { printFunction, printHead } from './print.ts';
export { restoreState } from './restore-state.ts';
export { strftime } from './strftime.ts';
export { runExitTrap, runPendingTraps } from './traps.ts';
