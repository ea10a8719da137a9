// What an exporter is. One file a format; registry.ts lists them.

import type { Candidate, Result } from '../result.ts';

export interface Exporter {
  readonly id: string;
  /** Shown in the list the user picks from. */
  readonly title: string;
  /** Name of the file when the user does not choose one: `hls4ml.yml`. */
  readonly fileName: string;
  /** The text of the file. `candidate` is one of `result.candidates`. */
  export(result: Result, candidate: Candidate): string;
}
