/** Decides how make and single scripts run: unchanged, read by their exit and the error that they print. */
import { baseName } from '../invocation.ts';
import { readKitReport, TESTS_FILE } from './kitReport.ts';
import { nodeHooks, nodeOptions } from './nodeTest.ts';
import { preparePythonScript, pythonEnv } from './pythonTests.ts';
import type { RunnerModule } from './runner.ts';

/** What a script runs is not known, so nothing of it can be left out. */
export const plain: RunnerModule = {
  narrow: () => undefined,
  broaden: () => undefined,
  prepare(_check, call, options) {
    const tool = baseName(call.launcher.at(-1) ?? '');
    if (/^(?:python|pypy)[\d.]*$|^py$/.test(tool)) {
      const stood = preparePythonScript(call, options);
      if (stood !== undefined) return stood;
    }
    const hooks = nodeHooks(options);
    return {
      argv: [...call.launcher, ...call.args],
      env: { ...nodeOptions(hooks.flags), ...pythonEnv({}) },
      kit: hooks.kit,
      collect: hooks.collect,
    };
  },
  // Only the stand-in for Python scripts writes a report; it tells of the one failure that ended the script.
  read: (_check, result) => readKitReport(result.collected[TESTS_FILE]),
};

