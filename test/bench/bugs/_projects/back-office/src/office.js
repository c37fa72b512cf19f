import { Audit } from './lib/audit.js';
import { Clock } from './lib/clock.js';
import { Collection } from './lib/collection.js';
import { customerModel } from './models/customer.js';
import { orderModel } from './models/order.js';
import { articleModel } from './models/article.js';
import { supplierModel } from './models/supplier.js';
import { invoiceModel } from './models/invoice.js';
import { shipmentModel } from './models/shipment.js';
import { returnedModel } from './models/return.js';
import { voucherModel } from './models/voucher.js';
import { employeeModel } from './models/employee.js';
import { branchModel } from './models/branch.js';
import { ticketModel } from './models/ticket.js';
import { campaignModel } from './models/campaign.js';
import { paymentModel } from './models/payment.js';
import { stocktakeModel } from './models/stocktake.js';

/** All data of one back office. */
export function makeOffice(now) {
  const clock = new Clock(now);
  return {
    clock,
    audit: new Audit(clock),
    collections: {
      customers: new Collection(customerModel),
      orders: new Collection(orderModel),
      articles: new Collection(articleModel),
      suppliers: new Collection(supplierModel),
      invoices: new Collection(invoiceModel),
      shipments: new Collection(shipmentModel),
      returns: new Collection(returnedModel),
      vouchers: new Collection(voucherModel),
      employees: new Collection(employeeModel),
      branches: new Collection(branchModel),
      tickets: new Collection(ticketModel),
      campaigns: new Collection(campaignModel),
      payments: new Collection(paymentModel),
      stocktakes: new Collection(stocktakeModel),
    },
  };
}
