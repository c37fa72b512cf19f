/** Decides what a role card holds: what the role does, cannot do, may say, and how much it may spend. */
import type * as z from 'zod';
import type { Role } from '../domain/role.ts';

export interface RoleCard<Reply = unknown> {
  readonly name: Role;
  /** A run pins it; raised whenever the prompt, the schema or a limit changes. */
  readonly version: string;
  readonly does: string;
  /** Shown to the user as it is. */
  readonly cannot: string;
  readonly limits: {
    /** Model replies in one turn loop, tool rounds included. */
    readonly turnsMax: number;
    readonly replyTokensMax: number;
  };
  /** What was measured, on which model and when; "" where nothing was. */
  readonly quality: string;
  /** The last message of a request ends with it. */
  readonly prompt: string;
  /** undefined: code in fenced text, or no reply at all. */
  readonly reply: z.ZodType<Reply> | undefined;
}

/** Frozen; the reply type is inferred from the schema. */
export function defineRole<Reply>(card: RoleCard<Reply>): RoleCard<Reply> {
  return Object.freeze(card);
}
