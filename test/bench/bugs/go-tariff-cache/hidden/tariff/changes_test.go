package tariff

import (
	"errors"
	"testing"
)

func TestRegionChangesReachEveryCountry(t *testing.T) {
	b := NewBook(map[string]string{"France": "EU", "Spain": "EU", "Italy": "EU", "Chile": "World"})
	b.Set("EU", Price{500, 700})
	b.Set("Italy", Price{500, 600})
	for _, cents := range []int{710, 720} {
		b.Set(" eu", Price{500, cents}, Price{100, cents - 100})
		costs(t, b, "France", 300, cents)
		costs(t, b, "Spain", 100, cents-100)
		costs(t, b, "Italy", 100, 600)
		costs(t, b, "eu", 300, cents)
	}
	if got := b.Heaviest("Spain"); got != 500 {
		t.Errorf("Heaviest = %d, want 500", got)
	}
}

func TestFirstPricesAfterNone(t *testing.T) {
	b := NewBook(map[string]string{"Chile": "World"})
	if _, err := b.Cost("Chile", 1); !errors.Is(err, ErrNoTariff) {
		t.Fatal(err)
	}
	if b.Heaviest("Chile") != 0 {
		t.Fatal("nothing can be sent yet")
	}
	b.Set("World", Price{200, 300})
	costs(t, b, "Chile", 200, 300)
	b.Set("Chile", Price{200, 250})
	costs(t, b, "Chile", 200, 250)
	b.Remove("Chile")
	costs(t, b, "Chile", 200, 300)
	b.Remove("World")
	if _, err := b.Cost("Chile", 1); !errors.Is(err, ErrNoTariff) {
		t.Fatal(err)
	}
}

func TestSetKeepsACopy(t *testing.T) {
	prices := []Price{{500, 2}, {100, 1}}
	b := NewBook(nil)
	b.Set("x", prices...)
	prices[0].Cents = 99
	costs(t, b, "x", 500, 2)
}
