package invoice

import (
	"strings"
	"testing"

	"example.com/billing/money"
)

func sample(t *testing.T) *Invoice {
	t.Helper()
	i := &Invoice{Number: "2024-7"}
	for _, err := range []error{i.Add("cable", 3, "1.35", 1900), i.Add("book", 1, "9.99", 700)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return i
}

func TestTotals(t *testing.T) {
	net, tax, gross := sample(t).Totals()
	if net != 1404 || tax != 77+70 || gross != 1551 {
		t.Errorf("Totals = %s, %s, %s", net, tax, gross)
	}
}

func TestCreditNoteTakesAllBack(t *testing.T) {
	_, _, charged := sample(t).Totals()
	_, _, returned := sample(t).Credit().Totals()
	if charged+returned != 0 {
		t.Errorf("charged %s, returned %s", charged, returned)
	}
}

func TestCreditLeavesTheInvoiceAlone(t *testing.T) {
	i := sample(t)
	i.Credit()
	if i.Lines[0].Pieces != 3 {
		t.Errorf("Pieces = %d", i.Lines[0].Pieces)
	}
}

func TestPrint(t *testing.T) {
	if text := sample(t).Print(); !strings.Contains(text, "net 14.04, tax 1.47, total 15.51") {
		t.Error(text)
	}
}

func TestBadPrice(t *testing.T) {
	if err := (&Invoice{}).Add("x", 1, "1.5", 0); err == nil {
		t.Error("1.5 was taken")
	}
	if amount, err := money.Parse("-0.05"); err != nil || amount != -5 {
		t.Errorf("Parse = %v, %v", amount, err)
	}
}
