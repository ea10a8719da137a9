// Reading HDF5 through h5wasm (the HDF5 library of NIST as WebAssembly), with the checks it leaves out: its own
// getters ignore failed reads and return whatever was in the heap, so the module's functions are called directly
// and their status is looked at.

import { File as H5File, ready } from 'h5wasm';
import { BitLensError } from '../errors.ts';
import { elements, type Shape } from '../ir/graph.ts';
import { startsWith } from './bytes.ts';
import { checkHeaps } from './hdf5Heaps.ts';
import { withGrowthUpTo } from './hdf5Memory.ts';
import { decodeNumbers, decodeStrings } from './hdf5Values.ts';

/** A file that is open while {@link withHdf5} runs. Paths are absolute: `/model_weights/dense`. */
export interface Hdf5File {
  /** Name of the file, for messages. */
  readonly name: string;
  kindOf(path: string): 'group' | 'dataset' | undefined;
  /** Names of the members of a group; empty when there is no such group. */
  members(group: string): readonly string[];
  /** A text attribute, one entry per element; undefined when there is none. Throws `bad-file` when it is damaged. */
  strings(path: string, attribute: string): readonly string[] | undefined;
  /** Throws `bad-file` when there is no such dataset. */
  shape(dataset: string): Shape;
  /** All values as float32, row-major. Throws `bad-file` when damaged, absurdly large or not numeric. */
  numbers(dataset: string): Float32Array;
}

type Module = Awaited<typeof ready>;

interface Handle {
  readonly module: Module;
  readonly id: bigint;
  readonly name: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Lets the library's memory grow by so many bytes. */
  readonly allow: (bytes: number) => void;
}

export const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Values of one dataset that may be held in memory. */
const MAX_BYTES = 1024 ** 3;
/** Deflate cannot do better, so a compressed dataset that promises more than this many times the file lies. */
const MAX_RATIO = 1032;
/** What the library may need for anything but the contents of a file. */
const OWN_BYTES = 64 * 1024 ** 2;
/** Values as they are stored, as they are handed out, and one buffer between. */
const COPIES = 3;

let opened = 0;

/**
 * Opens HDF5 bytes in the library's in-memory file system, and closes and removes them afterwards, also on error.
 * @param name for messages
 * @param use synchronous: the file is closed when it returns
 * @throws `bad-file` when the bytes are not HDF5, or cut short
 */
export async function withHdf5<T>(name: string, bytes: Uint8Array, use: (file: Hdf5File) => T): Promise<T> {
  if (!startsWith(bytes, HDF5_SIGNATURE)) throw notHdf5(name);
  checkHeaps(name, bytes);
  const module = await ready;
  silence(module);
  const path = `/bitlens-${++opened}.h5`;
  module.FS.writeFile(path, bytes);
  try {
    return withGrowthUpTo(OWN_BYTES + bytes.length, (allow) => {
      const file = new H5File(path, 'r');
      if (file.file_id < 0n) throw notHdf5(name);
      try {
        return use(reader({ module, id: file.file_id, name, size: bytes.length, allow }));
      } finally {
        file.close();
      }
    });
  } catch (error) {
    throw isTrap(error) ? notHdf5(name) : error;
  } finally {
    module.FS.unlink(path);
  }
}

const notHdf5 = (name: string) =>
  new BitLensError(
    'bad-file',
    ['{0} is not a readable HDF5 file; it may be cut short or damaged.', name],
    ['Copy, download or save it again.'],
  );

const damaged = (name: string, what: string) =>
  new BitLensError(
    'bad-file',
    ['{0}: {1} cannot be read; it is damaged or compressed with a filter that is not built in.', name, what],
    ['Copy the file again, or save the model again without compression.'],
  );

/** A trap of the WebAssembly library: only a file that breaks the format gets there. */
const isTrap = (error: unknown): boolean => error instanceof Error && error.name === 'RuntimeError';

