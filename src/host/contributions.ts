// Every id that package.json and the code share. test/host/manifest.test.ts compares both sides.

export const COMMANDS = {
  quantizeModel: 'bitlens.quantizeModel',
  showHeatmap: 'bitlens.showHeatmap',
  showPareto: 'bitlens.showPareto',
  showResources: 'bitlens.showResources',
  exportPlan: 'bitlens.exportPlan',
  saveResult: 'bitlens.saveResult',
  switchResult: 'bitlens.switchResult',
  clearResults: 'bitlens.clearResults',
  toggleCodeLens: 'bitlens.toggleCodeLens',
  showLog: 'bitlens.showLog',
  /** Behind a lens and the status bar; not in the palette. */
  layerActions: 'bitlens.layerActions',
} as const;

export const VIEW_TYPES = {
  heatmap: 'bitlens.heatmap',
  pareto: 'bitlens.pareto',
  resources: 'bitlens.resources',
} as const;

export const CONTEXT_KEYS = {
  /** There is a result to show. */
  hasResults: 'bitlens.hasResults',
} as const;

export const SETTINGS_SECTION = 'bitlens';

/** By what the code calls them, without the section. */
export const SETTINGS = {
  codeLens: 'codeLens.enabled',
  hover: 'hover.enabled',
  family: 'quantization.family',
  perChannel: 'quantization.perChannel',
  weightBits: 'quantization.weightBits',
  activationBits: 'quantization.activationBits',
  strategy: 'search.strategy',
  objective: 'search.objective',
  maxDrop: 'search.maxDrop',
  seed: 'search.seed',
  part: 'target.part',
  reuse: 'target.reuseFactor',
  clock: 'target.clockPeriod',
} as const;

/** File names of models, as the explorer's context menu and the picker know them. */
export const MODEL_EXTENSIONS: readonly string[] = ['keras', 'h5', 'hdf5', 'onnx', 'tflite', 'pt2', 'pb'];

/** Of files that hold weights, and no network. */
export const WEIGHT_EXTENSIONS: readonly string[] = ['safetensors', 'pt', 'pth'];
