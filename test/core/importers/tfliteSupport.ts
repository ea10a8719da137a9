// The TensorFlow Lite fixtures by name, and tensors as their `*.io.json` hold them.

import { readdirSync } from 'node:fs';
import path from 'node:path';

export const FOLDER = path.join(process.cwd(), 'test/fixtures/models/tflite');

export const MODELS: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.tflite'))
  .map((file) => file.replace('.tflite', ''));

export interface StoredTensor {
  readonly shape: readonly number[];
  /** Base64 of little-endian values. */
  readonly float32: string;
}

export const floats = ({ float32 }: StoredTensor): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(float32, 'base64')).buffer);
