/** Decides what a command that a person ran in a terminal is to the crew: a check that proves a fix, or only a text. */
import { splitCommand } from './argv.ts';
import { recognise, wrapperOf } from './invocation.ts';

/** Its argv when it is one plain command that runs tests; undefined for everything else, which is never run again. */
export function checkNamed(command: string): readonly string[] | undefined {
  const split = splitCommand(command.trim());
  if (split.kind !== 'words' || split.words.length === 0) return undefined;
  const wrapper = wrapperOf(split.words);
  const isTest = wrapper === undefined ? recognise(split.words).runner !== 'script' : /^test\b/u.test(wrapper.script);
  return isTest ? split.words : undefined;
}
