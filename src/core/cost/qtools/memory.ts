// Energy of moving tensors between memories and the arithmetic, as QTools counts it.
// Fed by horowitz.ts; feeds layer.ts. Source: google/qkeras, qtools/qenergy/qenergy.py.

import { dramEnergy, sramEnergy } from './horowitz.ts';

/** fixed: in registers beside the arithmetic, free; sram: on chip; dram: external. */
export type MemoryMode = 'fixed' | 'sram' | 'dram';

export interface Memory {
  readonly weights: MemoryMode;
  readonly activations: MemoryMode;
  /** Size in bits of the smallest on-chip memory: a tiny tensor does not get a tiny memory. */
  readonly minSramSize: number;
  /** The network's inputs and outputs live in DRAM, and what comes from DRAM passes through SRAM (`rd_wr_on_io`). */
  readonly readWriteOnIo: boolean;
}

/** Energy of reading or writing a tensor of `bits`; QTools prices both alike. */
export function transferEnergy(mode: MemoryMode, bits: number, memory: Memory): number {
  switch (mode) {
    case 'fixed':
      return 0;
    case 'sram':
      return sramEnergy(bits, memory.minSramSize);
    case 'dram':
      return dramEnergy(bits) + (memory.readWriteOnIo ? sramEnergy(bits, memory.minSramSize) : 0);
  }
}

/** Inputs and outputs of the network do not obey the setting for activations. */
export function activationMode(isNetworkBorder: boolean, memory: Memory): MemoryMode {
  if (!isNetworkBorder) return memory.activations;
  return memory.readWriteOnIo ? 'dram' : 'sram';
}
