import { customersHandler } from './customers.js';
import { ordersHandler } from './orders.js';
import { articlesHandler } from './articles.js';
import { suppliersHandler } from './suppliers.js';
import { invoicesHandler } from './invoices.js';
import { shipmentsHandler } from './shipments.js';
import { returnsHandler } from './returns.js';
import { vouchersHandler } from './vouchers.js';
import { employeesHandler } from './employees.js';
import { branchesHandler } from './branches.js';
import { ticketsHandler } from './tickets.js';
import { campaignsHandler } from './campaigns.js';
import { paymentsHandler } from './payments.js';
import { stocktakesHandler } from './stocktakes.js';

/** Every handler, by area. */
export function allHandlers(office) {
  return {
    customers: customersHandler(office),
    orders: ordersHandler(office),
    articles: articlesHandler(office),
    suppliers: suppliersHandler(office),
    invoices: invoicesHandler(office),
    shipments: shipmentsHandler(office),
    returns: returnsHandler(office),
    vouchers: vouchersHandler(office),
    employees: employeesHandler(office),
    branches: branchesHandler(office),
    tickets: ticketsHandler(office),
    campaigns: campaignsHandler(office),
    payments: paymentsHandler(office),
    stocktakes: stocktakesHandler(office),
  };
}
