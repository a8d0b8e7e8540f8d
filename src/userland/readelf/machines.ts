/** What readelf 2.40 calls each e_machine: facts, as data. Rows are `hex name`. */
const ROWS =
  '0 None|1 WE32100|2 Sparc|3 Intel 80386|4 MC68000|5 MC88000|6 Intel MCU|7 Intel 80860|8 MIPS R3000|9 IBM System/370|' +
  'a MIPS R4000 big-endian|b Sparc v9 (old)|f HPPA|11 Fujitsu VPP500|12 Sparc v8+|13 Intel 80960|14 PowerPC|15 PowerPC64|' +
  '16 IBM S/390|17 SPU|24 Renesas V850 (using RH850 ABI)|25 Fujitsu FR20|26 TRW RH32|27 MCORE|28 ARM|' +
  '29 Digital Alpha (old)|2a Renesas / SuperH SH|2b Sparc v9|2c Siemens Tricore|2d ARC|2e Renesas H8/300|' +
  '2f Renesas H8/300H|30 Renesas H8S|31 Renesas H8/500|32 Intel IA-64|33 Stanford MIPS-X|34 Motorola Coldfire|' +
  '35 Motorola MC68HC12 Microcontroller|36 Fujitsu Multimedia Accelerator|37 Siemens PCP|' +
  '38 Sony nCPU embedded RISC processor|39 Denso NDR1 microprocesspr|3a Motorola Star*Core processor|' +
  '3b Toyota ME16 processor|3c STMicroelectronics ST100 processor|3d Advanced Logic Corp. TinyJ embedded processor|' +
  '3e Advanced Micro Devices X86-64|3f Sony DSP processor|40 Digital Equipment Corp. PDP-10|' +
  '41 Digital Equipment Corp. PDP-11|42 Siemens FX66 microcontroller|43 STMicroelectronics ST9+ 8/16 bit microcontroller|' +
  '44 STMicroelectronics ST7 8-bit microcontroller|45 Motorola MC68HC16 Microcontroller|' +
  '46 Motorola MC68HC11 Microcontroller|47 Motorola MC68HC08 Microcontroller|48 Motorola MC68HC05 Microcontroller|' +
  '49 Silicon Graphics SVx|4a STMicroelectronics ST19 8-bit microcontroller|4b Digital VAX|' +
  '4c Axis Communications 32-bit embedded processor|4d Infineon Technologies 32-bit embedded cpu|' +
  "4e Element 14 64-bit DSP processor|4f LSI Logic's 16-bit DSP processor|50 Donald Knuth's educational 64-bit processor|" +
  "51 Harvard Universitys's machine-independent object format|52 Vitesse Prism|53 Atmel AVR 8-bit microcontroller|" +
  '54 Fujitsu FR30|55 d10v|56 d30v|57 Renesas V850|58 Renesas M32R (formerly Mitsubishi M32r)|59 mn10300|5a mn10200|' +
  '5b picoJava|5c OpenRISC 1000|5d ARCompact|5e Tensilica Xtensa Processor|5f Alphamosaic VideoCore processor|' +
  '60 Thompson Multimedia General Purpose Processor|61 National Semiconductor 32000 series|' +
  '62 Tenor Network TPC processor|63 Trebia SNP 1000 processor|64 STMicroelectronics ST200 microcontroller|' +
  '65 Ubicom IP2xxx 8-bit microcontrollers|66 MAX Processor|67 National Semiconductor CompactRISC|68 Fujitsu F2MC16|' +
  '69 Texas Instruments msp430 microcontroller|6a Analog Devices Blackfin|6b S1C33 Family of Seiko Epson processors|' +
  '6c Sharp embedded microprocessor|6d Arca RISC microprocessor|6e Unicore|' +
  '6f eXcess 16/32/64-bit configurable embedded CPU|70 Icera Semiconductor Inc. Deep Execution Processor|' +
  '71 Altera Nios II|72 National Semiconductor CRX microprocessor|73 Motorola XGATE embedded processor|' +
  '74 Infineon Technologies xc16x|75 Renesas M16C series microprocessors|' +
  '76 Microchip Technology dsPIC30F Digital Signal Controller|77 Freescale Communication Engine RISC core|' +
  '78 Renesas M32c|83 Altium TSK3000 core|84 Freescale RS08 embedded processor|86 Cyan Technology eCOG2 microprocessor|' +
  '87 SUNPLUS S+Core|88 New Japan Radio (NJR) 24-bit DSP Processor|89 Broadcom VideoCore III processor|8a Lattice Mico32|' +
  '8b Seiko Epson C17 family|8c Texas Instruments TMS320C6000 DSP family|8d Texas Instruments TMS320C2000 DSP family|' +
  '8e Texas Instruments TMS320C55x DSP family|90 TI PRU I/O processor|' +
  'a0 STMicroelectronics 64bit VLIW Data Signal Processor|a1 Cypress M8C microprocessor|' +
  'a2 Renesas R32C series microprocessors|a3 NXP Semiconductors TriMedia architecture family|a4 QUALCOMM DSP6 Processor|' +
  'a5 Intel 8051 and variants|a6 STMicroelectronics STxP7x family|' +
  'a7 Andes Technology compact code size embedded RISC processor family|a8 Cyan Technology eCOG1X family|' +
  'a9 Dallas Semiconductor MAXQ30 Core microcontrollers|aa New Japan Radio (NJR) 16-bit DSP Processor|' +
  'ab M2000 Reconfigurable RISC Microprocessor|ac Cray Inc. NV2 vector architecture|ad Renesas RX|' +
  'ae Imagination Technologies Meta processor architecture|af MCST Elbrus general purpose hardware architecture|' +
  'b0 Cyan Technology eCOG16 family|b1 Xilinx MicroBlaze|b2 Freescale Extended Time Processing Unit|' +
  'b3 Infineon Technologies SLE9X core|b4 Intel L1OM|b5 Intel K1OM|b6 Intel (reserved)|b7 AArch64|b8 ARM (reserved)|' +
  'b9 Atmel Corporation 32-bit microprocessor|ba STMicroeletronics STM8 8-bit microcontroller|' +
  'bb Tilera TILE64 multicore architecture family|bc Tilera TILEPro multicore architecture family|bd Xilinx MicroBlaze|' +
  'be NVIDIA CUDA architecture|bf Tilera TILE-Gx multicore architecture family|c0 CloudShield architecture family|' +
  'c1 KIPO-KAIST Core-A 1st generation processor family|c2 KIPO-KAIST Core-A 2nd generation processor family|c3 ARCv2|' +
  'c4 Open8 8-bit RISC soft processor core|c5 Renesas RL78|c6 Broadcom VideoCore V processor|c7 Renesas 78K0R|' +
  'c8 Freescale 56800EX Digital Signal Controller (DSC)|c9 Beyond BA1 CPU architecture|ca Beyond BA2 CPU architecture|' +
  'cb XMOS xCORE processor family|cc Microchip 8-bit PIC(r) family|cd Intel Graphics Technology|' +
  'd2 KM211 KM32 32-bit processor|d3 KM211 KMX32 32-bit processor|d4 KM211 KMX16 16-bit processor|' +
  'd5 KM211 KMX8 8-bit processor|d6 KM211 KVARC processor|d7 Paneve CDP architecture family|' +
  'd8 Cognitive Smart Memory Processor|d9 Bluechip Systems CoolEngine|da Nanoradio Optimized RISC|' +
  'db CSR Kalimba architecture family|dc Zilog Z80|dd CDS VISIUMcore processor|de FTDI Chip FT32|df Moxie|e0 AMD GPU|' +
  'f3 RISC-V|f4 Lanai 32-bit processor|f5 CEVA Processor Architecture Family|f6 CEVA X2 Processor Family|f7 Linux BPF|' +
  'f8 Graphcore Intelligent Processing Unit|f9 Imagination Technologies|fa Netronome Flow Processor|fb NEC Vector Engine|' +
  'fc C-SKY|fd Synopsys ARCv2.3 64-bit|fe MOS Technology MCS 6502 processor|ff Synopsys ARCv2.3 32-bit|' +
  '100 Kalray VLIW core of the MPPA processor family|101 WDC 65816/65C816|102 LoongArch|103 ChipON KungFu32|9026 Alpha|' +
  '9041 Renesas M32R (formerly Mitsubishi M32r)|9080 Renesas V850|baab Xilinx MicroBlaze|5441 Fujitsu FR-V|dead mn10200|' +
  'feba Vitesse IQ2000|febb Altera Nios|5aa5 OpenDLX';

let table: Map<number, string> | null = null;
export function machineName(machine: number): string {
  table ??= new Map(
    ROWS.split('|').map((row) => {
      const space = row.indexOf(' ');
      return [Number.parseInt(row.slice(0, space), 16), row.slice(space + 1)] as const;
    }),
  );
  return table.get(machine) ?? `<unknown>: 0x${machine.toString(16)}`;
}
