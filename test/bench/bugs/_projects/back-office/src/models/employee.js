/** Fields of an employee. */
export const employeeModel = {
  name: 'employee',
  prefix: 'E',
  fields: {
    name: { kind: 'text', required: true },
    roles: { kind: 'list', otherwise: [] },
    begins: { kind: 'day' },
    leaves: { kind: 'day' },
  },
};
