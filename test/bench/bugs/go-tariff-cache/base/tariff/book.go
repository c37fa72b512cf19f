// Package tariff knows what a parcel costs.
package tariff

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// ErrNoTariff is returned where nobody has set a price.
var ErrNoTariff = errors.New("no tariff")

// Price is what a parcel of up to Grams costs, in cents.
type Price struct {
	Grams, Cents int
}

// Book holds the prices of every country. A country without prices of its own
// uses those of its region.
type Book struct {
	region map[string]string
	prices map[string][]Price
	// The prices that hold for a country once its region was looked at too.
	found map[string][]Price
}

// NewBook makes a book; regions leads from countries to regions.
func NewBook(regions map[string]string) *Book {
	book := &Book{region: map[string]string{}, prices: map[string][]Price{}, found: map[string][]Price{}}
	for country, region := range regions {
		book.region[key(country)] = key(region)
	}
	return book
}

// Set replaces the prices of a country or a region.
func (b *Book) Set(place string, prices ...Price) {
	sorted := append([]Price(nil), prices...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Grams < sorted[j].Grams })
	b.prices[key(place)] = sorted
	delete(b.found, key(place))
}

// Remove takes the prices of a country or a region out.
func (b *Book) Remove(place string) {
	delete(b.prices, key(place))
	b.found = map[string][]Price{}
}

// Cost returns the price of a parcel in cents, or ErrNoTariff.
func (b *Book) Cost(country string, grams int) (int, error) {
	for _, price := range b.lookup(key(country)) {
		if grams <= price.Grams {
			return price.Cents, nil
		}
	}
	return 0, fmt.Errorf("%s, %d g: %w", country, grams, ErrNoTariff)
}

// Heaviest returns the weight of the heaviest parcel that can be sent, 0 for none.
func (b *Book) Heaviest(country string) int {
	prices := b.lookup(key(country))
	if len(prices) == 0 {
		return 0
	}
	return prices[len(prices)-1].Grams
}

func (b *Book) lookup(country string) []Price {
	if prices, ok := b.found[country]; ok {
		return prices
	}
	prices, ok := b.prices[country]
	if !ok {
		prices = b.prices[b.region[country]]
	}
	b.found[country] = prices
	return prices
}

func key(place string) string {
	return strings.ToLower(strings.TrimSpace(place))
}
