/** Walking the history. */
import { goEntries } from './basic-commands.ts';
import type { Command } from './editor.ts';

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
  'beginning-of-history': (ed) => goEntries(ed, -ed.historyAt - 1),
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
