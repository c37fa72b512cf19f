import { forbidden } from './errors.js';

/** What each role may do. "write" goes with "read". */
const ROLES = {
  clerk: { customers: 'write', orders: 'write', articles: 'read', invoices: 'read', payments: 'read', tickets: 'write', returns: 'write', vouchers: 'read' },
  storekeeper: { articles: 'write', suppliers: 'read', shipments: 'write', stocktakes: 'write', returns: 'read', branches: 'read' },
  accountant: { invoices: 'write', payments: 'write', customers: 'read', orders: 'read', suppliers: 'write', vouchers: 'write' },
  manager: { employees: 'write', branches: 'write', campaigns: 'write', vouchers: 'write', orders: 'read', invoices: 'read', customers: 'read' },
};

/**
 * Whether an employee may do something with an area. Who has left, by the last day on record, may do nothing from the day after
 * on; who has not begun yet may do nothing either.
 */
export function isAllowed(employee, area, action, today) {
  if (employee.begins !== undefined && today < employee.begins) return false;
  return employee.roles.some((role) => {
    const level = ROLES[role]?.[area];
    return level === 'write' || (level === 'read' && action === 'read');
  });
}

/** @throws {RequestError} 403 */
export function demand(employee, area, action, today) {
  if (!isAllowed(employee, area, action, today)) throw forbidden(`${employee.name} may not ${action} ${area}.`);
}

/** The areas that an employee can at least read, by name: the menu. */
export function visibleAreas(employee, today) {
  const areas = new Set(employee.roles.flatMap((role) => Object.keys(ROLES[role] ?? {})));
  return [...areas].filter((area) => isAllowed(employee, area, 'read', today)).sort();
}
