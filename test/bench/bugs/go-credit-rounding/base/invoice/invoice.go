// Package invoice makes invoices and credit notes.
package invoice

import (
	"fmt"
	"strings"

	"example.com/billing/money"
)

// Line is one row. Points is the tax rate in hundredths of a percent.
type Line struct {
	Text   string
	Pieces int64
	Price  money.Cents
	Points int64
}

// Net is the price of all pieces without tax.
func (l Line) Net() money.Cents { return money.Cents(l.Pieces) * l.Price }

// Invoice is what a customer gets.
type Invoice struct {
	Number string
	Lines  []Line
}

// Add puts a row at the end.
func (i *Invoice) Add(text string, pieces int64, price string, points int64) error {
	amount, err := money.Parse(price)
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	i.Lines = append(i.Lines, Line{text, pieces, amount, points})
	return nil
}

// Totals returns the sum of all rows without tax, the tax row by row, and both together.
func (i *Invoice) Totals() (net, tax, gross money.Cents) {
	for _, line := range i.Lines {
		net += line.Net()
		tax += line.Net().Percent(line.Points)
	}
	return net, tax, net + tax
}

// Credit returns the credit note that takes the whole invoice back.
func (i *Invoice) Credit() *Invoice {
	note := &Invoice{Number: i.Number + "-C"}
	for _, line := range i.Lines {
		line.Pieces = -line.Pieces
		note.Lines = append(note.Lines, line)
	}
	return note
}

// Print writes the invoice for people.
func (i *Invoice) Print() string {
	var out strings.Builder
	fmt.Fprintf(&out, "Invoice %s\n", i.Number)
	for _, line := range i.Lines {
		fmt.Fprintf(&out, "%4d x %-20s %10s\n", line.Pieces, line.Text, line.Net())
	}
	net, tax, gross := i.Totals()
	fmt.Fprintf(&out, "net %s, tax %s, total %s\n", net, tax, gross)
	return out.String()
}
