/** Output processing and echo, with the column kept for tabs. Follows the output half of drivers/tty/n_tty.c. */
import { ECHOCTL, IUTF8, ONLCR, OPOST, type Termios } from '../../../uapi/termios.ts';
import type { Bytes } from '../../../uapi/types.ts';
import type { TtyStruct } from './tty_io.ts';
import { iflag, lflag, oflag } from './tty_termios.ts';

const BS = 8;
const TAB = 9;
const NL = 10;
const CR = 13;
const SP = 32;

export const iscntrl = (c: number): boolean => c < 0x20 || c === 0x7f;
export const is_continuation = (c: number, termios: Termios): boolean => iflag(termios, IUTF8) && (c & 0xc0) === 0x80;

/**
 * A program's bytes as the terminal gets them.
 * @linux drivers/tty/n_tty.c do_output_char #P[ONLCR only]
 */
export function process_output(tty: TtyStruct, data: Bytes): Bytes {
  if (!oflag(tty.termios, OPOST)) return data.slice();
  const out: number[] = [];
  for (const c of data) do_output_char(tty, c, out);
  return Uint8Array.from(out);
}

function do_output_char(tty: TtyStruct, c: number, out: number[]): void {
  const ldata = tty.disc_data;
  if (c === NL && oflag(tty.termios, ONLCR)) {
    out.push(CR);
    ldata.column = 0;
  }
  if (c === NL || c === CR) {
    if (c === CR) ldata.column = 0;
    ldata.canon_column = ldata.column;
  } else if (c === TAB) ldata.column += 8 - (ldata.column & 7);
  else if (c === BS) ldata.column = Math.max(0, ldata.column - 1);
  else if (!iscntrl(c) && !is_continuation(c, tty.termios)) ldata.column++;
  out.push(c);
}

/**
 * One byte to the echo as it is, through output processing.
 * @linux drivers/tty/n_tty.c echo_char_raw #Y
 */
export function echo_char_raw(tty: TtyStruct, c: number): void {
  tty.disc_data.echo.push(...process_output(tty, Uint8Array.of(c)));
}

/**
 * One byte to the echo, control characters as ^X.
 * @linux drivers/tty/n_tty.c echo_char #Y
 */
export function echo_char(tty: TtyStruct, c: number): void {
  if (lflag(tty.termios, ECHOCTL) && iscntrl(c) && c !== TAB) {
    tty.disc_data.echo.push(0x5e, c ^ 0o100);
    tty.disc_data.column += 2;
  } else echo_char_raw(tty, c);
}

/** @linux drivers/tty/n_tty.c echo_move_back_col #Y */
export function echoBackspace(tty: TtyStruct, over: boolean): void {
  for (const c of over ? [BS, SP, BS] : [BS]) echo_char_raw(tty, c);
}

/**
 * Back over a tab: as many columns as it had, counted from the tab before it or from where the line began.
 * @linux drivers/tty/n_tty.c echo_erase_tab #Y
 */
export function echo_erase_tab(tty: TtyStruct, num_chars: number, after_tab: boolean): void {
  const ldata = tty.disc_data;
  const from = after_tab ? num_chars : num_chars + ldata.canon_column;
  for (let n = 8 - (from & 7); n > 0; n--) {
    ldata.echo.push(BS);
    ldata.column = Math.max(0, ldata.column - 1);
  }
}

/** @linux drivers/tty/n_tty.c echo_set_canon_col #Y */
export function echo_set_canon_col(tty: TtyStruct): void {
  tty.disc_data.canon_column = tty.disc_data.column;
}

/** @linux drivers/tty/n_tty.c commit_echoes #Y */
export function commit_echoes(tty: TtyStruct): void {
  const { echo } = tty.disc_data;
  if (echo.length === 0) return;
  tty.output.put(Uint8Array.from(echo));
  echo.length = 0;
}
