/** Decides which module knows which runner. */
import type { Runner } from '../../domain/check.ts';
import { cargo } from './cargo.ts';
import { go } from './go.ts';
import { gradle, maven } from './java.ts';
import { jest, vitest } from './jest.ts';
import { mocha } from './mocha.ts';
import { nodeTest } from './nodeTest.ts';
import { plain } from './plain.ts';
import { pytest, unittest } from './pythonTests.ts';
import type { RunnerModule } from './runner.ts';

const MODULES: Readonly<Record<Runner, RunnerModule>> = {
  'node-test': nodeTest, mocha, jest, vitest, pytest, unittest, go, cargo, maven, gradle, make: plain, script: plain,
};

export const moduleOf = (runner: Runner): RunnerModule => MODULES[runner];
