/** Decides the names of what a check leaves in its output folder. */
export const COVERAGE_FILE = 'coverage.jsonl';
export const GO_PROFILE = 'cover.out';
