// The hyper-parameters of a layer as its source code may repeat them, in Keras's spelling.

import type { Setting } from '../../ir/graph.ts';
import { isObject, type JsonObject } from '../../jsonObject.ts';

/** All numbers, strings, booleans and flat lists of numbers of a configuration. */
export function settingsOf(config: JsonObject): Record<string, Setting> {
  const settings: Record<string, Setting> = {};
  for (const [key, value] of Object.entries(config)) {
    const setting = settingOf(key, value);
    if (setting !== undefined) settings[key] = setting;
  }
  return settings;
}

function settingOf(key: string, value: unknown): Setting | undefined {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.every((entry) => typeof entry === 'number') ? value : undefined;
  // A function is stored as {class_name: "function", config: "relu"}.
  if (key === 'activation' && isObject(value) && typeof value['config'] === 'string') return value['config'];
  return undefined;
}
