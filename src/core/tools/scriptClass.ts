/** Decides whether a shell text only reads, must be asked for, or never runs: by the worst of its commands. */
import { classifyCommand, pathsOfCommand, whyNeverText, type CommandClass } from './commandClass.ts';
import { glimpse, parseShell } from './shellText.ts';

export function classifyScript(text: string): CommandClass {
  const parsed = parseShell(text);
  if (parsed.kind === 'shell') {
    const never = whyNeverText(text);
    return never === undefined ? { class: 'ask', reason: `a shell would have to read it: ${parsed.why}` } : { class: 'never', reason: never };
  }
  const classes = parsed.steps.map(({ argv }) => classifyCommand(argv));
  return classes.find((one) => one.class === 'never') ?? classes.find((one) => one.class === 'ask') ?? { class: 'read', reason: 'all of its commands only read' };
}

/** Its commands, for rules about commands: all of a plain text; of any other what can be seen. */
export function commandsOfScript(text: string): readonly (readonly string[])[] {
  const parsed = parseShell(text);
  return parsed.kind === 'plain' ? parsed.steps.map(({ argv }) => argv) : glimpse(text).commands;
}

/** Words that name files, seen from the workspace; the path broker refuses those outside before anyone is asked. */
export function pathsOfScript(text: string): readonly string[] {
  const parsed = parseShell(text);
  if (parsed.kind === 'shell') return [...glimpse(text).files, ...glimpse(text).commands.flatMap(pathsOfCommand).filter((path) => !/[$*?{}[\]`]/u.test(path))];
  const from = (path: string): string => (parsed.cwd === '' || /^[/~]/u.test(path) ? path : `${parsed.cwd}/${path}`);
  return [...(parsed.cwd === '' ? [] : [parsed.cwd]), ...parsed.steps.flatMap(({ argv }) => pathsOfCommand(argv).map(from))];
}
