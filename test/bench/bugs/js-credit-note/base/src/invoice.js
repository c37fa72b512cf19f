import { formatCents, parseCents, sum, timesFraction } from './money.js';
import { taxOn } from './tax.js';

/**
 * @typedef {{ text: string, quantity: number, unitPrice: string, rate?: string, discountPercent?: number }} Line
 * @typedef {{ number: string, lines: Line[] }} Invoice
 */

function lineNet({ quantity, unitPrice, discountPercent = 0 }) {
  const full = quantity * parseCents(unitPrice);
  return full - timesFraction(full, discountPercent, 100);
}

/** Net, tax and gross of an invoice in cents. Tax is worked out for each line. */
export function totals(invoice) {
  const nets = invoice.lines.map(lineNet);
  const taxes = invoice.lines.map((line, index) => taxOn(nets[index], line.rate ?? 'standard'));
  const net = sum(nets);
  const tax = sum(taxes);
  return { net, tax, gross: net + tax };
}

/** The invoice that takes another one back, in whole or some of its lines: totals are the same with the sign turned. */
export function creditNote(invoice, number, lineIndexes = invoice.lines.map((_, index) => index)) {
  return {
    number,
    refersTo: invoice.number,
    lines: lineIndexes.map((index) => {
      const line = invoice.lines[index];
      if (line === undefined) throw new RangeError(`Invoice ${invoice.number} has no line ${index}.`);
      return { ...line, quantity: -line.quantity };
    }),
  };
}

/** What the customer still owes for these documents. */
export function balance(invoices) {
  return sum(invoices.map((invoice) => totals(invoice).gross));
}

export function printInvoice(invoice) {
  const { net, tax, gross } = totals(invoice);
  const lines = invoice.lines.map((line) => `${line.quantity} x ${line.text}: ${formatCents(lineNet(line))}`);
  return [`No. ${invoice.number}`, ...lines, `Net ${formatCents(net)}`, `Tax ${formatCents(tax)}`, `Total ${formatCents(gross)}`].join('\n');
}
