/** Keys as they come in: signals, editing, lines. Follows the input half of drivers/tty/n_tty.c. */
import * as S from '../../../uapi/signal.ts';
import * as T from '../../../uapi/termios.ts';
import type { Bytes } from '../../../uapi/types.ts';
import { kill_pgrp } from '../../kernel/signal.ts';
import * as E from './n_tty_echo.ts';
import type { TtyStruct } from './tty_io.ts';
import { iflag, is_cc, lflag } from './tty_termios.ts';

/** Longest line: N_TTY_BUF_SIZE less the terminator. */
const MAX_CANON = 4095;
const NL = 10;
const CR = 13;
const TAB = 9;

/**
 * @linux drivers/tty/n_tty.c n_tty_receive_buf_common #P[no throttling: input that nobody reads is kept]
 */
export function n_tty_receive_buf(tty: TtyStruct, data: Bytes): void {
  for (const c of data) receive_char(tty, c);
  E.commit_echoes(tty);
  if (tty.disc_data.input.length > 0) tty.read_wait.wake_up();
}

function receive_char(tty: TtyStruct, c: number): void {
  const ldata = tty.disc_data;
  if (ldata.lnext) {
    ldata.lnext = false;
    receive_plain(tty, c);
    return;
  }
  if (flow_control(tty, c) || signal_char(tty, c)) return;
  if (tty.output.stopped && iflag(tty.termios, T.IXON) && iflag(tty.termios, T.IXANY)) tty.output.start();
  if (c === CR && iflag(tty.termios, T.IGNCR)) return;
  const mapped = map_newline(tty.termios, c);
  if (!lflag(tty.termios, T.ICANON)) receive_raw(tty, mapped, mapped !== c);
  else if (!edit(tty, mapped) && !end_line(tty, mapped)) receive_plain(tty, mapped);
}

function map_newline(termios: T.Termios, c: number): number {
  if (c === CR && iflag(termios, T.ICRNL)) return NL;
  return c === NL && iflag(termios, T.INLCR) ? CR : c;
}

/** @linux drivers/tty/n_tty.c n_tty_receive_char_flow_ctrl #Y */
function flow_control(tty: TtyStruct, c: number): boolean {
  const { termios } = tty;
  if (!iflag(termios, T.IXON)) return false;
  if (is_cc(termios, T.VSTART, c)) tty.output.start();
  else if (is_cc(termios, T.VSTOP, c)) tty.output.stop();
  else return false;
  return true;
}

const SIGNAL_CHARS = [
  [T.VINTR, S.SIGINT],
  [T.VQUIT, S.SIGQUIT],
  [T.VSUSP, S.SIGTSTP],
] as const;

/**
 * @linux drivers/tty/n_tty.c n_tty_receive_signal_char #Y
 */
function signal_char(tty: TtyStruct, c: number): boolean {
  const { termios } = tty;
  if (!lflag(termios, T.ISIG)) return false;
  const found = SIGNAL_CHARS.find(([index]) => is_cc(termios, index, c));
  if (found === undefined) return false;
  isig(tty, found[1]);
  if (iflag(termios, T.IXON)) tty.output.start();
  if (lflag(termios, T.ECHO)) E.echo_char(tty, c);
  E.commit_echoes(tty);
  return true;
}

/**
 * A signal for the foreground group; what was typed and what was not yet shown is dropped, unless NOFLSH.
 * @linux drivers/tty/n_tty.c isig #Y
 */
function isig(tty: TtyStruct, sig: number): void {
  if (!lflag(tty.termios, T.NOFLSH)) {
    tty.disc_data.echo.length = 0;
    tty.output.flush();
    n_tty_flush_input(tty);
  }
  if (tty.pgrp !== null) kill_pgrp(tty.kernel, tty.pgrp, sig);
}

/**
 * Forgets what was typed and not yet read.
 * @linux drivers/tty/n_tty.c reset_buffer_flags #Y
 */
export function n_tty_flush_input(tty: TtyStruct): void {
  const ldata = tty.disc_data;
  ldata.input.length = 0;
  ldata.edit.length = 0;
}

function receive_plain(tty: TtyStruct, c: number): void {
  if (lflag(tty.termios, T.ICANON)) receive_canon(tty, c);
  else receive_raw(tty, c, false);
}

function receive_canon(tty: TtyStruct, c: number): void {
  const { edit } = tty.disc_data;
  if (lflag(tty.termios, T.ECHO)) {
    if (edit.length === 0) E.echo_set_canon_col(tty);
    E.echo_char(tty, c);
  }
  if (edit.length < MAX_CANON) edit.push(c);
}

/** A newline that was typed as such shows as ^J here; one that was made of a carriage return moves the cursor. */
function receive_raw(tty: TtyStruct, c: number, mapped: boolean): void {
  if (lflag(tty.termios, T.ECHO)) {
    if (c === NL && mapped) E.echo_char_raw(tty, c);
    else E.echo_char(tty, c);
  }
  const { input } = tty.disc_data;
  const last = input.at(-1);
  if (last?.kind === 'raw') last.bytes.push(c);
  else input.push({ kind: 'raw', bytes: [c], read: 0 });
}

