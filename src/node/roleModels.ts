/** Decides which model answers which role: one for all, or others for some; each is opened once, however many roles it has. */
import type { Role } from '../core/domain/role.ts';
import type { ChatModel } from '../core/model/chatModel.ts';

export interface RoleModels {
  readonly main: string;
  /** Only where it differs. */
  readonly roles: Partial<Readonly<Record<Role, string>>>;
}

/** Facts are the coder's, but for what every model must hold: the smallest window, the fewest slots. @throws what `open` throws. */
export async function openForRoles({ main: name, roles }: RoleModels, open: (name: string) => Promise<ChatModel>): Promise<ChatModel> {
  const main = await open(name);
  const others = new Map<string, ChatModel>();
  for (const other of new Set(Object.values(roles))) if (other !== name) others.set(other, await open(other));
  if (others.size === 0) return main;
  const of = (role: Role): ChatModel => others.get(roles[role] ?? '') ?? main;
  const all = [main, ...others.values()];
  return {
    facts: { ...of('coder').facts, windowTokens: Math.min(...all.map(({ facts }) => facts.windowTokens)), slots: Math.min(...all.map(({ facts }) => facts.slots)) },
    countTokens: (text) => Math.max(...all.map((model) => model.countTokens(text))),
    chat: (request, signal) => of(request.role).chat(request, signal),
    fill: (request, signal) => of(request.role).fill(request, signal),
  };
}
