/** Decides which work goes first when all slots are taken. */
export const priorities = ['interactive', 'verify', 'repair', 'sample', 'review-on-save', 'indexing'] as const;
export type Priority = (typeof priorities)[number];
