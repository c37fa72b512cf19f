export async function findUser(db, name) {
  const rows = await db.query('SELECT id, name FROM users WHERE name = $1', [name]);
  return rows[0] ?? null;
}
