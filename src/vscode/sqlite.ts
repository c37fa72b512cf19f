/** Decides whether this editor can keep a run's log: by writing and reading with the SQLite of its Node. */

/** What to tell the user; undefined: all is well. */
export function sqliteProblem(): string | undefined {
  try {
    const sqlite = process.getBuiltinModule('node:sqlite');
    const database = new sqlite.DatabaseSync(':memory:');
    database.exec('CREATE TABLE probe (word TEXT); INSERT INTO probe VALUES (\'kept\')');
    const row = database.prepare('SELECT word FROM probe').get();
    database.close();
    if (row?.['word'] === 'kept') return undefined;
  } catch {
    // told below, with what to do
  }
  return `This editor runs extensions with Node ${process.versions.node}, which has no working SQLite, and Groundcrew keeps its runs there. Update VS Code to 1.110 or later.`;
}
