/** Walking the history. */
import type { Command, Editor } from './editor.ts';

function goBack(ed: Editor, count: number): void {
  if (count < 0) return goForward(ed, -count);
  if (count === 0) return;
  if (ed.historyAt === 0) return ed.bell();
  ed.goHistory(Math.max(0, ed.historyAt - count));
}

function goForward(ed: Editor, count: number): void {
  if (count < 0) return goBack(ed, -count);
  if (count === 0) return;
  const last = ed.history.entries.length;
  if (ed.historyAt >= last) return ed.bell();
  ed.goHistory(Math.min(last, ed.historyAt + count));
}

/** Finds an entry that starts with the text before point; point stays. */
function searchPrefix(direction: 1 | -1): Command {
  return (ed, count) => {
    const prefix = ed.text.slice(0, ed.point);
    const { text } = ed;
    let at = ed.historyAt;
    for (let i = Math.abs(count); i > 0; i--) {
      do at += count < 0 ? -direction : direction;
      while (at >= 0 && at < ed.history.entries.length && !(ed.historyText(at).startsWith(prefix) && ed.historyText(at) !== text));
    }
    if (at < 0 || at > ed.history.entries.length || at === ed.historyAt) return ed.bell();
    if (at === ed.history.entries.length && !ed.historyText(at).startsWith(prefix)) return ed.bell();
    ed.goHistory(at);
    ed.point = prefix === '' ? ed.text.length : prefix.length;
  };
}

export const HISTORY_COMMANDS: Readonly<Record<string, Command>> = {
  'previous-history': goBack,
  'next-history': goForward,
  'beginning-of-history': (ed) => goBack(ed, ed.historyAt + 1),
  'end-of-history': (ed) => {
    if (ed.historyAt !== ed.history.entries.length) ed.goHistory(ed.history.entries.length);
  },
  'history-search-backward': searchPrefix(-1),
  'history-search-forward': searchPrefix(1),
  'operate-and-get-next': (ed) => {
    ed.nextStart = ed.historyAt + 1;
    ed.accept();
  },
};
