import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../../src/core/ports.ts';
import { createGit } from '../../src/node/git.ts';
import { git, never, type Scratch, scratch } from './support.ts';

/** Every cell, and plain git beside it; the suite plays one cell in four. */
const ALL = process.env['GROUNDCREW_GIT_CELLS'] === 'all';
const EACH = ALL ? 1 : 4;
const program = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();

interface Trap {
  readonly config?: readonly (readonly [string, string])[];
  readonly attributes?: string;
  readonly hooks?: readonly string[];
  /** More, with the repository and the script. */
  readonly lay?: (root: string, script: string) => void;
}

/** Each makes some plain git run $SCRIPT: https://git-scm.com/docs/git-config. */
const TRAPS: Readonly<Record<string, Trap>> = {
  'a monitor of the work tree': { config: [['core.fsmonitor', '$SCRIPT']] },
  'a monitor, version 1': { config: [['core.fsmonitor', '$SCRIPT'], ['core.fsmonitorHookVersion', '1']] },
  'a filter that cleans': { config: [['filter.x.clean', '$SCRIPT']], attributes: '*.txt filter=x' },
  'a filter that smudges': { config: [['filter.x.smudge', '$SCRIPT']], attributes: '*.txt filter=x' },
  'a filter that stays': { config: [['filter.x.process', '$SCRIPT']], attributes: '*.txt filter=x' },
  'a filter that must run': { config: [['filter.x.clean', '$SCRIPT'], ['filter.x.smudge', '$SCRIPT'], ['filter.x.required', 'true']], attributes: '* filter=x' },
  'a filter with dots in its name': { config: [['filter.a.b.c.clean', '$SCRIPT']], attributes: '*.txt filter=a.b.c' },
  'a text conversion': { config: [['diff.x.textconv', '$SCRIPT']], attributes: '*.txt diff=x' },
  'a text conversion that is kept': { config: [['diff.x.textconv', '$SCRIPT'], ['diff.x.cachetextconv', 'true']], attributes: '*.txt diff=x' },
  'a driver of differences': { config: [['diff.x.command', '$SCRIPT']], attributes: '*.txt diff=x' },
  'an external difference': { config: [['diff.external', '$SCRIPT'], ['diff.trustExitCode', 'true']] },
  'a pager': { config: [['core.pager', '$SCRIPT'], ['pager.status', '$SCRIPT'], ['pager.diff', '$SCRIPT'], ['pager.log', '$SCRIPT'], ['pager.show', '$SCRIPT'], ['pager.blame', '$SCRIPT'], ['pager.branch', '$SCRIPT']] },
  'a signature program': { config: [['gpg.program', '$SCRIPT'], ['commit.gpgSign', 'true'], ['log.showSignature', 'true'], ['tag.gpgSign', 'true']] },
  'a signature program for ssh': { config: [['gpg.format', 'ssh'], ['gpg.ssh.program', '$SCRIPT'], ['gpg.ssh.defaultKeyCommand', '$SCRIPT'], ['commit.gpgSign', 'true'], ['log.showSignature', 'true']] },
  'an editor': { config: [['core.editor', '$SCRIPT'], ['sequence.editor', '$SCRIPT'], ['commit.verbose', 'true']] },
  'a remote that owes objects': { config: [['core.sshCommand', '$SCRIPT'], ['remote.origin.url', 'ssh://evil.test/x'], ['remote.origin.promisor', 'true'], ['extensions.partialClone', 'origin']] },
  'a remote that is a program': { config: [['remote.origin.url', 'ext::$SCRIPT'], ['remote.origin.promisor', 'true'], ['protocol.ext.allow', 'always'], ['extensions.partialClone', 'origin']] },
  'a helper for passwords': { config: [['credential.helper', '!$SCRIPT'], ['core.askPass', '$SCRIPT'], ['core.gitProxy', '$SCRIPT']] },
  'other names for commands': { config: [['alias.status', '!$SCRIPT'], ['alias.diff', '!$SCRIPT'], ['alias.log', '!$SCRIPT'], ['alias.show', '!$SCRIPT'], ['alias.blame', '!$SCRIPT'], ['alias.commit', '!$SCRIPT'], ['alias.branch', '!$SCRIPT']] },
  'an included file': { config: [['include.path', 'more']], attributes: '*.txt filter=z diff=z', lay: (root, script) => writeFileSync(join(root, '.git/more'), `[filter "z"]\n\tclean = ${script}\n[diff "z"]\n\ttextconv = ${script}\n[core]\n\tfsmonitor = ${script}\n`) },
  'a file included for this folder': { config: [['includeIf.gitdir:**.path', 'more']], attributes: '*.txt filter=z', lay: (root, script) => writeFileSync(join(root, '.git/more'), `[filter "z"]\n\tclean = ${script}\n[core]\n\tpager = ${script}\n`) },
  'configuration of the work tree': { config: [['extensions.worktreeConfig', 'true']], lay: (root, script) => writeFileSync(join(root, '.git/config.worktree'), `[core]\n\tfsmonitor = ${script}\n[diff]\n\texternal = ${script}\n`) },
  'attributes in a file of its own': { config: [['core.attributesFile', '.git/attrs'], ['filter.x.clean', '$SCRIPT'], ['diff.x.textconv', '$SCRIPT']], lay: (root) => writeFileSync(join(root, '.git/attrs'), '*.txt filter=x diff=x\n') },
  'attributes of the repository': { config: [['filter.x.clean', '$SCRIPT'], ['diff.x.command', '$SCRIPT']], lay: (root) => {
    mkdirSync(join(root, '.git/info'), { recursive: true });
    writeFileSync(join(root, '.git/info/attributes'), '*.txt filter=x diff=x\n');
  } },
  hooks: { hooks: ['pre-commit', 'pre-merge-commit', 'commit-msg', 'prepare-commit-msg', 'post-commit', 'post-checkout', 'post-index-change', 'reference-transaction', 'pre-auto-gc', 'post-rewrite', 'fsmonitor-watchman', 'update', 'post-update'] },
  'hooks elsewhere': { config: [['core.hooksPath', '.hooks']], lay: (root, script) => {
    mkdirSync(join(root, '.hooks'));
    for (const name of ['pre-commit', 'commit-msg', 'post-commit', 'post-index-change', 'reference-transaction']) copyScript(script, join(root, '.hooks', name));
  } },
  'a housekeeping hook': { config: [['gc.auto', '1'], ['gc.autoDetach', 'false'], ['maintenance.auto', 'true']], hooks: ['pre-auto-gc'] },
  'a merge driver and trailers': { config: [['merge.x.driver', '$SCRIPT'], ['trailer.sign.command', '$SCRIPT'], ['trailer.sign.cmd', '$SCRIPT'], ['trailer.sign.ifmissing', 'add'], ['interactive.diffFilter', '$SCRIPT'], ['core.alternateRefsCommand', '$SCRIPT'], ['uploadpack.packObjectsHook', '$SCRIPT']], attributes: '* merge=x' },
};

