/** What both sides are given: the files that are started and the rules that stand in the way. */
export const MISC = '/proc/sys/fs/binfmt_misc';
export const REGISTER = `${MISC}/register`;
export const STATUS = `${MISC}/status`;

const hex = (i) => i.toString(16).padStart(4, '0');
const PAD = '\0'.repeat(200);
/** 100 bytes that the rules of the last shape, and a file that none of them takes, begin with. */
const PREFIX = 'SAMEPREFIX'.repeat(10);

/** The rule whose file is started by its magic, and the one by its extension; the first to be registered, so the last to be asked. */
export const targets = (interpreter) => [`:zm:M::ZZMAGIC1::${interpreter}:`, `:ze:E::zze::${interpreter}:`];

export const files = (interpreter) => ({
  's.sh': `#!${interpreter}\n`,
  'match.bin': `ZZMAGIC1${PAD}`,
  'match.zze': `plain${PAD}`,
  'nomatch.bin': `QQ unmatched${PAD}`,
  'deep.bin': `${PREFIX}ZZZZ${PAD}`,
});

/** Rule number `i` of each shape, and the file that none of them matches. */
export const SHAPES = {
  'other first bytes': { filler: (i, to) => `:f${i}:M::F${hex(i)}::${to}:`, nomatch: 'nomatch.bin' },
  'magic under a mask': { filler: (i, to) => `:f${i}:M::F${hex(i)}:\\xff\\xff\\xff\\xff\\xff:${to}:`, nomatch: 'nomatch.bin' },
  '100 bytes in common': { filler: (i, to) => `:f${i}:M::${PREFIX}${hex(i)}::${to}:`, nomatch: 'deep.bin' },
  'other extensions': { filler: (i, to) => `:f${i}:E::x${hex(i)}::${to}:`, nomatch: 'nomatch.bin' },
};

/** What is started, by its file. */
export const CASES = { 'a static program': 'exit0', '#!': 's.sh', 'an M rule': 'match.bin', 'an E rule': 'match.zze' };
