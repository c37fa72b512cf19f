/** Decides how cargo test is narrowed, made to report, and read: libtest has no stable machine format, so its text is. */
import { splitArgs } from './options.ts';
import type { RawTest, RunnerModule } from './runner.ts';

const WITH_VALUE = ['-p', '--package', '--test', '--bin', '--bench', '--example', '--features', '-F', '--target', '--profile', '-j', '--jobs', '--manifest-path', '--target-dir', '--exclude'];

export const cargo: RunnerModule = {
  narrow(_check, argv, { path, testName }) {
    const { options, positionals, tail } = splitArgs(argv.slice(2), WITH_VALUE);
    const file = path === undefined ? undefined : /(?:^|\/)tests\/([^/]+)\.rs$/.exec(path)?.[1];
    if (path !== undefined && file === undefined && testName === undefined) return undefined;
    const only = file === undefined || options.includes('--test') ? [] : ['--test', file];
    if (testName === undefined) return [...argv.slice(0, 2), ...options, ...only, ...positionals, ...tail];
    const exact = tail.includes('--exact') ? tail : [...(tail.length === 0 ? ['--'] : tail), '--exact'];
    return [...argv.slice(0, 2), ...options, ...only, testName.replaceAll(' > ', '::'), ...exact];
  },
  broaden(argv) {
    const { options, tail } = splitArgs(argv.slice(2), WITH_VALUE);
    const kept = options.filter((word, i) => word !== '--test' && options[i - 1] !== '--test');
    return [...argv.slice(0, 2), ...kept, ...tail.filter((word) => word !== '--exact')];
  },
  prepare(_check, call, options) {
    const only = options.testOnly === undefined ? [] : [options.testOnly.replaceAll(' > ', '::')];
    // --no-fail-fast: the outcome names every failing test; the colour codes would break its lines.
    return { argv: [...call.launcher, '--no-fail-fast', '--color=never', ...only, ...call.args], env: { RUST_BACKTRACE: '1', CARGO_TERM_COLOR: 'never' }, kit: {}, collect: [] };
  },
  read: (_check, result) => readLibtest(result.stdout, result.stderr),
};

const STATE: Readonly<Record<string, RawTest['state']>> = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' };

function readLibtest(stdout: string, stderr: string): readonly RawTest[] | null {
  const tests: RawTest[] = [];
  const sections = failureSections(`${stdout}\n${stderr}`);
  for (const match of stdout.matchAll(/^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED|ignored)\b/gm)) {
    const [, name = '', word = ''] = match;
    const state = STATE[word] ?? 'failed';
    const text = sections.get(name) ?? '';
    tests.push({ name: name.replaceAll('::', ' > '), state, ...(state === 'failed' ? { ...assertion(text), trace: text } : {}) });
  }
  if (tests.length > 0) return tests;
  const errors = compileErrors(stderr);
  return errors === undefined ? null : [{ name: 'cargo build', state: 'failed', message: errors, trace: errors }];
}

function failureSections(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/^---- (\S+) stdout ----\n([\s\S]*?)(?=^---- \S+ stdout ----|^failures:$|(?![\s\S]))/gm)) found.set(match[1] ?? '', (match[2] ?? '').trim());
  return found;
}

/** "thread 'x' panicked at src/lib.rs:3:5:\nmessage" since Rust 1.73, "panicked at 'message', src/lib.rs:3:5" before. */
function assertion(text: string): Pick<RawTest, 'message' | 'expected' | 'actual' | 'path' | 'line'> {
  const body = /panicked at [^\n]*\n([\s\S]*?)(?:\nstack backtrace|\nnote: |$(?![\s\S]))/.exec(text)?.[1]?.trim();
  const older = /panicked at '([\s\S]*?)', [^\s]+:\d+:\d+/.exec(text)?.[1];
  const left = /^\s*left: (.+?),?$/m.exec(text)?.[1];
  const right = /^\s*right: (.+)$/m.exec(text)?.[1];
  return {
    message: body !== undefined && body !== '' ? body : (older ?? text.split('\n', 3).join('\n')),
    ...(left === undefined || right === undefined ? {} : { actual: left, expected: right }),
  };
}

function compileErrors(stderr: string): string | undefined {
  const found = [...stderr.matchAll(/^error(?:\[E\d+\])?: [\s\S]*?(?=\n\n|(?![\s\S]))/gm)].map((match) => match[0]);
  return found.length === 0 ? undefined : found.slice(0, 3).join('\n\n');
}
