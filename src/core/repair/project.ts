/** Decides nothing of its own: repair sees the same project that checks see. */
export type { Project } from '../checks/project.ts';
