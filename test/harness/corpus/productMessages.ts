/** Decides what is said between the keeper of a case and the process of the product that the case is played on. */
import * as z from 'zod';
import { Decision } from './attackCase.ts';

/** A call by its corpus name. */
const ToolCall = z.object({ tool: z.string(), role: z.string(), input: z.unknown() });
export type ToolCall = z.infer<typeof ToolCall>;

export const Order = z.discriminatedUnion('do', [
  /** Opens the product on a folder; `server`: address of the fake Ollama; `later`: the call itself is the opening. */
  z.object({ do: z.literal('open'), root: z.string(), server: z.string(), later: z.boolean().default(false), settings: z.record(z.string(), z.unknown()).optional() }),
  z.object({ do: z.literal('read'), role: z.string(), paths: z.array(z.string()) }),
  z.object({ do: z.literal('taint'), role: z.string(), label: z.enum(['U', 'W', 'X']), source: z.string() }),
  /** The user said yes to this call for the workspace. `forged`: another program writes the same, without the key. */
  z.object({ do: z.literal('approve'), call: ToolCall, workspace: z.string().optional(), forged: z.boolean().default(false), commandMs: z.number().optional() }),
  z.object({ do: z.literal('checkpoint'), call: ToolCall }),
  z.object({ do: z.literal('call'), call: ToolCall, commandMs: z.number().optional(), between: z.string().optional(), taskDone: z.boolean().default(false) }),
  z.object({ do: z.literal('label'), role: z.string() }),
  z.object({ do: z.literal('close') }),
]);
export type Order = z.infer<typeof Order>;

export const Played = z.object({
  decision: Decision.nullable(),
  /** What a model is shown of it, each result by itself. */
  shown: z.array(z.string()),
  /** Everything that reached model, panel, log or messages. */
  output: z.string(),
  prompts: z.array(z.string()),
  ms: z.number(),
  grownKb: z.number(),
  taskDone: z.boolean(),
  runsStarted: z.int(),
});
export type Played = z.infer<typeof Played>;

/** `notRun`: the product has no door for this. */
export const Answer = z.object({
  played: Played.optional(), notRun: z.string().optional(), error: z.string().optional(), label: z.string().optional(), checkpoint: z.string().optional(),
});
export type Answer = z.infer<typeof Answer>;
