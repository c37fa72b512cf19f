/** Decides what holds in every test process: random inputs repeat, and a test that hangs can be named. Mocha loads it first. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';

/** Another seed finds other cases: set it by hand to look for some; a run that judges a change must repeat. */
const SEED = Number(process.env['GROUNDCREW_TEST_SEED'] ?? 42_026);

fc.configureGlobal({ seed: SEED });

export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    const folder = process.env['GROUNDCREW_RUNNING'];
    if (folder !== undefined) writeFileSync(join(folder, String(process.pid)), `${this.currentTest?.file}: ${this.currentTest?.fullTitle()}`);
  },
};