/** The characters that change the line being typed. */
function edit(tty: TtyStruct, c: number): boolean {
  const { termios } = tty;
  const iexten = lflag(termios, T.IEXTEN);
  if (is_cc(termios, T.VERASE, c)) erase(tty, 'erase');
  else if (is_cc(termios, T.VKILL, c)) kill(tty);
  else if (iexten && is_cc(termios, T.VWERASE, c)) erase(tty, 'werase');
  else if (iexten && is_cc(termios, T.VLNEXT, c)) literal_next(tty);
  else if (iexten && lflag(termios, T.ECHO) && is_cc(termios, T.VREPRINT, c)) reprint(tty, c);
  else return false;
  return true;
}

function literal_next(tty: TtyStruct): void {
  tty.disc_data.lnext = true;
  if (!lflag(tty.termios, T.ECHO) || !lflag(tty.termios, T.ECHOCTL)) return;
  E.echo_char_raw(tty, 0x5e);
  E.echoBackspace(tty, false);
}

function reprint(tty: TtyStruct, c: number): void {
  E.echo_char(tty, c);
  E.echo_char_raw(tty, NL);
  for (const b of tty.disc_data.edit) E.echo_char(tty, b);
}

function kill(tty: TtyStruct): void {
  const { termios, disc_data } = tty;
  const seen = lflag(termios, T.ECHO);
  if (disc_data.edit.length === 0) return;
  if (seen && lflag(termios, T.ECHOK) && lflag(termios, T.ECHOKE) && lflag(termios, T.ECHOE)) {
    erase(tty, 'kill');
    return;
  }
  disc_data.edit.length = 0;
  if (!seen) return;
  E.echo_char(tty, termios.c_cc[T.VKILL] ?? 0);
  if (lflag(termios, T.ECHOK)) E.echo_char_raw(tty, NL);
}

const is_word = (c: number): boolean => /[0-9A-Za-z_\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff]/.test(String.fromCharCode(c));

/**
 * Takes characters off the end of the line, bytes of one UTF-8 character together, and off the screen.
 * @linux drivers/tty/n_tty.c eraser #P[no ECHOPRT]
 */
function erase(tty: TtyStruct, what: 'erase' | 'werase' | 'kill'): void {
  const line = tty.disc_data.edit;
  let seen_word = false;
  while (line.length > 0) {
    let head = line.length - 1;
    while (head > 0 && E.is_continuation(line[head] ?? 0, tty.termios)) head--;
    const c = line[head] ?? 0;
    if (E.is_continuation(c, tty.termios)) return;
    if (what === 'werase' && seen_word && !is_word(c)) return;
    seen_word ||= is_word(c);
    line.length = head;
    if (lflag(tty.termios, T.ECHO)) echo_erased(tty, c, what);
    if (what === 'erase') return;
  }
}

function echo_erased(tty: TtyStruct, c: number, what: 'erase' | 'werase' | 'kill'): void {
  const { termios } = tty;
  const echoctl = lflag(termios, T.ECHOCTL);
  if (what === 'erase' && !lflag(termios, T.ECHOE)) E.echo_char(tty, termios.c_cc[T.VERASE] ?? 0);
  else if (c === TAB) erase_tab(tty);
  else {
    if (E.iscntrl(c) && echoctl) E.echoBackspace(tty, true);
    if (!E.iscntrl(c) || echoctl) E.echoBackspace(tty, true);
  }
}

function erase_tab(tty: TtyStruct): void {
  const { termios, disc_data } = tty;
  const from = disc_data.edit.lastIndexOf(TAB) + 1;
  let width = 0;
  for (const c of disc_data.edit.slice(from)) {
    if (E.iscntrl(c)) width += lflag(termios, T.ECHOCTL) ? 2 : 0;
    else if (!E.is_continuation(c, termios)) width++;
  }
  E.echo_erase_tab(tty, width, from > 0);
}

/** The characters that finish a line. */
function end_line(tty: TtyStruct, c: number): boolean {
  const { termios } = tty;
  if (c === NL) {
    if (lflag(termios, T.ECHO) || lflag(termios, T.ECHONL)) E.echo_char_raw(tty, NL);
    finish(tty, [NL]);
  } else if (is_cc(termios, T.VEOF, c)) finish(tty, []);
  else if (is_cc(termios, T.VEOL, c) || (lflag(termios, T.IEXTEN) && is_cc(termios, T.VEOL2, c))) {
    if (lflag(termios, T.ECHO)) E.echo_char(tty, c);
    finish(tty, [c]);
  } else return false;
  return true;
}

function finish(tty: TtyStruct, terminator: readonly number[]): void {
  const ldata = tty.disc_data;
  ldata.input.push({ kind: 'line', bytes: [...ldata.edit, ...terminator], read: 0 });
  ldata.edit.length = 0;
}
