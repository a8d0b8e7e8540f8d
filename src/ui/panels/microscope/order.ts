/** Where the order of the formats decides, the reader is told what Linux does today. */
import type { OrderDecided } from '../../../uapi/trace.ts';
import { format } from './formats.ts';
import type { Notice } from './model.ts';

export function orderNotice({ taken_by, also, current_linux, rule }: OrderDecided): Notice {
  const [first = '', does = ''] = current_linux.split(/: (.*)/s);
  const others = also.map((name) => format(name).title).join(' and ');
  const taker = format(taken_by).title;
  if (first === taken_by) {
    return {
      title: 'As on Linux today',
      text: `${taker} is asked first and takes this file. ${others} would have taken it, too.`,
      rule,
      loud: true,
    };
  }
  const text = `${format(first).title} is asked first and takes this file: ${does}. Here ${taker} came before it.`;
  return { title: 'On Linux today', text, rule, loud: true };
}

/** In the lab's order, a file that a rule took was nobody else's. */
export const quietNotice: Notice = {
  title: 'On Linux today',
  text: 'binfmt_misc is asked first. Here the answer is the same: only one format wants this file.',
  rule: 'D1',
  loud: false,
};
