// Which array of an archive is the samples and which the labels, told by the names people give them.

/** Names of the samples, best first: held-out data is preferred to training data. */
const SAMPLES = [
  'x_calibration',
  'x_calib',
  'x_cal',
  'x_test',
  'x_val',
  'x_valid',
  'x_validation',
  'x',
  'images',
  'data',
  'inputs',
  'input',
  'features',
  'samples',
  'x_train',
  'train_images',
];
const LABELS = ['y', 'labels', 'label', 'targets', 'target', 'classes', 'class'];

export interface Roles<T> {
  readonly samples?: T | undefined;
  readonly labels?: T | undefined;
  /** Taken by position only (`arr_0`, or the only array there is). */
  readonly guessed: boolean;
}

/** Upper and lower case are not distinguished. */
export function assignRoles<T extends { readonly name: string }>(arrays: readonly T[]): Roles<T> {
  const named = (name: string) => arrays.find((array) => array.name.toLowerCase() === name);
  const first = (names: readonly string[]) => names.map(named).find((array) => array !== undefined);
  const labels = first(LABELS) ?? only(arrays.filter((array) => /^y/i.test(array.name)));
  const samples = first(SAMPLES) ?? only(arrays.filter((array) => /^x/i.test(array.name)));
  if (samples)
    return { samples, labels: partner(samples.name.toLowerCase(), named) ?? labels, guessed: false };
  if (named('arr_0')) return { samples: named('arr_0'), labels: named('arr_1'), guessed: true };
  return { samples: only(arrays.filter((array) => array !== labels)), labels, guessed: true };
}

/** `y_test` or `labels_test` for `x_test`, `test_labels` for `test_images`. */
function partner<T>(samples: string, named: (name: string) => T | undefined): T | undefined {
  if (samples.startsWith('x')) return named(`y${samples.slice(1)}`) ?? named(`labels${samples.slice(1)}`);
  return samples.includes('images') ? named(samples.replace('images', 'labels')) : undefined;
}

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);
