/** Decides what holds in every test process: random inputs repeat, a slow machine is no failure, and a test that hangs can be named. Mocha loads it first. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';

/** Another seed finds other cases: set it by hand to look for some; a run that judges a change must repeat. */
const SEED = Number(process.env['GROUNDCREW_TEST_SEED'] ?? 42_026);

/** A limit only ends what hangs: on two cores at work for others a test of 7 s took more than 60. */
const HANGS_MS = 240_000;

fc.configureGlobal({ seed: SEED });

export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    const test = this.currentTest;
    if (test !== undefined && test.timeout() > 0) test.timeout(Math.max(test.timeout(), HANGS_MS));
    const folder = process.env['GROUNDCREW_RUNNING'];
    if (folder !== undefined) writeFileSync(join(folder, String(process.pid)), `${this.currentTest?.file}: ${this.currentTest?.fullTitle()}`);
  },
};
