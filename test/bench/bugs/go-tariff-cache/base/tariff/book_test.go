package tariff

import (
	"errors"
	"testing"
)

func book() *Book {
	b := NewBook(map[string]string{"France": "EU", "Italy": "EU", "Chile": "World"})
	b.Set("EU", Price{2000, 1400}, Price{500, 700})
	b.Set("Italy", Price{1000, 900})
	return b
}

func costs(t *testing.T, b *Book, country string, grams, want int) {
	t.Helper()
	got, err := b.Cost(country, grams)
	if err != nil || got != want {
		t.Errorf("Cost(%s, %d) = %d, %v, want %d", country, grams, got, err, want)
	}
}

func TestCost(t *testing.T) {
	costs(t, book(), "France", 500, 700)
	costs(t, book(), "france ", 501, 1400)
	costs(t, book(), "Italy", 400, 900)
}

func TestNoTariff(t *testing.T) {
	if _, err := book().Cost("Chile", 10); !errors.Is(err, ErrNoTariff) {
		t.Errorf("Cost(Chile) = %v, want ErrNoTariff", err)
	}
	if _, err := book().Cost("Italy", 1500); !errors.Is(err, ErrNoTariff) {
		t.Errorf("Cost(Italy, 1500) = %v, want ErrNoTariff", err)
	}
}

func TestNewPricesOfACountry(t *testing.T) {
	b := book()
	costs(t, b, "Italy", 400, 900)
	b.Set("Italy", Price{1000, 950})
	costs(t, b, "Italy", 400, 950)
}

func TestNewPricesOfARegion(t *testing.T) {
	b := book()
	costs(t, b, "France", 100, 700)
	b.Set("EU", Price{500, 750})
	costs(t, b, "France", 100, 750)
}

func TestRemove(t *testing.T) {
	b := book()
	costs(t, b, "Italy", 400, 900)
	b.Remove("Italy")
	costs(t, b, "Italy", 400, 700)
}
