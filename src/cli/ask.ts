/** Decides how a person at a terminal is asked; where there is no terminal nobody is asked. */
import { createInterface } from 'node:readline/promises';
import type { ApprovalAnswer, ApprovalRequest } from '../core/ports.ts';

export interface Asker {
  approve(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
  confirm(question: string, signal: AbortSignal): Promise<'yes' | 'no' | 'nobody'>;
}

/** `pause` takes the live graph away while the question stands. */
export function createTerminalAsker(pause: <T>(work: () => Promise<T>) => Promise<T>): Asker {
  return {
    approve: async (request, signal) => await pause(async () => {
      const choices = request.rememberable ? '[o]nce, this [r]un, always in this [w]orkspace, [N]o' : '[o]nce, [N]o';
      const answer = await question(`\n${describe(request)}\n${choices}: `, signal);
      return answerOf(answer, request.rememberable);
    }),
    confirm: async (text, signal) => await pause(async () => ((await question(`\n${text} [y/N] `, signal)).toLowerCase().startsWith('y') ? 'yes' : 'no')),
  };
}

export const nobody: Asker = { approve: async () => 'nobody', confirm: async () => 'nobody' };

function describe(request: ApprovalRequest): string {
  return [`May the ${request.role} do this? (risk: ${request.risk})`, `  ${request.what}`, `  why asked: ${request.why} (rule: ${request.rule})`].join('\n');
}

function answerOf(text: string, rememberable: boolean): ApprovalAnswer {
  switch (text.trim().toLowerCase()) {
    case 'o': case 'once': case 'y': case 'yes': return 'once';
    case 'r': case 'run': return rememberable ? 'run' : 'once';
    case 'w': case 'workspace': return rememberable ? 'workspace' : 'once';
    default: return 'refused';
  }
}

async function question(text: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(text, { signal });
  } finally {
    terminal.close();
  }
}
