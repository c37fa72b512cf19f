/** Decides what a plan is: a DAG of at most twelve tasks, each with an owner and an acceptance. */
import * as z from 'zod';
import { Role } from './role.ts';

export const PLAN_TASKS_MAX = 12;

export const TaskState = z.enum(['waiting', 'running', 'done', 'failed', 'skipped', 'stopped']);
export type TaskState = z.infer<typeof TaskState>;

export const Task = z.object({
  id: z.string(),
  title: z.string(),
  role: Role,
  dependsOn: z.array(z.string()),
  acceptance: z.string().describe('A command line or a sentence that code can check.'),
  files: z.array(z.string()).default([]).describe('Globs that the coder may write in this task.'),
  estimateMs: z.int().nullable(),
});
export type Task = z.infer<typeof Task>;

export const Plan = z.object({ tasks: z.array(Task).min(1).max(PLAN_TASKS_MAX) });
export type Plan = z.infer<typeof Plan>;
