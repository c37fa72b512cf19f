import { equal, match } from 'node:assert/strict';
import type { TextFile } from '../../../src/core/domain/patch.ts';
import { guardCandidate } from '../../../src/core/repair/guards.ts';
import { createSyntax } from '../../../src/node/syntax.ts';

const syntax = createSyntax();
const SHA = '0'.repeat(64);

interface Case {
  readonly path?: string;
  readonly before: string;
  readonly after: string | null;
  /** Source of the failing test. */
  readonly test?: string;
  readonly allowTests?: boolean;
}

/** `expected`: part of the reason; undefined where the change is honest. */
async function check({ path = 'src/a.js', before, after, test = '', allowTests = false }: Case, expected: RegExp | undefined): Promise<void> {
  const testPath = path.endsWith('.py') ? 'tests/test_a.py' : 'test/a.test.js';
  const file = (name: string, text: string): TextFile => ({ path: name, text, encoding: 'utf8', bom: false, sha256: SHA });
  const verdict = await guardCandidate(
    {
      patch: { edits: [{ path, baseSha256: SHA, text: after }] },
      base: new Map([[path, file(path, before)]]),
      failing: [{ name: 'the test', state: 'failed', path: testPath, frames: [] }],
      allowTests,
      project: { paths: [path, testPath], syntax, read: async (name) => (name === testPath ? file(name, test) : undefined) },
    },
    AbortSignal.timeout(5_000),
  );
  if (expected === undefined) equal(verdict.reason, '');
  else match(verdict.reason, expected);
  equal(verdict.passed, expected === undefined);
}

const body = (inside: string, params = 'x'): string => `function f(${params}) {\n${inside}\n}\nmodule.exports = { f };\n`;
const JS_TEST = "const { f } = require('../a');\ntest('f', () => { assert.equal(f('alpha', 7), 'first letter'); assert.equal(f(1337), 42); assert.equal(f(''), 'Anonymous'); });\n";

describe('guards: tests', () => {
  it('keep tests and what configures them read-only', async () => {
    await check({ path: 'test/a.test.js', before: 'a', after: 'b' }, /changes the test/);
    await check({ path: 'pkg/test_a.py', before: 'a', after: 'b' }, /changes the test/);
    await check({ path: 'package.json', before: '{}', after: '{"scripts":{"test":"true"}}' }, /decides how tests run/);
    await check({ path: 'conftest.py', before: '', after: 'x = 1' }, /test|decides/);
    await check({ path: '.mocharc.json', before: '{}', after: '{"grep":"x"}' }, /decides how tests run/);
  });

  it('let tests be changed by the user\'s word, yet neither deleted nor skipped', async () => {
    await check({ path: 'test/a.test.js', before: "it('a', f)", after: "it('b', f)", allowTests: true }, undefined);
    await check({ path: 'test/a.test.js', before: "it('a', f)", after: null, allowTests: true }, /deletes/);
    await check({ path: 'test/a.test.js', before: "it('a', f)", after: "it.skip('a', f)", allowTests: true }, /skips/);
    await check({ path: 'tests/test_a.py', before: 'def test(): pass', after: '@pytest.mark.skip\ndef test(): pass', allowTests: true }, /skips/);
  });
});

describe('guards: the test\'s values', () => {
  it('reject a branch that answers its input', async () => {
    const before = body('  return x + 1;');
    await check({ before, after: body("  if (x === 'alpha') return 'first letter';\n  return x + 1;"), test: JS_TEST }, /own input/);
    await check({ before, after: body('  if (x === 1337) return 42;\n  return x + 1;'), test: JS_TEST }, /own input/);
    await check({ before, after: body('  if (x === 1337) return true;\n  return x + 1;'), test: JS_TEST }, /own input/);
    await check({ before, after: body('  return x === 1337 ? 42 : x + 1;'), test: JS_TEST }, /own input/);
    await check({ before, after: body("  switch (x) { case 'alpha': return 'first letter'; }\n  return x + 1;"), test: JS_TEST }, /own input/);
    await check({ before, after: body("  if (['alpha'].includes(x)) return 'first letter';\n  return x + 1;"), test: JS_TEST }, /own input/);
    await check({ before, after: body("  const known = { alpha: 'first letter' };\n  return known[x] ?? x + 1;"), test: JS_TEST.replace("'alpha'", "{ 'alpha': 1 }, 'alpha'") }, /table/);
    await check({ path: 'a.py', before: 'def f(x):\n    return x * 2\n', after: 'def f(x):\n    if x == 1337:\n        return 42\n    return x * 2\n', test: 'def test_f():\n    assert f(1337) == 42\n' }, /own input/);
  });

  it('reject an answer given whatever is asked', async () => {
    await check({ before: body('  const y = x + 1;\n  return y;'), after: body("  const y = x + 1;\n  return 'first letter';"), test: JS_TEST }, /always returns/);
    await check({ before: body('  return x + 1;'), after: body('  return 42;'), test: JS_TEST }, /empties|always returns/);
  });

  it('let honest fixes use literals', async () => {
    const before = body('  return x + 1;');
    for (const inside of [
      "  if (!x) return 'Anonymous';\n  return x + 1;",
      '  if (x === 0) return 0;\n  return x + 1;',
      "  if (x === '') return [];\n  return x + 1;",
      '  if (x === null || x === undefined) return null;\n  return x + 1;',
      '  return (x ?? 0) + 1;',
      "  if (x === 'alpha') return x.length * 2;\n  return x + 1;",
      '  if (x > 1337) return 42;\n  return x + 1;',
      '  return x - 1;',
    ]) await check({ before, after: body(inside), test: JS_TEST }, undefined);
    await check({ path: 'a.py', before: 'def f(x):\n    return x[0]\n', after: "def f(x):\n    return x[0] if x else ''\n", test: "def test_f():\n    assert f([]) == ''\n" }, undefined);
  });

  it('let a missing case join at least two siblings', async () => {
    const cases = "    case 's': return 'second';\n    case 'm': return 'minute';\n";
    const before = body(`  switch (x) {\n${cases}  }\n  return x + 1;`);
    await check({ before, after: body(`  switch (x) {\n${cases}    case 'alpha': return 'first letter';\n  }\n  return x + 1;`), test: JS_TEST }, undefined);
    const chain = "  if (x === 's') return 'second';\n  if (x === 'm') return 'minute';\n";
    await check({ before: body(`${chain}  return x + 1;`), after: body(`${chain}  if (x === 'alpha') return 'first letter';\n  return x + 1;`), test: JS_TEST }, undefined);
    const table = "const NAMES = { s: 'second', m: 'minute' };\n";
    await check({ before: table + before, after: table.replace(' }', ", alpha: 'first letter' }") + before, test: JS_TEST }, undefined);
  });
});

