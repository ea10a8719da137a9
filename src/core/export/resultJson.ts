// The result as it is: what BitLens itself reads again.

import type { Exporter } from './exporter.ts';

export const resultJson: Exporter = {
  id: 'result',
  title: 'BitLens result (JSON)',
  fileName: 'result.json',
  export: (result) => `${JSON.stringify(result, null, 1)}\n`,
};
