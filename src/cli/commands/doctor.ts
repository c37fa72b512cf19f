/** Decides how `doctor` is run: what src/node/doctor.ts found, a line each, then the crew and its grants. */
import { cards } from '../../core/agents/roles/all.ts';
import { allTools } from '../../core/openRun.ts';
import { renderGrants } from '../../core/tools/grants.ts';
import { type DoctorLine, examine } from '../../node/doctor.ts';
import { createNodeHost } from '../../node/host.ts';
import type { Invocation } from '../args.ts';
import { nobody } from '../ask.ts';

const words = { useHost: (url: string) => `add --host ${url}`, unconfined: '--unconfined', nameCheck: 'Name one: groundcrew fix --test "<command>"' };

/** Exit 2 when something that a fix needs is missing. */
export async function doctor({ common }: Extract<Invocation, { kind: 'runs' | 'doctor' | 'models' }>): Promise<number> {
  await using host = await createNodeHost({ cwd: common.cwd, model: common.model, hosts: common.hosts, env: process.env, prompt: nobody.approve });
  const lines: DoctorLine[] = [];
  for await (const line of examine(host, words, new AbortController().signal)) {
    lines.push(line);
    process.stdout.write(common.json ? `${JSON.stringify(line)}\n` : `${line.ok ? '✓' : '✗'} ${line.what.padEnd(8)} ${line.found}${line.remedy === '' ? '' : `\n           → ${line.remedy}`}\n`);
  }
  if (!common.json) process.stdout.write(`\nWho is in the crew:\n${cards.map((card) => `${card.name.padEnd(8)} ${card.does}\n         Limits: ${card.cannot}`).join('\n')}\n`);
  if (!common.json) process.stdout.write(`\nWho may do what:\n${renderGrants(host.ports.grants, allTools)}\n`);
  return lines.every((line) => line.ok) ? 0 : 2;
}
