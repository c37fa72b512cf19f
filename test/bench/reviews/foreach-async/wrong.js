import { send } from './smtp.js';

export async function notifyAll(users, text) {
  let sent = 0;
  users.forEach(async (user) => {
    await send(user.email, text);
    sent += 1;
  });
  return sent;
}
