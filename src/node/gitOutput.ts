/** Decides what git's machine-readable answers mean: git-status(1) porcelain v2 and git-blame(1) line porcelain. */
import type { GitStatus } from '../core/ports.ts';

type Changed = GitStatus['changed'][number];

/** `prefix`: the workspace's place in its repository, "" or ending with "/"; paths come back relative to the workspace. */
export function parseStatus(text: string, prefix: string): Pick<GitStatus, 'branch' | 'head' | 'changed'> {
  let branch: string | null = null;
  let head: string | null = null;
  const changed: Changed[] = [];
  const records = text.split('\0');
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i] ?? '';
    const fields = record.split(' ');
    switch (fields[0]) {
      case '#':
        if (fields[1] === 'branch.oid' && fields[2] !== '(initial)') head = fields[2] ?? null;
        if (fields[1] === 'branch.head' && fields[2] !== '(detached)') branch = fields.slice(2).join(' ');
        break;
      case '1':
        add(fields.slice(8), stateOf(fields[1] ?? ''));
        break;
      case '2':
        add(fields.slice(9), 'renamed');
        // The old name is a record of its own.
        i += 1;
        break;
      case 'u':
        add(fields.slice(10), 'conflicted');
        break;
      case '?':
        add(fields.slice(1), 'untracked');
        break;
    }
  }
  return { branch, head, changed };

  function add(words: readonly string[], state: Changed['state']): void {
    const path = words.join(' ');
    if (path.startsWith(prefix)) changed.push({ path: path.slice(prefix.length), state });
  }
}

/** Two letters: index, then work tree. */
function stateOf(xy: string): Changed['state'] {
  if (xy.includes('D')) return 'deleted';
  return xy.startsWith('A') ? 'added' : 'modified';
}

/** One line of text for each line of the file: id, date, author, number, content. */
export function parseBlame(text: string): string {
  const lines: string[] = [];
  let id = '';
  let number = '';
  let author = '';
  let day = '';
  for (const line of text.split('\n')) {
    const header = /^([0-9a-f]{40,64}) \d+ (\d+)/u.exec(line);
    if (line.startsWith('\t')) lines.push(`${id.slice(0, 12)} ${day} ${author} ${number}\t${line.slice(1)}`);
    else if (header) [id, number] = [header[1] ?? '', header[2] ?? ''];
    else if (line.startsWith('author ')) author = line.slice('author '.length);
    else if (line.startsWith('author-time ')) day = new Date(Number(line.slice('author-time '.length)) * 1000).toISOString().slice(0, 10);
  }
  return lines.join('\n');
}
