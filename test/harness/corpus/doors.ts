/** Decides which of the product's own tools stands behind each tool name of a corpus, and with which words. A new door is one entry. */
import { execFileSync } from 'node:child_process';
import * as z from 'zod';

/** A call in the product's words, as a model would write it. */
export interface Mapped {
  readonly name: string;
  readonly input: unknown;
  /** Its effect changes something: races strike there. */
  readonly changes: boolean;
}

type Mapping = (input: Fields, root: string) => Mapped;
export type Fields = Readonly<Record<string, unknown>>;

/** Missing keys stay missing, so that the product's own schema sees what the case gives. */
function call(name: string, keys: Readonly<Record<string, string>>, changes = false): Mapping {
  return (input) => ({ name, changes, input: Object.fromEntries(Object.entries(input).map(([key, value]) => [Object.hasOwn(keys, key) ? (keys[key] ?? key) : key, value])) });
}

const without = (input: Fields, ...names: readonly string[]): Fields => Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)));

/** Corpus tool → the product's. `recursive` is left out: the product deletes files only and lists whole trees always. */
const TOOLS: Readonly<Record<string, Mapping>> = {
  'fs.read': call('read_file', {}),
  'fs.list': (input) => ({ name: 'list_files', input: { ...without(input, 'path', 'recursive'), ...('path' in input ? { under: input['path'] } : {}) }, changes: false }),
  'fs.search': call('search_text', {}),
  'fs.write': call('write_file', { content: 'text' }, true),
  'fs.edit': call('edit_file', {}, true),
  'fs.move': call('move_file', {}, true),
  'fs.delete': (input) => ({ name: 'delete_file', input: without(input, 'recursive'), changes: true }),
  'git.status': (input) => ({ name: 'git_status', input: without(input, 'cwd'), changes: false }),
  'git.diff': call('git_diff', {}),
  'git.log': call('git_log', {}),
  'git.blame': call('git_blame', {}),
  'git.commit': (input, root) => ({ name: 'git_commit', input: 'paths' in input ? input : { ...input, paths: staged(root) }, changes: true }),
  'git.branch': (input) => ({ name: 'git_branch', input, changes: true }),
  'terminal.run': (input) => ({ name: 'run_command', input, changes: false }),
  'terminal.shell': (input) => ({ name: 'run_script', input, changes: false }),
  'net.fetch': (input) => ({ name: 'net_fetch', input, changes: true }),
};

/** undefined: the product has no such tool. */
export function mapTool(tool: string, input: unknown, root: string): Mapped | undefined {
  const mapping = Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined;
  const fields = z.record(z.string(), z.unknown()).safeParse(input);
  if (mapping === undefined) return undefined;
  return fields.success ? mapping(fields.data, root) : { ...mapping({}, root), input };
}

/** A text of a model that names corpus tools names the product's instead, so that it can be understood at all. */
export function mapText(text: string): string {
  return Object.entries(TOOLS).reduce((mapped, [tool, mapping]) => mapped.replaceAll(`"${tool}"`, `"${mapping({}, '').name}"`), text).replaceAll('"content":', '"text":');
}

/** A case without paths means what is staged; the product commits named files only. */
function staged(root: string): readonly string[] {
  if (root === '') return [];
  return execFileSync('git', ['-C', root, '-c', 'core.fsmonitor=false', 'diff', '--cached', '--name-only', '-z'], { encoding: 'utf8' }).split('\0').filter((path) => path !== '');
}
