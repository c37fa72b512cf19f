/** Decides how much of a suspect a role is shown: its own lines, cut at the end when they are too many. */
import type { Project } from '../checks/project.ts';
import type { ChatModel } from '../model/chatModel.ts';
import type { Suspect } from './suspect.ts';

/** "" when the file cannot be read. */
export async function suspectText(project: Project, suspect: Suspect, model: Pick<ChatModel, 'countTokens'>, tokensMax: number): Promise<string> {
  const file = await project.read(suspect.path);
  const lines = file?.text.split(/\r?\n/u).slice(suspect.line - 1, suspect.endLine) ?? [];
  let shown = lines;
  while (shown.length > 1 && model.countTokens(shown.join('\n')) > tokensMax) shown = shown.slice(0, Math.floor(shown.length * 0.8));
  return shown.length < lines.length ? `${shown.join('\n')}\n…` : shown.join('\n');
}
