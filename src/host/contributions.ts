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

/** File names of models, as the explorer's context menu and the picker know them. */
export const MODEL_EXTENSIONS: readonly string[] = ['keras', 'h5', 'hdf5'];
/** TF.js models, and Keras architectures with their weights apart. */
export const MODEL_JSON = 'json';
