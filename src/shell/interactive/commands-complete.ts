/** Completion keys: each asks the outside for possibilities. */
import type { Command, CompletionRequest, Editor } from './editor.ts';

function request(ed: Editor, what: CompletionRequest['what'], action: CompletionRequest['action'], name: string): void {
  const again = ed.lastCommand === name && ed.lastCompletionStuck;
  ed.emit({ kind: 'complete', request: { what, action, again } });
}

function completing(name: string, what: CompletionRequest['what'], action: CompletionRequest['action'] = 'complete'): [string, Command] {
  return [name, (ed) => request(ed, what, action, name)];
}

export const COMPLETION_COMMANDS: Readonly<Record<string, Command>> = Object.fromEntries([
  completing('complete', 'default'),
  completing('complete-command', 'command'),
  completing('complete-filename', 'filename'),
  completing('complete-variable', 'variable'),
  completing('complete-username', 'username'),
  completing('complete-hostname', 'hostname'),
  completing('complete-into-braces', 'filename', 'braces'),
  completing('dynamic-complete-history', 'history'),
  completing('glob-complete-word', 'glob'),
  completing('glob-expand-word', 'glob', 'insert'),
  completing('glob-list-expansions', 'glob', 'list'),
  completing('insert-completions', 'default', 'insert'),
  completing('possible-completions', 'default', 'list'),
  completing('possible-command-completions', 'command', 'list'),
  completing('possible-filename-completions', 'filename', 'list'),
  completing('possible-hostname-completions', 'hostname', 'list'),
  completing('possible-username-completions', 'username', 'list'),
  completing('possible-variable-completions', 'variable', 'list'),
]);
