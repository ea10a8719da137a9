// Our kernels for tfjs's WebAssembly backend, registered as kernels of that backend under names of ours.
// They work in the backend's own memory. `memoryOffset`, `makeOutput` and the exported memory are internals of
// tfjs-backend-wasm 4.22.0, a frozen release that package.json pins.

import {
  registerKernel,
  type KernelFunc,
  type NumericDataType,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import bytes from './fakeQuant.as.ts?wasm';

export const FAKE_QUANT = 'BitLensFakeQuant';

interface Kernels {
  fakeQuant(x: number, y: number, n: number, scale: number, low: number, high: number): void;
}

interface WasmBackend {
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: NumericDataType): TensorInfo;
}

/** Attributes of {@link FAKE_QUANT}; see core/quantizers/grid.ts for the arithmetic. */
export interface FakeQuantAttributes {
  readonly scale: number;
  readonly low: number;
  readonly high: number;
}

/** Call once, after the backend has started. */
export function registerSimdKernels(): void {
  let kernels: Kernels | undefined;
  const kernelFunc: KernelFunc = ({ inputs, backend, attrs }) => {
    const wasm = backend as unknown as WasmBackend;
    kernels ??= instantiate(wasm.wasm.asm.memory);
    const x = inputs['x']!;
    const { scale, low, high } = attrs as unknown as FakeQuantAttributes;
    const y = wasm.makeOutput(x.shape, 'float32');
    const count = x.shape.reduce((product, extent) => product * extent, 1);
    const at = (tensor: TensorInfo): number => wasm.dataIdMap.get(tensor.dataId).memoryOffset;
    kernels.fakeQuant(at(x), at(y), count, scale, low, high);
    return y;
  };
  registerKernel({ kernelName: FAKE_QUANT, backendName: 'wasm', kernelFunc });
}

function instantiate(memory: WebAssembly.Memory): Kernels {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return instance.exports as unknown as Kernels;
}
