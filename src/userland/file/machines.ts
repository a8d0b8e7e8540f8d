/** What file(1) 5.44 calls each e_machine: facts, as data. Rows are `hex name`; "~" marks the one without a comma. */
const ROWS =
  '0 no machine|1 AT&T WE32100|2 SPARC|3 Intel 80386|4 Motorola m68k|5 Motorola m88k|6 Intel 80486|7 Intel 80860|' +
  '9 Amdahl|a MIPS, MIPS (deprecated)|b RS6000|f PA-RISC|10 nCUBE|11 Fujitsu VPP500|13 Intel 80960|' +
  '14 PowerPC or cisco 4500|16 IBM S/390|17 Cell SPU|18 cisco SVIP|19 cisco 7200|24 NEC V800 or cisco 12000|' +
  '25 Fujitsu FR20|26 TRW RH-32|27 Motorola RCE|29 Alpha|2a Renesas SH|2c Siemens Tricore Embedded Processor|' +
  '2d Argonaut RISC Core, Argonaut Technologies Inc.|2e Renesas H8/300|2f Renesas H8/300H|30 Renesas H8S|' +
  '31 Renesas H8/500|32 IA-64|33 Stanford MIPS-X|34 Motorola Coldfire|35 Motorola M68HC12|36 Fujitsu MMA|37 Siemens PCP|' +
  '38 Sony nCPU|39 Denso NDR1|3a Start*Core|3b Toyota ME16|3c ST100|3d Tinyj emb.|3e x86-64|3f Sony DSP|40 DEC PDP-10|' +
  '41 DEC PDP-11|42 FX66|43 ST9+ 8/16 bit|44 ST7 8 bit|45 MC68HC16|46 MC68HC11|47 MC68HC08|48 MC68HC05|' +
  '49 SGI SVx or Cray NV1|4a ST19 8 bit|4b Digital VAX|4c Axis cris|4d Infineon 32-bit embedded|4e Element 14 64-bit DSP|' +
  '4f LSI Logic 16-bit DSP|50 MMIX|51 Harvard machine-independent|52 SiTera Prism|53 Atmel AVR 8-bit|54 Fujitsu FR30|' +
  '55 Mitsubishi D10V|56 Mitsubishi D30V|57 NEC v850|58 Renesas M32R|59 Matsushita MN10300|5a Matsushita MN10200|' +
  '5b picoJava|5c OpenRISC|5d Synopsys ARCompact ARC700 cores|5e Tensilica Xtensa|5f Alphamosaic VideoCore|' +
  '60 Thompson Multimedia|61 NatSemi 32k|62 Tenor Network TPC|63 Trebia SNP 1000|64 STMicroelectronics ST200|' +
  '65 Ubicom IP2022|66 MAX Processor|67 NatSemi CompactRISC|68 Fujitsu F2MC16|69 TI msp430|6a Analog Devices Blackfin|' +
  '6b S1C33 Family of Seiko Epson|6c Sharp embedded|6d Arca RISC|6e PKU-Unity Ltd.|6f eXcess: 16/32/64-bit|' +
  '70 Icera Deep Execution Processor|71 Altera Nios II|72 NatSemi CRX|73 Motorola XGATE|74 Infineon C16x/XC16x|' +
  '75 Renesas M16C series|76 Microchip dsPIC30F|77 Freescale RISC core|78 Renesas M32C series|83 Altium TSK3000 core|' +
  '84 Freescale RS08|86 Cyan Technology eCOG2|87 Sunplus S+core7 RISC|88 New Japan Radio (NJR) 24-bit DSP|' +
  '89 Broadcom VideoCore III|8a LatticeMico32|8b Seiko Epson C17 family|8c TI TMS320C6000 DSP family|' +
  '8d TI TMS320C2000 DSP family|8e TI TMS320C55x DSP family|90 TI Programmable Realtime Unit~|' +
  'a0 STMicroelectronics 64bit VLIW DSP|a1 Cypress M8C|a2 Renesas R32C series|a3 NXP TriMedia family|a4 QUALCOMM DSP6|' +
  'a5 Intel 8051 and variants|a6 STMicroelectronics STxP7x family|a7 Andes embedded RISC|a8 Cyan eCOG1X family|' +
  'a9 Dallas MAXQ30|aa New Japan Radio (NJR) 16-bit DSP|ab M2000 Reconfigurable RISC|ac Cray NV2 vector architecture|' +
  'ad Renesas RX family|ae META|af MCST Elbrus|b0 Cyan Technology eCOG16 family|b1 NatSemi CompactRISC|' +
  'b2 Freescale Extended Time Processing Unit|b3 Infineon SLE9X|b4 Intel L1OM|b5 Intel K1OM|b7 ARM aarch64|' +
  'b9 Atmel 32-bit family|ba STMicroeletronics STM8 8-bit|bb Tilera TILE64|bc Tilera TILEPro|' +
  'bd Xilinx MicroBlaze 32-bit RISC|be NVIDIA CUDA architecture|bf Tilera TILE-Gx|c3 Synopsys ARCv2/HS3x/HS4x cores|' +
  'c5 Renesas RL78 family|c7 Renesas 78K0R|c8 Freescale 56800EX|c9 Beyond BA1|ca Beyond BA2|cb XMOS xCORE|' +
  'cc Microchip 8-bit PIC(r)|d2 KM211 KM32|d3 KM211 KMX32|d4 KM211 KMX16|d5 KM211 KMX8|d6 KM211 KVARC|d7 Paneve CDP|' +
  'd8 Cognitive Smart Memory|d9 iCelero CoolEngine|da Nanoradio Optimized RISC|f4 Lanai 32-bit processor|' +
  'f5 CEVA Processor Architecture Family|f6 CEVA X2 Processor Family|f7 eBPF|f8 Graphcore Intelligent Processing Unit|' +
  'f9 Imagination Technologies|fa Netronome Flow Processor|fb NEC Vector Engine|fc C-SKY processor family|' +
  'fd Synopsys ARCv3 64-bit ISA/HS6x cores|fe MOS Technology MCS 6502 processor|ff Synopsys ARCv3 32-bit|' +
  '100 Kalray VLIW core of the MPPA family|101 WDC 65816/65C816|102 LoongArch|103 ChipON KungFu32|' +
  '9026 Alpha (unofficial)|9041 Cygnus M32R (unofficial)|9080 Cygnus V850 (unofficial)|5441 Cygnus FRV (unofficial)|' +
  'dead Cygnus MN10200 (unofficial)|feba Vitesse IQ2000 (unofficial)|febb NIOS (unofficial)|5aa5 DLX (unofficial)|' +
  '3426 OpenRISC (obsolete)';

/** The words up to the version: "x86-64," … */
export function machineWords(machine: number): string {
  const name = names().get(machine);
  if (name === undefined) return `*unknown arch 0x${(machine > 0x7fff ? machine + 0xffff0000 : machine).toString(16)}*`;
  return name.endsWith('~') ? name.slice(0, -1) : `${name},`;
}

let table: Map<number, string> | null = null;
function names(): Map<number, string> {
  table ??= new Map(
    ROWS.split('|').map((row) => {
      const space = row.indexOf(' ');
      return [Number.parseInt(row.slice(0, space), 16), row.slice(space + 1)] as const;
    }),
  );
  return table;
}
