/** Decides what a case of a faults file may hold: every key is known, or the file is refused. */
import * as z from 'zod';

const Chunk = z.strictObject({
  json: z.unknown().optional(),
  raw: z.string().optional(),
  base64: z.string().optional(),
  delayMs: z.number().optional(),
  repeat: z.int().optional(),
  splitBytes: z.int().min(1).optional(),
});
export type Chunk = z.infer<typeof Chunk>;

const Reply = z.strictObject({
  status: z.int().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  chunks: z.array(Chunk).optional(),
  end: z.enum(['done', 'fin', 'rst', 'hang']).optional(),
  action: z.enum(['never', 'close', 'rst']).optional(),
  delayMs: z.number().optional(),
  downMs: z.number().optional(),
});
export type Reply = z.infer<typeof Reply>;

/** Also what `setup.server` of an attack holds. */
export const Behaviour = z.strictObject({
  requests: z.array(Reply).optional(),
  others: z.record(z.string(), Reply).optional(),
  listen: z.boolean().optional(),
  family: z.enum(['ipv4', 'ipv6']).optional(),
  url: z.string().optional(),
  resolve: z.record(z.string(), z.array(z.string())).optional(),
  serial: z.boolean().optional(),
});
export type Behaviour = z.infer<typeof Behaviour>;

export const FaultRun = z.strictObject({
  kind: z.enum(['turn', 'list', 'pull']).default('turn'),
  think: z.boolean().optional(),
  schema: z.unknown().optional(),
  promptTokens: z.int().optional(),
  turns: z.int().min(1).default(1),
  windows: z.int().min(1).default(1),
  stopAfterMs: z.number().optional(),
  consent: z.boolean().optional(),
  freeBytes: z.number().optional(),
  storeFails: z.strictObject({ code: z.string(), atRecord: z.int() }).optional(),
});
export type FaultRun = z.infer<typeof FaultRun>;

export const FaultLimits = z.strictObject({
  headerMs: z.int().optional(),
  firstTokenMs: z.int().optional(),
  idleMs: z.int().optional(),
  stepMs: z.int().optional(),
  retryMax: z.int().optional(),
  backoffMs: z.int().optional(),
  responseBytes: z.int().optional(),
});
export type FaultLimits = z.infer<typeof FaultLimits>;

export const OutcomeName = z.enum(['ok', 'retried-ok', 'failed', 'paused', 'cancelled']);
export type OutcomeName = z.infer<typeof OutcomeName>;

const Texts = z.array(z.string());

export const FaultOracle = z.strictObject({
  outcome: z.union([OutcomeName, z.array(OutcomeName)]).optional(),
  text: z.string().optional(),
  value: z.unknown().optional(),
  messageIncludes: Texts.optional(),
  messageExcludes: Texts.optional(),
  requestsMin: z.int().optional(),
  requestsMax: z.int().optional(),
  requestsTo: z.record(z.string(), z.int()).optional(),
  requestsHave: z.record(z.string(), z.unknown()).optional(),
  lastRequestLacks: Texts.optional(),
  lastRequestShorter: z.boolean().optional(),
  samePrompt: z.boolean().optional(),
  toolCallsExecuted: z.union([z.int(), z.array(z.int())]).optional(),
  filesChanged: Texts.optional(),
  modelsOffered: Texts.optional(),
  withinMs: z.number().optional(),
  closedWithinMs: z.number().optional(),
  rssMb: z.number().optional(),
  noNet: z.boolean().optional(),
  resumable: z.boolean().optional(),
  storeReadable: z.boolean().optional(),
});
export type FaultOracle = z.infer<typeof FaultOracle>;

export const FaultCase = z.strictObject({
  id: z.string().min(1),
  class: z.string().min(1),
  endpoint: z.string().min(1),
  behaviour: Behaviour,
  run: FaultRun.prefault({}),
  limits: FaultLimits.default({}),
  oracle: FaultOracle,
  why: z.string().optional(),
  note: z.string().optional(),
  held_out: z.boolean().optional(),
});
export type FaultCase = z.infer<typeof FaultCase>;
