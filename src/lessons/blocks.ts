/**
 * Killercoda's marks behind code: {{exec}} runs on a click, {{exec interrupt}} sends ^C first, {{copy}} copies. Behind a block they
 * stand on its closing fence, where Markdown allows nothing: before it is parsed they move to the opening one.
 */

export type Act = 'exec' | 'interrupt' | 'copy';

const FENCE = /^( *)(`{3,}|~{3,})(.*)$/;
const MARK = /\{\{(exec|copy)( interrupt)?\}\}/;

export function moveMarks(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  let open: { readonly fence: string; readonly at: number } | null = null;
  for (const [i, line] of lines.entries()) {
    const [, indent = '', fence = '', rest = ''] = FENCE.exec(line) ?? [];
    if (fence === '') continue;
    if (open === null) {
      if (fence.startsWith('~') || !rest.includes('`')) open = { fence, at: i };
    } else if (closes(fence, rest, open.fence)) {
      if (MARK.test(rest)) lines[open.at] += ` ${rest.trim()}`;
      lines[i] = indent + fence;
      open = null;
    }
  }
  return lines.join('\n');
}

/** The mark in a fence's info string, or at the start of what follows inline code. */
export function actOf(text: string): Act | null {
  const [, name, interrupt] = MARK.exec(text) ?? [];
  if (name === undefined) return null;
  return name === 'copy' ? 'copy' : interrupt === undefined ? 'exec' : 'interrupt';
}

function closes(fence: string, rest: string, opening: string): boolean {
  return fence[0] === opening[0] && fence.length >= opening.length && rest.trim().replace(MARK, '') === '';
}
