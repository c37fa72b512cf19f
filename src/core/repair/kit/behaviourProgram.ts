/** Decides what runs in the sandbox to watch behaviour: the test file's own top, then each probe, one line of output for each. */
import type { ProbeSet } from '../inputs.ts';

/** Begins every line that we read; what the code under test prints is passed over. */
export const PROBE_MARK = '@@groundcrew-probe ';
const VALUE_CHARACTERS_MAX = 1_500;
const STACK_MAX = 8;

/**
 * For Node, in the module system of the test file. Plain JavaScript is compiled probe by probe, so that one which is no
 * valid program (a name bound twice) costs only itself; types are stripped from whole files alone.
 */
export function scriptProgram({ prelude, probes }: ProbeSet, how: { readonly isModule: boolean; readonly typed: boolean }): string {
  const tools = how.isModule
    ? "import { writeSync as __write } from 'node:fs';\nimport { inspect as __inspect } from 'node:util';"
    : "const { writeSync: __write } = require('node:fs');\nconst { inspect: __inspect } = require('node:util');";
  const functions = probes.map((probe) => {
    const own = `async () => {\n${probe.setup.join('\n')}\nreturn (${probe.observe});\n}`;
    return how.typed ? `  ${own},` : `  async () => await eval(${JSON.stringify(`(${own})()`)}),`;
  });
  return `${prelude.join('\n')}
${tools}
const __probes = [
${functions.join('\n')}
];
const __run = async () => {
  for (const [index, probe] of __probes.entries()) {
    let value, detail;
    try {
      value = __inspect(await probe(), { depth: 6, sorted: true, breakLength: Infinity, maxArrayLength: 200, maxStringLength: ${VALUE_CHARACTERS_MAX} });
    } catch (error) {
      value = 'throws ' + (error?.constructor?.name ?? typeof error);
      const stack = String(error?.stack ?? '').split('\\n').flatMap((line) => /^\\s+at (?:async )?(?:new )?([^\\s(]+) \\(/.exec(line)?.[1] ?? []);
      detail = [String(error?.message ?? error).slice(0, 300), stack.slice(0, ${STACK_MAX})];
    }
    __write(1, ${JSON.stringify(`\n${PROBE_MARK}`)} + JSON.stringify([index, value.slice(0, ${VALUE_CHARACTERS_MAX}), detail]) + '\\n');
  }
  process.exit(0);
};
__run();
`;
}

/** For Python 3.8 and later. A probe that takes over half a second is given up. */
export function pythonProgram({ prelude, probes }: ProbeSet, folders: readonly string[]): string {
  const functions = probes.map((probe, index) => `def __probe_${index}(self):\n${indented([...probe.setup, `return (${probe.observe})`])}`);
  return `import sys as __sys
__sys.path[:0] = ${JSON.stringify(folders)}
${prelude.filter((text) => text.startsWith('from __future__')).join('\n')}
${prelude.filter((text) => !text.startsWith('from __future__')).join('\n')}
import json as __json, os as __os, re as __re, signal as __signal, traceback as __traceback, types as __types

${functions.join('\n\n')}

def __late(*_):
    raise TimeoutError()

def __run():
    if hasattr(__signal, 'setitimer'):
        __signal.signal(__signal.SIGALRM, __late)
    for index in range(${probes.length}):
        detail = None
        try:
            if hasattr(__signal, 'setitimer'):
                __signal.setitimer(__signal.ITIMER_REAL, 0.5)
            value = globals()['__probe_%d' % index](__types.SimpleNamespace())
            if isinstance(value, __types.GeneratorType):
                value = list(value)
            if isinstance(value, (set, frozenset)):
                value = sorted(value, key=repr)
            text = __re.sub(r'0x[0-9a-f]+', '0x', repr(value))
        except BaseException as error:
            text = 'throws ' + type(error).__name__
            detail = [str(error)[:300], [frame.name for frame in __traceback.extract_tb(error.__traceback__)][::-1][:${STACK_MAX}]]
        finally:
            if hasattr(__signal, 'setitimer'):
                __signal.setitimer(__signal.ITIMER_REAL, 0)
        __os.write(1, ('\\n' + ${JSON.stringify(PROBE_MARK)} + __json.dumps([index, text[:${VALUE_CHARACTERS_MAX}], detail]) + '\\n').encode())

__run()
__sys.stdout.flush()
__os._exit(0)
`;
}

function indented(statements: readonly string[]): string {
  return statements.flatMap((text) => text.split('\n')).map((line) => `    ${line}`).join('\n');
}

/** Index of the probe, what it gave, and where it threw: message and functions on the stack. */
export type ProbeLine = readonly [number, string, readonly [string, readonly string[]] | null | undefined];

export function isProbe(value: unknown): value is ProbeLine {
  if (!Array.isArray(value) || typeof value[0] !== 'number' || typeof value[1] !== 'string') return false;
  const detail: unknown = value[2];
  return detail === undefined || detail === null || (Array.isArray(detail) && typeof detail[0] === 'string' && Array.isArray(detail[1]) && detail[1].every((name) => typeof name === 'string'));
}