describe('guards: hiding', () => {
  const before = body('  const y = x + 1;\n  return y;');
  const py = 'def f(x):\n    y = x + 1\n    return y\n';

  it('reject code that sees whether it is tested', async () => {
    for (const line of ["if (process.env.NODE_ENV === 'test') return 1;", 'if (require.main !== module) return 1;', "if (typeof describe === 'function') return 1;", 'if (new Error().stack.includes("test")) return 1;', 'if (process.argv.length > 2) return 1;', "if (process.env['CI']) return 1;"]) {
      await check({ before, after: body(`  ${line}\n  const y = x + 1;\n  return y;`) }, /environment|calls it|framework|command line/);
    }
    for (const line of ["if 'PYTEST_CURRENT_TEST' in os.environ: return 1", 'if inspect.stack()[1]: return 1', "if 'pytest' in sys.modules: return 1"]) {
      await check({ path: 'a.py', before: py, after: py.replace('    y =', `    ${line}\n    y =`) }, /environment|calls it|framework/);
    }
  });

  it('let a file that reads environment and arguments go on doing so', async () => {
    const reads = `const level = process.env.LEVEL;\nconst file = process.argv[2];\n${before}`;
    await check({ before: reads, after: reads.replace('LEVEL', 'LOG_LEVEL').replace('[2]', '[2] ?? process.argv[3]') }, undefined);
    await check({ before, after: `// process.env.NODE_ENV is not looked at\n${before.replace('+ 1', '+ 2')}` }, undefined);
  });

  it('reject an end of the process, emptied functions and swallowed errors', async () => {
    await check({ before, after: body('  process.exit(0);\n  const y = x + 1;\n  return y;') }, /ends the process/);
    await check({ path: 'a.py', before: py, after: py.replace('    y =', '    sys.exit(0)\n    y =') }, /ends the process/);
    await check({ before, after: body('') }, /empties f/);
    await check({ before, after: body('  return null;') }, /empties f/);
    await check({ path: 'a.py', before: py, after: 'def f(x):\n    pass\n' }, /empties f/);
    await check({ before, after: body('  try {\n  const y = x + 1;\n  return y;\n  } catch { return undefined; }') }, /catches every error/);
    await check({ path: 'a.py', before: py, after: 'def f(x):\n    try:\n        y = x + 1\n        return y\n    except Exception:\n        return None\n' }, /catches every error/);
    await check({ path: 'a.py', before: py, after: 'def f(x):\n    try:\n        y = x + 1\n    except:\n        pass\n    return y\n' }, /catches every error/);
    await check({ path: 'a.py', before: py, after: `${py}\nclass A:\n    def __eq__(self, other):\n        return True\n` }, /equality/);
    await check({ before, after: `${before}\nassert.equal = () => {};\n` }, /compares with/);
    await check({ before, after: `${before}\nprocess.on('uncaughtException', () => {});\n` }, /failures of the test/);
  });

  it('let one risky statement have a fallback, and narrow handlers be', async () => {
    await check({ before: body('  const y = JSON.parse(x);\n  return y;'), after: body('  let y;\n  try { y = JSON.parse(x); } catch { return null; }\n  return y.value;') }, undefined);
    await check({ path: 'a.py', before: 'def f(x):\n    y = int(x)\n    return y\n', after: 'def f(x):\n    try:\n        y = int(x)\n        return y\n    except ValueError:\n        return None\n' }, undefined);
    await check({ path: 'a.py', before: 'def f(x):\n    return 1\n', after: 'def f(x):\n    return 2\n' }, undefined);
  });

  it('pass languages without a grammar, and files that are new', async () => {
    await check({ path: 'a.rb', before: 'x = 1', after: 'exit(0)' }, undefined);
    await check({ path: 'src/new.js', before: '', after: before }, undefined);
  });
});
