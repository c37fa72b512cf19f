// Package money calculates with whole cents.
package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Cents is an amount; negative ones are owed to the customer.
type Cents int64

// Parse reads "12.34", "-5" or "0.50".
func Parse(text string) (Cents, error) {
	digits, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	whole, rest, found := strings.Cut(digits, ".")
	if found && len(rest) != 2 {
		return 0, fmt.Errorf("%q has no two decimals", text)
	}
	value, err := strconv.ParseUint(whole+rest, 10, 62)
	if err != nil {
		return 0, fmt.Errorf("%q is not an amount", text)
	}
	amount := Cents(value)
	if !found {
		amount *= 100
	}
	if negative {
		amount = -amount
	}
	return amount, nil
}

// String writes the amount with two decimals.
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// Percent returns so many hundredths of a percent of the amount: 1900 is 19 %.
// Half a cent is rounded away from zero, so that a credit note takes back
// exactly what the invoice charged.
func (c Cents) Percent(points int64) Cents {
	product := int64(c) * points
	if product < 0 {
		return Cents((product - 5000) / 10000)
	}
	return Cents((product + 5000) / 10000)
}

// Split divides the amount into n parts that differ by at most a cent and add
// up to it; the larger parts come first.
func (c Cents) Split(n int) []Cents {
	parts := make([]Cents, n)
	share, rest := c/Cents(n), c%Cents(n)
	for i := range parts {
		parts[i] = share
		if Cents(i) < rest {
			parts[i]++
		} else if Cents(n-i) <= -rest {
			parts[i]--
		}
	}
	return parts
}