const COMMANDS: Readonly<Record<string, { readonly ours: (git: Git) => Promise<unknown>; readonly plain: readonly string[] }>> = {
  status: { ours: (one) => one.status(never), plain: ['status'] },
  diff: { ours: (one) => one.diff({}, never), plain: ['diff'] },
  'diff of a commit': { ours: (one) => one.diff({ ref: 'HEAD~1' }, never), plain: ['diff', 'HEAD~1'] },
  'diff of a file': { ours: (one) => one.diff({ path: 'a.txt' }, never), plain: ['diff', '--', 'a.txt'] },
  log: { ours: (one) => one.log({ max: 5 }, never), plain: ['log', '-5'] },
  'log of a file': { ours: (one) => one.log({ max: 5, path: 'a.txt' }, never), plain: ['log', '-5', '-p', '--', 'a.txt'] },
  show: { ours: (one) => one.show({ ref: 'HEAD' }, never), plain: ['show', 'HEAD'] },
  'show of a file': { ours: (one) => one.show({ ref: 'HEAD', path: 'a.txt' }, never), plain: ['show', '--textconv', 'HEAD:a.txt'] },
  blame: { ours: (one) => one.blame('a.txt', never), plain: ['blame', 'a.txt'] },
  commit: { ours: (one) => one.commit({ message: 'm', paths: ['b.js'] }, never), plain: ['commit', '-m', 'm', '--', 'b.js'] },
  branch: { ours: (one) => one.branch(`b${count++}`, never), plain: ['branch', 'plain'] },
};
let count = 0;

