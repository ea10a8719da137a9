// All exporters.

import type { Exporter } from './exporter.ts';
import { hls4mlConfig } from './hls4ml.ts';
import { planJson } from './planJson.ts';
import { reportCsv } from './reportCsv.ts';
import { resultJson } from './resultJson.ts';

export const EXPORTERS: readonly Exporter[] = [resultJson, planJson, hls4mlConfig, reportCsv];
