/** Decides how suspicious each line is from which tests run it: Ochiai, the measure that Abreu et al. (2007) found best. */
import type { Coverage } from '../checks/coverage.ts';

/** Path → line → score from 0 to 1; only lines that the failing run executes have one. */
export type LineScores = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * failed(line) / √(all failed × (failed(line) + passed(line))). With one failing run that is 1 / √(1 + passing runs of the line):
 * without passing runs every line of the failing one scores 1.
 */
export function ochiai(failing: Coverage | readonly Coverage[], passing: readonly Coverage[]): LineScores {
  const failed: readonly Coverage[] = isList(failing) ? failing : [failing];
  const counts = new Map<string, Map<number, { failed: number; passed: number }>>();
  for (const coverage of failed) {
    for (const [path, lines] of coverage) {
      const file = counts.get(path) ?? new Map<number, { failed: number; passed: number }>();
      counts.set(path, file);
      for (const line of lines) file.set(line, { failed: (file.get(line)?.failed ?? 0) + 1, passed: 0 });
    }
  }
  for (const coverage of passing) {
    for (const [path, file] of counts) {
      for (const line of coverage.get(path) ?? []) {
        const count = file.get(line);
        if (count !== undefined) file.set(line, { ...count, passed: count.passed + 1 });
      }
    }
  }
  return new Map([...counts].map(([path, file]) => [path, new Map([...file].map(([line, count]) => [line, count.failed / Math.sqrt(failed.length * (count.failed + count.passed))]))]));
}

const isList = (value: Coverage | readonly Coverage[]): value is readonly Coverage[] => Array.isArray(value);