function copyScript(from: string, to: string): void {
  writeFileSync(to, readFileSync(from));
  chmodSync(to, 0o755);
}

/** A repository with two commits and a change, in which the trap is laid. */
function laid(trap: Trap): Scratch & { readonly root: string; readonly mark: string } {
  const place = scratch();
  const root = join(place.folder, 'ws');
  const mark = join(place.folder, 'MARK');
  const script = join(place.folder, 'run.sh');
  place.write({ 'ws/a.txt': 'one\n', 'ws/b.js': '1\n', 'run.sh': `#!/bin/sh\ntouch ${mark}\nexec cat\n` });
  chmodSync(script, 0o755);
  git(root, 'init', '-q');
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'one');
  place.write({ 'ws/a.txt': 'one\ntwo\n', 'ws/b.js': '2\n' });
  git(root, 'commit', '-qam', 'two');
  for (const [key, value] of trap.config ?? []) git(root, 'config', '--add', key, value.replace('$SCRIPT', script));
  if (trap.attributes !== undefined) place.write({ 'ws/.gitattributes': `${trap.attributes}\n` });
  for (const name of trap.hooks ?? []) {
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    copyScript(script, join(root, '.git/hooks', name));
  }
  trap.lay?.(root, script);
  place.write({ 'ws/a.txt': 'one\n2\n', 'ws/b.js': '3\n' });
  rmSync(mark, { force: true });
  return { ...place, root, mark };
}

/** Names of the cells of this trap that ran its script, one command at a time. */
async function sprung(name: string, commands: readonly string[], play: (root: string, folder: string, command: string) => Promise<unknown>): Promise<readonly string[]> {
  using place = laid(TRAPS[name] ?? {});
  const found: string[] = [];
  for (const command of commands) {
    // A refusal is no harm: a commit through a filter is one.
    await play(place.root, place.folder, command).catch(() => undefined);
    if (existsSync(place.mark)) found.push(`${name} × ${command}`);
    rmSync(place.mark, { force: true });
    writeFileSync(join(place.root, 'b.js'), `${count++}\n`);
  }
  return found;
}

describe('commands of git × what a repository may configure', () => {
  const cells = Object.keys(TRAPS).length * Object.keys(COMMANDS).length;
  it(`are ${cells} cells`, () => assert.ok(cells >= 285));

  for (const [index, name] of Object.keys(TRAPS).entries()) {
    const commands = Object.keys(COMMANDS).filter((_, at) => (index + at) % EACH === 0);
    it(`run nothing of ${name}: ${commands.join(', ')}`, async () => {
      const ours = async (root: string, folder: string, command: string): Promise<unknown> => {
        const one = createGit(root, { env: { PATH: process.env['PATH'], HOME: folder }, program });
        return await COMMANDS[command]?.ours(one);
      };
      assert.deepEqual(await sprung(name, commands, ours), []);
    });
  }

  it('are traps for plain git: the harmless way is ours and not the repository\'s', async function () {
    this.timeout(60_000);
    const plain = async (root: string, folder: string, command: string): Promise<unknown> =>
      execFileSync(program, [...(COMMANDS[command]?.plain ?? [])], { cwd: root, env: { PATH: process.env['PATH'], HOME: folder, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@test', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@test' }, stdio: 'ignore', timeout: 5_000 });
    const names = ALL ? Object.keys(TRAPS) : ['an external difference', 'a filter that cleans', 'hooks'];
    const found: string[] = [];
    for (const name of names) found.push(...(await sprung(name, Object.keys(COMMANDS), plain)));
    if (ALL) console.log(`      plain git, without a terminal: ${found.length} of ${cells} cells ran the script; none of ${names.filter((name) => !found.some((cell) => cell.startsWith(`${name} ×`))).join(', ')}`);
    for (const name of ['an external difference', 'a filter that cleans', 'hooks']) assert.ok(found.some((cell) => cell.startsWith(`${name} ×`)), name);
  });
});