/** The library prints its diagnostics to stderr (file descriptor 2) and has no switch for it. */
function silence({ FS }: Module): void {
  const { streams } = FS as unknown as { streams: ({ path?: string } | null)[] };
  const stderr = streams[2];
  if (!stderr || stderr.path === '/dev/null') return;
  FS.close(stderr);
  FS.open('/dev/null', 'w');
}

function reader(handle: Handle): Hdf5File {
  return {
    name: handle.name,
    kindOf: (path) => kindOf(handle, path),
    members: (path) =>
      kindOf(handle, path) === 'group'
        ? attempt(handle, path, () => handle.module.get_names(handle.id, path, false))
        : [],
    strings: (path, attribute) => strings(handle, path, attribute),
    shape: (path) => metadataOf(handle, path).shape ?? [0],
    numbers: (path) => numbers(handle, path),
  };
}

function kindOf({ module, id }: Handle, path: string) {
  const type = module.get_type(id, path);
  if (type === module.H5G_GROUP) return 'group';
  return type === module.H5G_DATASET ? 'dataset' : undefined;
}

function metadataOf(handle: Handle, path: string) {
  if (kindOf(handle, path) !== 'dataset')
    throw new BitLensError(
      'bad-file',
      ['{0} has no dataset {1}.', handle.name, path],
      ['Save the model again.'],
    );
  return attempt(handle, path, () => handle.module.get_dataset_metadata(handle.id, path));
}

/** What the library throws about a damaged object says nothing to the user. */
function attempt<T>(handle: Handle, what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw isTrap(error) ? error : damaged(handle.name, what);
  }
}

function strings(handle: Handle, path: string, attribute: string): readonly string[] | undefined {
  const { module, id, name, size } = handle;
  const what = `${path}@${attribute}`;
  if (!attempt(handle, path, () => module.get_attribute_names(id, path)).includes(attribute))
    return undefined;
  const metadata = attempt(handle, what, () => module.get_attribute_metadata(id, path, attribute));
  const bytes = metadata.total_size * metadata.size;
  if (bytes > size) throw damaged(name, what);
  return withMemory(handle, what, bytes, (pointer) => {
    if (module.get_attribute_data(id, path, attribute, BigInt(pointer)) < 0) throw damaged(name, what);
    const values = decodeStrings(module, metadata, pointer);
    if (metadata.vlen) module.reclaim_vlen_memory(id, path, attribute, BigInt(pointer));
    return values;
  });
}

function numbers(handle: Handle, path: string): Float32Array {
  const { module, id, name, size } = handle;
  const metadata = metadataOf(handle, path);
  const count = elements(metadata.shape ?? [0]);
  const bytes = count * metadata.size;
  const limit = metadata.chunks ? Math.min(MAX_BYTES, size * MAX_RATIO) : size;
  if (count !== metadata.total_size || bytes > limit) throw damaged(name, path);
  return withMemory(handle, path, bytes, (pointer) => {
    if (module.get_dataset_data(id, path, null, null, null, BigInt(pointer)) < 0) throw damaged(name, path);
    const stored = module.HEAPU8.slice(pointer, pointer + bytes);
    const values = decodeNumbers(stored, metadata, strings(handle, path, 'dtype')?.[0]);
    if (!values)
      throw new BitLensError(
        'bad-file',
        ['{0}: {1} does not hold numbers that can be read as float32.', name, path],
        ['Save the model again with float weights.'],
      );
    return values;
  });
}

function withMemory<T>(
  { module, name, allow }: Handle,
  what: string,
  bytes: number,
  use: (pointer: number) => T,
): T {
  const length = Math.max(bytes, 8);
  allow(OWN_BYTES + COPIES * length);
  const pointer = module._malloc(length);
  if (pointer === 0) throw damaged(name, what);
  module.HEAPU8.fill(0, pointer, pointer + length); // what the library leaves out must not be taken for pointers
  try {
    return use(pointer);
  } finally {
    module._free(pointer);
  }
}
