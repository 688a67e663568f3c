import type { MemoryMap } from "../../shared/protocol";

/** Bytes that are in use at each step. Tensors in the same place at the same step share it. */
export function usedBytes(memory: MemoryMap): number[] {
  const used: number[] = [];
  for (let step = 0; step < memory.steps; step++) {
    const live = memory.tensors.filter((tensor) => tensor.first <= step && step <= tensor.last).sort((a, b) => a.offset - b.offset);
    let total = 0;
    let end = 0;
    for (const tensor of live) {
      const stop = tensor.offset + tensor.size;
      total += Math.max(0, stop - Math.max(end, tensor.offset));
      end = Math.max(end, stop);
    }
    used.push(total);
  }
  return used;
}

/** The step at which most is in use, and how much. */
export function peak(used: number[]): { step: number; bytes: number } {
  return used.reduce((most, bytes, step) => (bytes > most.bytes ? { step, bytes } : most), { step: 0, bytes: 0 });
}
