export async function findUser(db, name) {
  const rows = await db.query(`SELECT id, name FROM users WHERE name = '${name}'`);
  return rows[0] ?? null;
}
