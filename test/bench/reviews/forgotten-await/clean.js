import { db } from './db.js';

async function isPaid(orderId) {
  const order = await db.find('orders', orderId);
  return order !== null && order.paidAt !== null;
}

export async function ship(orderId) {
  if (!(await isPaid(orderId))) {
    throw new Error(`order ${orderId} is not paid`);
  }
  await db.update('orders', orderId, { shippedAt: Date.now() });
}
