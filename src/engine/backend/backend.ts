// Starts tfjs on its WebAssembly backend (SIMD, one thread). The .wasm file lies beside the bundle.

import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import { registerSimdKernels } from '../kernels/simd.ts';

let started: Promise<string> | undefined;

/** Starts the backend once. Resolves to what runs, for the user: `WebAssembly SIMD (tfjs 4.22.0)`. */
export function startBackend(folder: string): Promise<string> {
  started ??= start(folder);
  return started;
}

async function start(folder: string): Promise<string> {
  tf.env().set('PROD', true); // silences an advert on the console
  setWasmPaths(path.join(folder, path.sep));
  await tf.setBackend('wasm');
  await tf.ready();
  registerSimdKernels();
  return `WebAssembly SIMD (tfjs ${version_wasm})`;
}
