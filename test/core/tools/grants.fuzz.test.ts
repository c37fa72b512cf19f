import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { RunSettings } from '../../../src/core/domain/settings.ts';
import { Role } from '../../../src/core/domain/role.ts';
import { Capability, defaultGrants, GrantsWidened, Level, narrowGrants } from '../../../src/core/tools/grants.ts';
import { fuzzing, fuzzTimeout } from '../../support/fuzzing.ts';

const ORDER: Readonly<Record<Level, number>> = { no: 0, ask: 1, created: 2, plan: 2, approved: 2, yes: 3 };

describe('any setting', () => {
  it('narrows the grants or is refused in words', function () {
    this.timeout(fuzzTimeout(20_000));
    const key = fc.constantFrom<string>(...Role.options, ...Capability.options, 'god', '__proto__', 'constructor', 'toString', 'rules', 'only');
    const level = fc.constantFrom<unknown>(...Level.options, 'all', true, null, 1, '');
    const table = fc.dictionary(key, fc.oneof(fc.dictionary(key, level), level));
    const setting = fc.oneof({ weight: 5, arbitrary: fc.record({ table }, { requiredKeys: [] }) }, { weight: 1, arbitrary: fc.jsonValue() });
    fc.assert(fc.property(setting, (value) => {
      try {
        const narrowed = narrowGrants(defaultGrants, value);
        for (const role of Role.options) for (const capability of Capability.options) assert.ok(ORDER[narrowed.table[role][capability]] <= ORDER[defaultGrants.table[role][capability]], `${role} × ${capability}`);
      } catch (error) {
        if (!(error instanceof GrantsWidened) && !(error instanceof z.ZodError)) throw error;
      }
    }), fuzzing(1_000));
  });

  it('of a run is taken or refused by name', function () {
    this.timeout(fuzzTimeout(10_000));
    const names = Object.keys(RunSettings.shape);
    const value = fc.dictionary(fc.constantFrom(...names, '__proto__', 'x'), fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>('ask', 'safe', 'never', 'yes', 'no', -1, 0, 1, 1e9, true)));
    fc.assert(fc.property(value, (settings) => {
      const parsed = RunSettings.safeParse(settings);
      if (parsed.success) assert.deepEqual(RunSettings.parse(parsed.data), parsed.data);
      else assert.ok(parsed.error.issues.every((issue) => issue.message !== ''));
    }), fuzzing(1_000));
  });
});
