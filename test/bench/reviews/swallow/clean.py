def charge_all(invoices, gateway):
    failed = []
    for invoice in invoices:
        try:
            gateway.charge(invoice["id"], invoice["amount"])
            invoice["paid"] = True
        except Exception as error:
            failed.append((invoice["id"], str(error)))
    return failed
