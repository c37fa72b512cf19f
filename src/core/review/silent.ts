/** Decides in which categories a model of a size is not believed: those that our bench measured it to be wrong about. */
import type { Finding } from '../domain/finding.ts';

interface Measured {
  /** Holds for models below so many billions of parameters. */
  readonly belowB: number;
  readonly categories: readonly Finding['category'][];
  /** Command, model and figures. */
  readonly measured: string;
}

/** Filled from `npm run bench review`; a row without a measurement has no place here. */
const SILENT: readonly Measured[] = [];

export function silentCategories(parametersB: number): ReadonlySet<Finding['category']> {
  return new Set(SILENT.filter(({ belowB }) => parametersB < belowB).flatMap(({ categories }) => categories));
}
