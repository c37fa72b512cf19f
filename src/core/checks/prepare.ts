/** Decides what is really run for a check: its own command plus what makes it report, never other tests than it names. */
import type { Check } from '../domain/check.ts';
import { recognise, wrapperOf } from './invocation.ts';
import { moduleOf } from './runners/all.ts';
import type { Invocation, Prepared, PrepareOptions } from './runners/runner.ts';

/** Pure. `argv` and `env` may hold `$GROUNDCREW_KIT` and `$GROUNDCREW_OUT`: the host puts the folders there. */
export function prepareCheck(check: Check, options: PrepareOptions): Prepared {
  if (check.scope === 'types') return { argv: check.argv, env: {}, kit: {}, collect: [] };
  const prepared = moduleOf(check.runner).prepare(check, invocationOf(check), options);
  // The working folder may be a package below the root: what counts as the workspace's own is still the whole of it.
  const root = check.cwd === '' ? '.' : check.cwd.split('/').map(() => '..').join('/');
  return { ...prepared, env: { ...prepared.env, GROUNDCREW_COVER_ROOT: root } };
}

function invocationOf(check: Check): Invocation {
  const wrapper = wrapperOf(check.argv);
  if (wrapper !== undefined) return { launcher: wrapper.launcher, args: wrapper.passed, wrapped: true };
  return recognise(check.argv);
}
