import { send } from './smtp.js';

export async function notifyAll(users, text) {
  let sent = 0;
  for (const user of users) {
    await send(user.email, text);
    sent += 1;
  }
  return sent;
}
