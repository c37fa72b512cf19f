/** Decides what the verifier learns by copying the workspace: only the copy's hash. */
import * as z from 'zod';
import { Sha256 } from '../domain/patch.ts';
import { defineTool } from './tool.ts';

export const takeSnapshot = defineTool({
  name: 'take_snapshot',
  category: 'terminal',
  permission: 'read',
  description: 'Copy the workspace once, so that checks never touch the original.',
  input: z.object({}),
  output: z.object({ treeSha256: Sha256 }),
  callsPerMinuteMax: 20,
  cacheable: false,
  notForModels: true,
  touches: () => ({}),
  show: ({ treeSha256 }) => treeSha256,
  async run(_input, host, signal) {
    return { treeSha256: (await host.snapshot(signal)).treeSha256 };
  },
});
