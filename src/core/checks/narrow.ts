/** Decides how a check is made to run less, one file or one test, or all again. */
import type { Check } from '../domain/check.ts';
import { wrapperOf } from './invocation.ts';
import { moduleOf } from './runners/all.ts';
import type { Target } from './runners/runner.ts';

/** undefined: the runner cannot select so, or the target is not below the check's folder. Both parts may be given together. */
export function narrowCheck(check: Check, target: Target): Check | undefined {
  if (check.scope === 'types' || (target.path === undefined && target.testName === undefined)) return undefined;
  if (target.path !== undefined && check.cwd !== '' && !target.path.startsWith(`${check.cwd}/`)) return undefined;
  const plain = plainArgv(check);
  if (plain === undefined) return narrowWrapped(check, target);
  const argv = moduleOf(check.runner).narrow(check, plain, target);
  if (argv === undefined || argv.length === 0) return undefined;
  return { ...withoutPlain(check), argv: [...argv], scope: target.testName === undefined ? 'file' : 'test', definedBy: '' };
}

/** The check of everything that a narrowed one belongs to; undefined where it runs all already or the runner cannot say. */
export function broadenCheck(check: Check): Check | undefined {
  if (check.scope === 'all' || check.scope === 'types') return undefined;
  const plain = plainArgv(check);
  const argv = plain === undefined ? undefined : moduleOf(check.runner).broaden(plain);
  return argv === undefined || argv.length === 0 ? undefined : { ...withoutPlain(check), argv: [...argv], scope: 'all' };
}

/** A name filter can be passed on to the script's last command; a path could not take the place of the paths that it names itself. */
function narrowWrapped(check: Check, { testName }: Target): Check | undefined {
  const wrapper = wrapperOf(check.argv);
  if (wrapper === undefined || testName === undefined || !/^(?:mocha|jest|vitest)$/.test(check.runner)) return undefined;
  const filter = moduleOf(check.runner).narrow(check, [check.runner], { testName })?.filter((word) => word !== check.runner && word !== 'run');
  return filter === undefined ? undefined : { ...check, argv: [...wrapper.launcher, ...wrapper.passed, ...filter], scope: 'test' };
}

/** Words after npm test go to whatever the script is: only a script that is one plain command can be narrowed. */
function plainArgv(check: Check): readonly string[] | undefined {
  return wrapperOf(check.argv) === undefined ? check.argv : check.plain;
}

function withoutPlain(check: Check): Check {
  const { plain: _, ...rest } = check;
  return rest;
}
